package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import io.kernelfarm.pipelines.cli.Farm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bisection over builds that boots them for real, is killed, and is gone on with. The good kernel is the project's own, the
 * bad one the same that {@link RealBootTest} breaks.
 */
@Tag("real")
@Timeout(1800)
class RealBisectTest {

    private static final CacheLayout CACHE = CacheLayout.standard();

    @TempDir
    private Path folder;

    @Test
    void theFirstKernelWithoutDom0IsFoundAmongBuildsThoughOneIsDamagedAndTheFarmIsKilled()
            throws IOException, InterruptedException {
        RunLayout good = built(Map.of(), "-farm1");
        RunLayout broken =
                built(Map.of("XEN_DOM0", "n", "XEN_ACPI_PROCESSOR", "n", "XEN_PVHVM_GUEST", "n"), "-broken1");
        String damaged = copy(good, "damaged");
        Files.delete(places().out().run(damaged).build().image()); // A link to the cache: it must not be written into.
        Files.writeString(places().out().run(damaged).build().image(), "not that image");
        String third = copy(good, "third");
        List<String> builds = List.of(good.id(), damaged, third, broken.id());
        String[] words = {
            "bisect",
            "--cell",
            "dom0-pv/xen-4.17",
            "--good",
            good.id(),
            "--bad",
            broken.id(),
            "--builds",
            String.join(",", builds),
            "--cache",
            CACHE.root().toString()
        };

        FarmProcess killed = FarmProcess.start(folder, Map.of(), Farm.class, words);
        while (steps().size() < 2) {
            assertThat(killed.handle().isAlive()).isTrue();
            Thread.sleep(100);
        }
        List<String> before = steps();
        killed.handle().destroyForcibly();
        assertThat(killed.endsWithin(10)).isTrue();
        BisectLayout layout = places().out().findBisect("latest");
        assertThat(Json.read(layout.record(), BisectRecord.class).outcome()).isNull();

        FarmProcess.Result resumed = FarmProcess.run(
                folder, Map.of(), "bisect", "--resume", "--cache", CACHE.root().toString());

        assertThat(resumed.out())
                .contains("the first bad one is run " + broken.id())
                .contains("verified: bad again, and its parent good again")
                .doesNotContain("test 1,", "test 2,");
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(steps()).startsWith(before.toArray(String[]::new));
        BisectRecord record = Json.read(layout.record(), BisectRecord.class);
        assertThat(record.outcome()).isEqualTo(Outcome.Kind.FOUND);
        assertThat(record.steps())
                .extracting(
                        step -> Path.of(step.id()).getFileName().toString(), Step::purpose, Step::answer, Step::verdict)
                .containsExactly(
                        tuple(good.id(), Purpose.GOOD_END, Answer.GOOD, Verdict.PASS),
                        tuple(broken.id(), Purpose.BAD_END, Answer.BAD, Verdict.FAIL),
                        tuple(damaged, Purpose.SEARCH, Answer.SKIP, Verdict.ERROR),
                        tuple(third, Purpose.SEARCH, Answer.GOOD, Verdict.PASS),
                        tuple(broken.id(), Purpose.VERIFY_BAD, Answer.BAD, Verdict.FAIL),
                        tuple(third, Purpose.VERIFY_GOOD, Answer.GOOD, Verdict.PASS));
        assertThat(record.firstBad().what().title()).endsWith("-broken1");
        assertThat(record.firstBad().evidence().evidence()).isNotEmpty();
        assertThat(good.build().modules(Build.read(good.build()).release()).resolve("modules.dep"))
                .as("nothing is written into a run")
                .doesNotExist();
    }

    private RunLayout built(Map<String, String> options, String localversion) {
        Spec spec = SpecReader.read(Project.file("kernel.yaml"));
        Spec other = new Spec(
                spec.source(),
                spec.arch(),
                localversion,
                spec.profile(),
                new TreeMap<>(options),
                spec.compile(),
                spec.packages(),
                spec.boot(),
                spec.channel(),
                spec.promote(),
                spec.keep(),
                spec.repository());
        return places().out().run(FarmRun.build(other, places(), event -> {}).id());
    }

    private String copy(RunLayout run, String name) throws IOException {
        RunLayout copy = places().out().run(name);
        Command.of("cp", "--archive", run.root().toString(), copy.root().toString())
                .output();
        return name;
    }

    /** The lines of finished tests in the journal of the only bisection. */
    private List<String> steps() throws IOException {
        Path bisects = folder.resolve("out/bisects");
        if (!Files.isDirectory(bisects)) {
            return List.of();
        }
        try (var folders = Files.list(bisects)) {
            Path journal = folders.filter(Files::isDirectory)
                    .findFirst()
                    .map(one -> one.resolve("steps.jsonl"))
                    .orElse(Path.of("none"));
            if (!Files.exists(journal)) {
                return List.of();
            }
            String whole = Files.readString(journal);
            return whole.substring(0, whole.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(1)
                    .toList();
        }
    }

    private FarmRun.Places places() {
        return new FarmRun.Places(new OutLayout(folder.resolve("out")), CACHE, TestKeyFile.place());
    }
}
