package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The plugin is installed, and Jenkins says nothing against it. */
@Tag("jenkins")
class StartOnJenkinsTest {

    @Test
    void aJenkinsWithNothingElseLoadsIt() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare().start()) {
            assertThat(jenkins.script(
                            "print jenkins.model.Jenkins.get().pluginManager.getPlugin('kernel-farm')?.active"))
                    .isEqualTo("true");
            assertThat(jenkins.script("print jenkins.model.Jenkins.get().pluginManager.failedPlugins*.name"))
                    .isEqualTo("[]");
            assertThat(jenkins.complaints()).isEmpty();
            jenkins.anonymous().get("api/json").expect(403);
            jenkins.admin().postWithoutCrumb("createItem?name=x", Map.of()).expect(403);
        }
    }

    @Test
    void aFreestyleJobRunsAShellOnAnAgentAndOutlivesARestart() throws Exception {
        try (RealJenkins jenkins =
                RealJenkins.prepare().user("rita", "Job/Read").darkTheme().start()) {
            jenkins.agent("one", "boot-one", 1);
            jenkins.freestyle(
                    "hello",
                    "<hudson.tasks.Shell><command>echo hello from $NODE_NAME</command></hudson.tasks.Shell>",
                    "");

            jenkins.build("hello").expect("SUCCESS");
            jenkins.restart();

            assertThat(jenkins.build("hello").expect("SUCCESS").console()).contains("hello from");
            jenkins.as("rita").get("job/hello/api/json").expect(200);
            jenkins.as("rita").post("job/hello/build", Map.of()).expect(403);
            jenkins.as("rita").withToken().get("job/hello/2/api/json").expect(200);
            try (var browser = jenkins.browser("rita")) {
                jenkins.screenshots(browser, "job/hello/", "job");
            }
            assertThat(jenkins.complaints()).isEmpty();
        }
    }
}
