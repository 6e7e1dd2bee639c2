package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishing, promoting and taking back, on the page and by URL. */
@Tag("jenkins")
class RepositoryOnJenkinsTest {
    private static final String GOOD = "20260102T030405Z-abcdef";
    private static final String BAD = "20260103T030405Z-abcdef";

    @TempDir
    private Path folder;

    @Test
    void aProvedKernelIsPromotedAndTakenOutAgainAndOneThatFailsIsRefused() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare()
                .user("polly", "Kernel Farm/Promote")
                .user("rita")
                .darkTheme())) {
            RunLayout good = SampleJenkins.run(folder, GOOD, "6.1.192-farm1", 1, SampleRun.allPass());
            Map<Mode, Verdict> failed = new HashMap<>(SampleRun.allPass());
            failed.put(Mode.PVH, Verdict.FAIL);
            failed.put(Mode.PV, Verdict.ERROR);
            RunLayout bad = SampleJenkins.run(folder, BAD, "6.1.193-farm1", 2, failed);
            assertThat(SampleJenkins.publish(jenkins, good)).endsWith("published");
            assertThat(SampleJenkins.publish(jenkins, bad)).endsWith("published");
            // The spec says 'channel: stable', and an agent wrote that.
            assertThat(SampleJenkins.channel(jenkins, "testing")).containsExactly(BAD, GOOD);
            assertThat(SampleJenkins.channel(jenkins, "stable")).isEmpty();

            jenkins.as("rita")
                    .post("kernel-farm/promote", Map.of("run", GOOD, "channel", "stable"))
                    .expect(403);
            JenkinsClient polly = jenkins.as("polly");
            JenkinsClient.Reply refused = polly.post("kernel-farm/promote", Map.of("run", BAD, "channel", "stable"))
                    .expect(409);
            assertThat(refused.text()).contains("pvh-xen-4.17", "FAIL", "pv-xen-4.17", "ERROR", "it did not do");
            assertThat(SampleJenkins.channel(jenkins, "stable")).isEmpty();

            try (Browser browser = jenkins.browser("polly")) {
                jenkins.screenshots(browser, "kernel-farm/", "kernel-farm-page");
                browser.open(jenkins.url() + "kernel-farm/");
                browser.find("form[name='promote-stable-" + GOOD + "'] button").click();
                browser.awaitTrue("document.title.startsWith('Decided')");
                assertThat(SampleJenkins.channel(jenkins, "stable")).containsExactly(GOOD);
                jenkins.screenshots(browser, "kernel-farm/", "kernel-farm-promoted");
                browser.open(jenkins.url() + "kernel-farm/");
                browser.find("form[name='promote-stable-" + BAD + "'] button").click();
                browser.awaitTrue("document.title.startsWith('Refused')");
                browser.screenshot(Path.of("target", "screenshots", "kernel-farm-refused.png"));
                assertThat(browser.complaints())
                        .allMatch(one -> one.contains("409 (Conflict)") || one.contains("/login - "));
            }
            JsonNode stable = jenkins.as("rita").json("kernel-farm/api/json?tree=channels[name,kernels[*]]");
            JsonNode kernel = stable.path("channels").path(1).path("kernels").path(0);
            assertThat(kernel.path("promotedBy").asText()).isEqualTo("polly");
            assertThat(kernel.path("release").asText()).isEqualTo("6.1.192-farm1");

            // Another matrix does not take the place of the one that it was promoted on.
            SampleRun.boot(good, failed);
            assertThat(SampleJenkins.publish(jenkins, good)).contains("promoted to stable on another matrix");

            polly.post("kernel-farm/undo", Map.of("run", GOOD, "channel", "stable"))
                    .expect(200);
            assertThat(SampleJenkins.channel(jenkins, "stable")).isEmpty();
            assertThat(polly.post("kernel-farm/undo", Map.of("run", GOOD, "channel", "stable"))
                            .expect(409)
                            .text())
                    .contains("nothing to undo");
            assertThat(polly.post("kernel-farm/promote", Map.of("run", GOOD, "channel", "testing"))
                            .expect(409)
                            .text())
                    .contains("no channel that kernels are promoted to");
            polly.post("kernel-farm/promote", Map.of("run", "../../x", "channel", "stable"))
                    .expect(409);

            assertThat(secretsIn(jenkins.home())).isEmpty();
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    /** Files with a secret key in them, in the clear. */
    private static List<Path> secretsIn(Path home) throws Exception {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/plugins/")
                            && !file.toString().contains("init.groovy.d"))
                    .filter(file ->
                            new String(read(file), StandardCharsets.ISO_8859_1).contains("BEGIN PGP PRIVATE KEY"))
                    .toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
