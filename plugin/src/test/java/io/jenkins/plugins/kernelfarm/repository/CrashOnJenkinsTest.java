package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The controller is killed while it publishes. */
@Tag("jenkins")
class CrashOnJenkinsTest {
    private static final String BEFORE = "20260101T030405Z-abcdef";
    private static final String RUN = "20260102T030405Z-abcdef";

    @TempDir
    private Path folder;

    /** The farm program may outlive the controller, as where nobody else ends it, or not, as where a service's processes all are. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRepositoryIsWholeAndTheRunIsPublishedByTheNextBuild(boolean withProgram) throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare()
                .pipelines()
                .plugins("workflow-aggregator")
                .user("dora"))) {
            RunLayout before = SampleJenkins.run(folder, BEFORE, "6.1.191-farm1", 1, SampleRun.allPass());
            assertThat(SampleJenkins.publish(jenkins, before)).endsWith("published");
            RunLayout run = SampleJenkins.run(folder, RUN, "6.1.192-farm1", 2, SampleRun.allPass());
            SampleJenkins.open(jenkins);
            jenkins.pipeline(
                    "kernels",
                    "node { sh 'rm -rf out; mkdir -p out/runs; cp -a " + run.root() + " out/runs/'\n"
                            + "kernelFarm runs: 'out/runs/2*', publish: true }");
            Path farm = jenkins.home().resolve("kernel-farm");
            int build = jenkins.begin("kernels", Map.of());
            ProcessHandle program = awaitProgram(jenkins);
            Path states = farm.resolve("repository/apt/states/testing");
            while (withProgram && program.isAlive() && !isBegun(states)) {
                Thread.onSpinWait();
            }
            if (withProgram) {
                program.destroyForcibly();
            }
            jenkins.crash();

            String console = jenkins.await("kernels", build).expect("FAILURE").console();
            assertThat(console).contains("cannot be resumed after a controller restart");
            whole(jenkins, "whole");
            assertThat(SampleJenkins.channel(jenkins, "testing")).contains(BEFORE);
            // Nothing of what was under way is left, the key least of all.
            try (Stream<Path> files = Files.walk(jenkins.home())) {
                assertThat(files.filter(file -> file.toString().matches(".*/kernel-farm/work/.*\\.(asc|deb|rpm)")))
                        .isEmpty();
            }

            assertThat(jenkins.build("kernels").expect("SUCCESS").console()).contains("run " + RUN);
            assertThat(SampleJenkins.channel(jenkins, "testing")).containsExactly(RUN, BEFORE);
            AptClient apt = whole(jenkins, "again");
            apt.must("install", "linux-image-6.1.192-farm1");
            assertThat(apt.root().resolve("boot/vmlinuz-6.1.192-farm1"))
                    .hasSameBinaryContentAs(run.build().image());
            try (Stream<Path> packages = Files.walk(farm.resolve("runs"))) {
                assertThat(packages.filter(file -> file.toString().matches(".*\\.(deb|rpm)")))
                        .isEmpty();
            }
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static ProcessHandle awaitProgram(RealJenkins jenkins) {
        while (true) {
            Optional<ProcessHandle> program = ProcessHandle.of(jenkins.pid())
                    .orElseThrow()
                    .children()
                    .filter(child -> Stream.of(child.info().arguments().orElse(new String[0]))
                            .anyMatch("publish"::equals))
                    .findFirst();
            if (program.isPresent()) {
                return program.get();
            }
            Thread.onSpinWait();
        }
    }

    private static boolean isBegun(Path states) throws IOException {
        try (Stream<Path> all = Files.list(states)) {
            return all.anyMatch(state -> state.getFileName().toString().startsWith(".new-"));
        }
    }

    /** What apt and dnf say of it: signatures, digests, and the kernel that was there before. */
    private AptClient whole(RealJenkins jenkins, String name) throws IOException, InterruptedException {
        Path clients = folder.resolve(name);
        AptClient apt = new AptClient(
                clients.resolve("apt"), SampleJenkins.fetched(jenkins, clients, "kernel-farm-testing.sources"));
        apt.must("update");
        apt.must("install", "linux-image-6.1.191-farm1");
        DnfClient dnf = new DnfClient(
                clients.resolve("dnf"), SampleJenkins.fetched(jenkins, clients, "kernel-farm-testing.repo"));
        dnf.must("install", "kernel-core");
        return apt;
    }
}
