package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage Promote of the Jenkinsfile: it is the person who presses the button that needs the permission. */
@Tag("jenkins")
class ApprovalOnJenkinsTest {
    private static final String RUN = "20260102T030405Z-abcdef";

    @TempDir
    private Path folder;

    @Test
    void whoeverMayNotPromoteIsRefusedAlsoWhereAnInputLetsThemSayYes() throws Exception {
        Matcher stage = Pattern.compile("(?s)stage\\('Promote'\\) \\{.*?\n        }\n")
                .matcher(Files.readString(Path.of("../pipelines/jenkins/Jenkinsfile")));
        assertThat(stage.find()).isTrue();
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare()
                .pipelines()
                .plugins("workflow-aggregator", "pipeline-input-step")
                .user("bob", "Job/Read", "Job/Build")
                .user("polly", "Job/Read", "Job/Build", "Kernel Farm/Promote")
                .darkTheme())) {
            RunLayout run = SampleJenkins.run(folder, RUN, "6.1.192-farm1", 1, SampleRun.allPass());
            assertThat(SampleJenkins.publish(jenkins, run)).endsWith("published");
            jenkins.pipeline(
                    "promote",
                    "pipeline { agent none\nenvironment { RUN = '" + RUN + "' }\nstages { " + stage.group() + " } }");

            RealJenkins.BuildOf refused = pressed(jenkins, "bob").expect("FAILURE");
            assertThat(refused.console())
                    .contains("Approved by bob")
                    .contains(
                            "The promotion was approved by bob, who does not have the permission Kernel Farm/Promote.")
                    .doesNotContain("\tat ");
            assertThat(SampleJenkins.channel(jenkins, "stable")).isEmpty();
            assertThat(jenkins.home().resolve("kernel-farm/repository/promotions.jsonl"))
                    .doesNotExist();

            assertThat(pressed(jenkins, "polly").expect("SUCCESS").console()).contains("polly decided at");
            assertThat(SampleJenkins.channel(jenkins, "stable")).containsExactly(RUN);
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static RealJenkins.BuildOf pressed(RealJenkins jenkins, String who) throws Exception {
        int build = jenkins.begin("promote", Map.of());
        jenkins.awaitConsole("promote", build, "Promote this kernel to stable?");
        try (Browser browser = jenkins.browser(who)) {
            browser.open(jenkins.url() + "job/promote/" + build + "/input/");
            browser.all("button").stream()
                    .filter(button -> button.getText().equals("Promote"))
                    .findFirst()
                    .orElseThrow()
                    .click();
            // A browser that is closed too early sends nothing.
            browser.awaitTrue("!location.pathname.endsWith('/input/')");
        }
        return jenkins.await("promote", build);
    }
}
