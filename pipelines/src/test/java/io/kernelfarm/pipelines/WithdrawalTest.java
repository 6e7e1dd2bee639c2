package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.pipelines.cli.Farm;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs have published goes, and what is promoted stays. */
class WithdrawalTest {
    private static final String ONE = "20260102T030405Z-abcdef";
    private static final String TWO = "20260102T030406Z-abcdef";
    private static final String THREE = "20260102T030407Z-abcdef";
    private static final String RELEASE = "6.1.192-farm1";
    private static final String NEXT = "6.1.193-farm1";

    private static final Progress SILENT = new SilentProgress();

    @TempDir
    private Path folder;

    private FarmRun.Places places;

    @BeforeEach
    void lay() {
        places = SampleRun.places(folder);
    }

    private List<Withdrawal.Outcome> withdraw(RunLayout... runs) {
        return Withdrawal.of(List.of(runs), Terms.OF_SPEC, places, SILENT);
    }

    private Promoter promoter(RunLayout run) {
        return new Promoter(run, "stable", "ada", Terms.OF_SPEC, places, SILENT);
    }

    private Set<String> in(String channel) throws IOException {
        return Set.copyOf(ReportStage.channels(places.out()).getOrDefault(channel, Set.of()));
    }

    private static List<String> debs(Publication publication) {
        return publication.packages().stream()
                .filter(Publication.Item::isDeb)
                .map(Publication.Item::sha256)
                .toList();
    }

    /** How often {@code channel} changed. */
    private long states(String channel) throws IOException {
        try (Stream<Path> all =
                Files.list(places.out().aptRepository().resolve("states").resolve(channel))) {
            return all.count();
        }
    }

    @Test
    void severalRunsLeaveInOneChangeAndOnceIsEnough() throws IOException {
        RunLayout one = SampleRun.published(places, ONE, RELEASE, 1, "");
        RunLayout two = SampleRun.published(places, TWO, NEXT, 2, "");
        RunLayout three = SampleRun.published(places, THREE, "6.1.194-farm1", 3, "");
        List<String> last = debs(Publication.read(three));
        long before = states("testing");

        assertThat(withdraw(one, two, one))
                .containsExactly(
                        new Withdrawal.Outcome(ONE, "testing", Set.of()),
                        new Withdrawal.Outcome(TWO, "testing", Set.of()));

        assertThat(in("testing")).containsExactlyInAnyOrderElementsOf(last);
        assertThat(states("testing")).isEqualTo(before + 1);
        assertThat(places.out().provenance(ONE).root()).doesNotExist();
        assertThat(places.out().provenance(THREE).root()).exists();
        assertThat(ChannelContents.read(places.out()).get("testing"))
                .extracting(ChannelContents.Kernel::run)
                .containsExactly(THREE);
        assertThat(withdraw(one)).containsExactly(new Withdrawal.Outcome(ONE, "", Set.of()));
        assertThat(states("testing")).isEqualTo(before + 1);
        // It can come back.
        FarmRun.publish(one, places, event -> {});
        assertThat(in("testing")).containsAll(debs(Publication.read(one)));
    }

