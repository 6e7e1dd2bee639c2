package io.kernelfarm.pipelines.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.FarmProcess;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.SilentProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Farms in processes of their own that share an engine, and come to their end in all ways. */
@ExtendWith(Dockerd.Shared.class)
class ContainersOfFarmsTest {

    @TempDir
    private Path folder;

    /** A farm that has a container run what it is told; what it notes is its output. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] words) throws IOException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> ChildProcesses.stopAll(Duration.ofSeconds(1))));
            Builder builder = new ContainerBuilder(
                    EngineSocket.find(System.getenv()),
                    Target.X86_64,
                    words[0],
                    CacheLayout.standard(),
                    new Progress() {
                        @Override
                        public void note(String sentence) {
                            System.out.println(sentence);
                        }

                        @Override
                        public void at(double fraction, String detail) {}
                    });
            builder.run(Task.of("sh", "-c", words[1]), System.out::println);
        }
    }

    @Test
    void whatAKilledFarmLeavesIsRemovedByALaterOneAndNothingElseIs(Dockerd dockerd)
            throws IOException, InterruptedException {
        FarmProcess dying = worker(dockerd, "dying", "sleep 1000");
        FarmProcess living = worker(dockerd, "living", "sleep 1000");
        await(dockerd, dying, "dying");
        await(dockerd, living, "living");

        dying.handle().destroyForcibly();
        assertThat(dying.endsWithin(10)).isTrue();
        assertThat(runs(dockerd)).containsExactlyInAnyOrder("dying", "living");
        run(dockerd);

        assertThat(runs(dockerd)).containsExactly("living");
        living.handle().destroy();
        assertThat(living.endsWithin(20)).isTrue();
        assertThat(runs(dockerd)).isEmpty();
        assertThat(living.result().err()).doesNotContain("FarmException");
    }

    @Test
    void oneOfTwoFarmsMakesTheImageAndBothUseIt() throws IOException, InterruptedException {
        try (Dockerd dockerd = Dockerd.start()) {
            List<FarmProcess> farms =
                    List.of(worker(dockerd, "one", "echo compiled"), worker(dockerd, "two", "echo compiled"));

            List<String> said = new ArrayList<>();
            for (FarmProcess farm : farms) {
                FarmProcess.Result result = farm.result();
                assertThat(result.exit()).as(result.err()).isZero();
                result.out().lines().forEach(said::add);
            }

            assertThat(said).filteredOn("compiled"::equals).hasSize(2);
            assertThat(said)
                    .filteredOn(line -> line.startsWith("making kernel-farm-build-x86_64:"))
                    .hasSize(1);
            assertThat(dockerd.containers()).isEmpty();
        }
    }

    private FarmProcess worker(Dockerd dockerd, String run, String script) throws IOException {
        return FarmProcess.start(
                Files.createDirectory(folder.resolve(run)),
                new HashMap<>(dockerd.environment()),
                Worker.class,
                run,
                script);
    }

    /** What a later start of a farm does. */
    private static void run(Dockerd dockerd) throws IOException {
        new ContainerBuilder(dockerd.socket(), Target.X86_64, "later", CacheLayout.standard(), new SilentProgress())
                .run(Task.of("true"), line -> {});
    }

    private static void await(Dockerd dockerd, FarmProcess farm, String run) throws InterruptedException {
        while (!runs(dockerd).contains(run)) {
            assertThat(farm.handle().isAlive()).isTrue();
            Thread.sleep(100);
        }
    }

    /** The runs that containers are labelled with. */
    private static List<String> runs(Dockerd dockerd) {
        return Stream.of(dockerd.docker("ps", "--all", "--format", "{{.Label \"io.kernelfarm.run\"}}")
                        .output()
                        .split("\n"))
                .filter(run -> !run.isEmpty())
                .toList();
    }
}
