package io.kernelfarm.pipelines.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.SilentProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Programs in containers of the real build image, by a real engine. */
@ExtendWith(Dockerd.Shared.class)
class ContainerBuilderTest {

    private static final ContainerBuilder.Limits PLENTY = new ContainerBuilder.Limits(2_000_000_000L, 2, 500);

    @TempDir
    private Path folder;

    private Dockerd dockerd;
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void engine(Dockerd shared) {
        dockerd = shared;
    }

    @AfterEach
    void noContainerIsLeft() {
        assertThat(dockerd.containers()).isEmpty();
    }

    @Test
    void aProgramIsBuiltThereAndBelongsToWhoBuiltIt() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Path objects = Files.createDirectory(folder.resolve("objects"));
        Files.writeString(source.resolve("hello.c"), "int main(void) { return 0; }\n");
        Files.writeString(
                source.resolve("Makefile"), "$(O)/hello: hello.c\n\t$(CC) -o $@ $<\n\t@echo done; echo trouble >&2\n");

        Command.Result result = builder(PLENTY)
                .run(
                        Task.of("make", "-C", source.toString(), "O=" + objects)
                                .with(Map.of("CC", "gcc"))
                                .reading(source)
                                .writing(objects),
                        lines::add);

        assertThat(result.exit()).isZero();
        assertThat(result.output()).contains("gcc -o " + objects + "/hello hello.c\n", "done\n");
        assertThat(result.errors()).isEqualTo("trouble\n");
        assertThat(lines).contains("done", "trouble");
        assertThat(Command.of(objects.resolve("hello").toString()).run().exit()).isZero();
        assertThat(Files.getAttribute(objects.resolve("hello"), "unix:uid")).isEqualTo(65533);
    }

    @Test
    void itIsShutInAndHasNoRights() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        String questions = """
                id -u; id -G
                ls /sys/class/net
                touch %1$s/file
                touch /file
                grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status
                echo $HOME; ls -A /tmp | wc -l; touch $HOME/file && echo written
                env | sort
                ls %2$s
                """.formatted(source, folder);

        Command.Result result = builder(PLENTY)
                .run(
                        Task.of("sh", "-c", questions)
                                .with(Map.of("CCACHE_DIR", "/nowhere"))
                                .reading(source),
                        lines::add);

        assertThat(result.output().lines())
                .containsSubsequence(
                        "65533", "65533", "lo", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "/tmp", "written")
                .contains("CapEff:\t0000000000000000", "CCACHE_DIR=/nowhere", "LC_ALL=C.UTF-8")
                .noneMatch(line -> line.startsWith("DOCKER_HOST") || line.startsWith("JAVA_HOME"))
                .endsWith("source");
        assertThat(result.errors())
                .contains(
                        "cannot touch '" + source + "/file': Read-only file system",
                        "cannot touch '/file': Read-only file system");
    }

    @Test
    void theToolchainIsKnownWithoutTheEngineOnceItWasRead() throws IOException {
        Toolchain read = builder(PLENTY).toolchain(Target.X86_64);
        assertThat(read.compiler()).startsWith("gcc (Debian 12.");
        assertThat(read.linker()).startsWith("GNU ld (GNU Binutils for Debian) ");

        Builder later = new ContainerBuilder(
                new EngineSocket(folder.resolve("none.sock")), Target.X86_64, "later", cache(), new SilentProgress());

        assertThat(later.toolchain(Target.X86_64)).isEqualTo(read);
    }

    @Test
    void whoRunsOutOfTheContainersMemoryIsToldSo() throws IOException {
        String program =
                "cd /tmp; perl -e 'print \"char*a[]={\"; print \"\\\"a$_\\\",\" for 1..600000; print \"};\\n\"' > a.c;"
                        + " printf 'all:\\n\\tgcc -c a.c\\n' > Makefile; make";

        FarmException failed = failure(new ContainerBuilder.Limits(150_000_000L, 1, 100), Task.of("sh", "-c", program));

        assertThat(failed.getMessage())
                .startsWith("the build ran out of memory: its container may take 150.0 MB")
                .contains("; end other programs");
        assertThat(lines).anyMatch(line -> line.contains("Killed signal terminated program cc1"));
    }

    @Test
    void whatTakesLongerThanItMayIsEndedHereAndThere() throws IOException {
        Task task = Task.of("sh", "-c", "echo begun; sleep 700 & sleep 700").within(Optional.of(Duration.ofSeconds(2)));
        for (Builder builder : List.of(builder(PLENTY), new HostBuilder())) {
            lines.clear();
            FarmException failed = catchThrowableOfType(FarmException.class, () -> builder.run(task, lines::add));

            assertThat(failed.blame()).isEqualTo(FarmException.Blame.FARM);
            assertThat(failed.getMessage())
                    .startsWith("the build took longer than the 2 s that 'compile.timeout' gives it, and was ended");
            assertThat(lines).containsExactly("begun");
        }
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().commandLine().orElse("").contains("sleep 700"));
    }

    @Test
    void whoeverKillsStopsOrRemovesItFromOutsideIsNotTheKernelsFault() throws IOException {
        for (List<String> ending : List.of(List.of("kill"), List.of("stop"), List.of("rm", "--force"))) {
            FarmException failed = failureWhile(() -> {
                List<String> words = new ArrayList<>(ending);
                words.add(dockerd.awaitRunning());
                dockerd.docker(words.toArray(String[]::new));
            });

            assertThat(failed.getMessage())
                    .startsWith("the build's container was ended from outside")
                    .endsWith("; start the run again");
        }
    }

    @Test
    void whatFailsByItselfIsAResult() throws IOException {
        Command.Result result = builder(PLENTY).run(Task.of("sh", "-c", "echo no; exit 7"), lines::add);

        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.lastWords()).isEqualTo("no");
    }

    @Test
    void aProgramThatTheImageDoesNotHaveIsNamed() {
        assertThat(failure(PLENTY, Task.of("no-such-program")).getMessage())
                .startsWith("the container engine at " + dockerd.socket())
                .contains("no-such-program")
                .contains("--builder host");
    }

    @Test
    void aFullDiskIsWhatTheProgramSays() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        dockerd.beside("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try {
            Command.Result result = builder(PLENTY)
                    .run(
                            Task.of("dd", "if=/dev/zero", "of=" + small.resolve("file"), "bs=64k", "count=100")
                                    .writing(small),
                            lines::add);

            assertThat(result.exit()).isNotZero();
            assertThat(result.errors()).contains("No space left on device");
        } finally {
            dockerd.beside("umount", small.toString());
        }
    }

    @Test
    void anEngineThatStopsInTheMiddleIsNamedAndWhatItKeptIsRemovedLater(Dockerd shared) throws Exception {
        try (Dockerd own = Dockerd.start()) {
            dockerd = own;

            FarmException failed = failureWhile(own::crash);

            assertThat(failed.getMessage())
                    .startsWith("the container engine at " + own.socket() + " stopped, or does not answer")
                    .contains("start it again");
            own.begin();
            assertThat(own.containers()).hasSize(1);
            assertThat(builder(PLENTY).run(Task.of("true"), lines::add).exit()).isZero();
            assertThat(own.containers()).isEmpty();
        } finally {
            dockerd = shared;
        }
    }

    @Test
    void withoutAnEngineEachPlaceIsNamedWithTheReason() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(catchThrowableOfType(
                                FarmException.class, () -> EngineSocket.find(Map.of("DOCKER_HOST", "unix://" + file)))
                        .getMessage())
                .isEqualTo("no container engine answers on this machine (" + file
                        + " does not answer: Connection refused); start Docker or podman's socket, or name another with"
                        + " DOCKER_HOST=unix:///PATH");
        assertThat(catchThrowableOfType(
                                FarmException.class,
                                () -> EngineSocket.find(Map.of("DOCKER_HOST", "tcp://127.0.0.1:2375")))
                        .getMessage())
                .contains("may be on another machine");
        assertThat(EngineSocket.find(dockerd.environment())).isEqualTo(dockerd.socket());
    }

    /** Runs what does not end by itself, and {@code meanwhile} when it has begun. */
    private FarmException failureWhile(Runnable meanwhile) throws IOException {
        ContainerBuilder builder = builder(PLENTY);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> done = begun.thenRunAsync(meanwhile);
        FarmException failed = catchThrowableOfType(
                FarmException.class,
                () -> builder.run(
                        Task.of(
                                "sh",
                                "-c",
                                "cd /tmp; printf 'all:\\n\\t@echo begun; sleep 100\\n' > Makefile; exec make"),
                        line -> begun.complete(null)));
        assertThat(begun).as("whether it has begun: " + failed).isCompleted();
        done.join();
        return failed;
    }

    private FarmException failure(ContainerBuilder.Limits limits, Task task) {
        FarmException failed =
                catchThrowableOfType(FarmException.class, () -> builder(limits).run(task, lines::add));
        assertThat(failed.blame()).isEqualTo(FarmException.Blame.FARM);
        return failed;
    }

    private ContainerBuilder builder(ContainerBuilder.Limits limits) throws IOException {
        return new ContainerBuilder(
                dockerd.socket(), Target.X86_64, "a-run", cache(), Optional.of(limits), new SilentProgress());
    }

    /** The user's own: making the image's root file system takes a minute or two. */
    private static CacheLayout cache() {
        return CacheLayout.standard();
    }
}