    @Test
    void aPromotedRunStaysUntilThatIsUndone() throws IOException {
        RunLayout run = SampleRun.published(places, ONE, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        promoter(run).promote();
        List<String> debs = debs(Publication.read(run));

        assertThat(withdraw(run)).containsExactly(new Withdrawal.Outcome(ONE, "", Set.of("stable")));
        assertThat(in("testing")).containsAll(debs);
        assertThat(in("stable")).containsAll(debs);

        promoter(run).undo();
        assertThat(withdraw(run)).containsExactly(new Withdrawal.Outcome(ONE, "testing", Set.of()));
        assertThat(in("testing")).isEmpty();
        assertThat(in("stable")).isEmpty();
    }

    @Test
    void whatAnotherRunHasAsWellStays() throws IOException {
        RunLayout run = SampleRun.published(places, ONE, RELEASE, 1, "");
        RunLayout same = SampleRun.published(places, TWO, RELEASE, 1, "");
        List<String> debs = debs(Publication.read(same));

        withdraw(run);
        assertThat(in("testing")).containsExactlyInAnyOrderElementsOf(debs);
        withdraw(same);
        assertThat(in("testing")).isEmpty();
    }

    @Test
    void whatWasEndedBetweenTheRepositoriesIsDoneByTheNext() throws IOException {
        RunLayout run = SampleRun.published(places, ONE, RELEASE, 1, "");
        Publication publication = Publication.read(run);
        Repositories repositories = Repositories.of(
                places.out(),
                places.key().key(SILENT),
                Json.read(run.record(), RunRecord.class).spec());
        repositories.of(true).withdraw(debs(publication), "testing");

        withdraw(run);

        assertThat(repositories.of(false).packages("testing")).isEmpty();
        assertThat(run.publication()).doesNotExist();
    }

    @Test
    void killedAtAnyMomentClientsSeeTheStateBeforeOrAfterAndTheNextEndsIt() throws IOException, InterruptedException {
        RunLayout run = SampleRun.published(places, ONE, RELEASE, 1, "");
        RunLayout other = SampleRun.published(places, TWO, NEXT, 2, "");
        Set<String> before = in("testing");
        FarmProcess farm = FarmProcess.start(
                folder,
                Map.of(KeyPlace.VARIABLE, TestKeyFile.file().toString()),
                Farm.class,
                "withdraw",
                ONE,
                "--cache",
                "cache");
        long states = states("testing");
        while (states("testing") == states && farm.handle().isAlive()) {
            Thread.onSpinWait();
        }
        farm.handle().destroyForcibly();
        assertThat(farm.endsWithin(10)).isTrue();
        List<String> rest = debs(Publication.read(other));
        assertThat(in("testing")).isIn(before, Set.copyOf(rest));

        withdraw(run);

        assertThat(in("testing")).containsExactlyInAnyOrderElementsOf(rest);
        assertThat(run.publication()).doesNotExist();
    }

    @Test
    void theCommandSaysWhatBecameOfEachRun() throws IOException, InterruptedException {
        SampleRun.published(places, ONE, RELEASE, 1, "");
        RunLayout promoted = SampleRun.published(places, TWO, NEXT, 2, "");
        SampleRun.boot(promoted, SampleRun.allPass());
        promoter(promoted).promote();

        FarmProcess.Result done = farm("withdraw", TWO, ONE);
        assertThat(done.err()).isEmpty();
        assertThat(done.exit()).isZero();
        assertThat(done.out())
                .isEqualTo(
                        "run " + ONE + " is no longer in testing\nrun " + TWO + " stays: it is promoted to stable\n");
        assertThat(Files.readString(places.out().dashboard().run(ONE))).doesNotContain(">testing</span>");
        assertThat(farm("withdraw", ONE).out()).isEqualTo("run " + ONE + " has published nothing\n");
        assertThat(farm("withdraw", "--json", ONE).out()).contains("\"run\" : \"" + ONE + "\"");
        FarmProcess.Result none = farm("withdraw", "20990102T030405Z-abcdef");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).startsWith("farm: there is no run '20990102T030405Z-abcdef'");
        assertThat(farm("withdraw").exit()).isEqualTo(2);
    }

    private FarmProcess.Result farm(String... words) throws IOException, InterruptedException {
        String[] all =
                Stream.concat(Stream.of(words), Stream.of("--cache", "cache")).toArray(String[]::new);
        return FarmProcess.run(
                folder, Map.of(KeyPlace.VARIABLE, TestKeyFile.file().toString()), all);
    }

    /** Also where a channel has nothing any more, and where the same kernel is still in another one. */
    @Test
    void aptAndDnfNoLongerFindItAndInstallWhatStays() throws IOException {
        try (FileServer server = FileServer.start(places.out(), "127.0.0.1", 0)) {
            RunLayout gone = served(server, ONE, RELEASE, 1);
            RunLayout stays = served(server, TWO, NEXT, 2);
            SampleRun.boot(stays, SampleRun.allPass());
            promoter(stays).promote();
            AptClient apt = new AptClient(folder.resolve("apt"), fetched(server, "kernel-farm-testing.sources"));
            DnfClient dnf = new DnfClient(folder.resolve("dnf"), fetched(server, "kernel-farm-testing.repo"));
            apt.must("update");
            dnf.must("makecache");

            withdraw(gone, stays);

            apt.must("update");
            assertThat(apt.refused("install", "linux-image-" + RELEASE)).contains("Unable to locate package");
            apt.must("install", "linux-image-" + NEXT);
            dnf.must("clean", "expire-cache");
            dnf.must("install", "kernel-core");
            for (Path root : List.of(apt.root(), dnf.root())) {
                assertThat(root.resolve("boot/vmlinuz-" + NEXT))
                        .hasSameBinaryContentAs(stays.build().image());
                assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).doesNotExist();
            }

            promoter(stays).undo();
            withdraw(stays);
            apt.must("update");
            assertThat(new AptClient(folder.resolve("late"), fetched(server, "kernel-farm-testing.sources"))
                            .must("update"))
                    .contains("testing InRelease");
            assertThat(new DnfClient(folder.resolve("late-dnf"), fetched(server, "kernel-farm-testing.repo"))
                            .refused("install", "kernel-core"))
                    .contains("Unable to find a match");
        }
    }

    private RunLayout served(FileServer server, String id, String release, int seed) throws IOException {
        RunLayout run = SampleRun.built(places, id, release, "1", seed, "repository: {url: '" + server.url() + "'}\n");
        FarmRun.pack(run, places, event -> {});
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        BaseSystem.deb(run.packages(), empty);
        BaseSystem.rpm(run.packages(), empty);
        FarmRun.publish(run, places, event -> {});
        return run;
    }

    private Path fetched(FileServer server, String name) {
        Path file = folder.resolve(name);
        Curl.get(server.url() + "/" + name, "--fail", "--output", file.toString());
        return file;
    }
}
