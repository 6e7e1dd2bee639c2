package io.jenkins.plugins.kernelfarm.real;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program that the plugin brings, with a real kernel and real machines. */
@Tag("jenkins")
@Tag("real")
class RealFarmOnJenkinsTest {

    @AutoClose
    private static RealJenkins jenkins;

    @BeforeAll
    static void start() throws Exception {
        jenkins = RealJenkins.prepare().pipelines().start();
        jenkins.agent("one", "builder", 1);
    }

    @Test
    void aKernelIsBuiltAndBootedWhileJenkinsRestarts() throws Exception {
        job("whole", "metal, pv");

        int number = jenkins.begin("whole", Map.of());
        awaitProcess("whole", "qemu-system");
        jenkins.crash();

        assertThat(jenkins.await("whole", number).expect("SUCCESS").console())
                .containsOnlyOnce("[Pipeline] farm")
                .contains("PASS")
                .doesNotContain("Sending interrupt signal");
        assertThat(processesOf("whole")).isEmpty();
    }

    @Test
    void anAbortEndsTheMachinesWithinTwentySeconds() throws Exception {
        job("stopped", "metal, dom0-pv, pv, pvh");

        int number = jenkins.begin("stopped", Map.of());
        awaitProcess("stopped", "qemu-system");
        jenkins.admin().post("job/stopped/" + number + "/stop", Map.of()).expect(200, 302);

        assertThat(jenkins.await("stopped", number).expect("ABORTED").console())
                .contains("Sending interrupt signal to process")
                .doesNotContain("After 20s process did not stop");
        assertThat(processesOf("stopped")).isEmpty();
    }

    private static void job(String name, String modes) throws IOException, InterruptedException {
        jenkins.pipeline(name, """
                node('builder') {
                    writeFile file: 'kernel.yaml', text: '''
                source: {debian: linux-source-6.1}
                localversion: -farm1
                profile: quick
                boot: {modes: [%s], hypervisor: xen-4.17, machine: qemu}
                channel: testing
                '''
                    withEnv(["XDG_CONFIG_HOME=${pwd()}/config"]) { farm 'run' }
                }
                """.formatted(modes));
    }

    private static void awaitProcess(String job, String program) throws IOException, InterruptedException {
        RealJenkins.await(
                program + " of " + job, () -> processesOf(job).stream().anyMatch(command -> command.contains(program)));
    }

    /** Command lines of the living processes that a job has started: all have its name in their environment. */
    private static List<String> processesOf(String job) throws IOException {
        List<String> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (contents(process.resolve("environ")).contains("\0JOB_NAME=" + job + "\0")) {
                    found.add(contents(process.resolve("cmdline")).replace('\0', ' '));
                }
            }
        }
        return found;
    }

    /** What a file in /proc says; nothing if its process is gone. */
    private static String contents(Path file) {
        try {
            return "\0" + Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
