package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.dashboard.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The build step "Kernel Farm" of a freestyle job, and the forms of both. */
@Tag("jenkins")
class FarmBuilderOnJenkinsTest {

    private static final String BUILDER = "io.jenkins.plugins.kernelfarm.step.FarmBuilder";

    private static final Map<String, String> V = Map.of("V", "x");

    @AutoClose
    private static RealJenkins jenkins;

    @BeforeAll
    static void start() throws Exception {
        jenkins = RealJenkins.prepare()
                .pipelines()
                .plugins("job-dsl")
                .darkTheme()
                .user("rita", "Job/Read")
                .user("carl", "Job/Read", "Job/Configure", "Job/ExtendedRead")
                .start();
        jenkins.agent("one", "builder", 1);
    }

    @Test
    void theProgramComesWithThePlugin() throws Exception {
        freestyle("version", "true", "<verb>$V</verb><args/>");

        assertThat(jenkins.build("version", Map.of("V", "--version"))
                        .expect("SUCCESS")
                        .console())
                .contains("Kernel Farm: putting the farm's program on the agent", "Kernel Farm 0.1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, FAILURE, SUCCESS, after",
        "1, FAILURE, FAILURE, ERROR: The farm ended with 1: the kernel failed",
        "1, UNSTABLE, UNSTABLE, after",
        "2, UNSTABLE, FAILURE, ERROR: The farm ended with 2: the farm does not accept",
        "3, UNSTABLE, NOT_BUILT, ERROR: The farm ended with 3: the farm itself failed",
    })
    void exitCodesBecomeResults(int code, String kernelFailure, String result, String said) throws Exception {
        freestyle(
                "exit",
                "exit " + code,
                "<verb>run</verb><program>./farm</program><kernelFailure>" + kernelFailure + "</kernelFailure>");

        assertThat(jenkins.build("exit", V).expect(result).console()).contains(said);
    }

    @Test
    void aProgramThatIsNotThereIsNoVerdict() throws Exception {
        freestyle("none", "true", "<verb>run</verb><program>./nowhere</program>");

        assertThat(jenkins.build("none", V).expect("NOT_BUILT").console())
                .contains("ERROR: The farm did not run to its end on this agent (");
    }

    @Test
    void anAbortEndsTheProgramBeforeItsSecretsGo() throws Exception {
        FarmStepOnJenkinsTest.credential(jenkins, "text", "bmc", "hunter2-hunter2");
        freestyle("abort", """
                trap 'sleep 2; cat "$KERNEL_FARM_SECRETS"/a.password; echo "and stopped" >> stopped; exit 3' TERM
                echo "in $KERNEL_FARM_SECRETS"
                cat "$KERNEL_FARM_SECRETS"/a.password
                while :; do sleep 0.2; done""", """
                <verb>run</verb><program>./farm</program>
                <secrets><io.jenkins.plugins.kernelfarm.step.FarmSecret>
                  <file>a.password</file><credentialsId>bmc</credentialsId>
                </io.jenkins.plugins.kernelfarm.step.FarmSecret></secrets>""");
        Path workspaces = jenkins.agentFolder("one").resolve("work/workspace");

        int number = jenkins.begin("abort", V);
        jenkins.awaitConsole("abort", number, "****");
        jenkins.admin().post("job/abort/" + number + "/stop", Map.of()).expect(200, 302);

        assertThat(jenkins.await("abort", number).expect("ABORTED").console())
                .contains("in " + workspaces)
                .doesNotContain("hunter2", "No such file");
        assertThat(workspaces.resolve("abort/stopped")).hasContent("and stopped");
        try (Stream<Path> files = Files.walk(workspaces)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("kernel-farm-"));
        }
    }

    @Test
    void formsKeepWhatIsTypedAndAnswerMeanwhile() throws Exception {
        FarmStepOnJenkinsTest.credential(jenkins, "text", "signing", "armour");
        jenkins.job("form", "<project><builders><" + BUILDER + """
                ><verb>boot</verb><args>--matrix "a b.yaml"</args><kernelFailure>UNSTABLE</kernelFailure>
                <signingKey>signing</signingKey><secrets><io.jenkins.plugins.kernelfarm.step.FarmSecret>
                  <file>a.password</file><credentialsId>signing</credentialsId>
                </io.jenkins.plugins.kernelfarm.step.FarmSecret></secrets></""" + BUILDER + "></builders></project>");
        String before = builderIn("form");

        try (Browser browser = jenkins.browser("admin")) {
            browser.open(jenkins.url() + "job/form/configure");
            browser.awaitTrue("document.querySelector('[name=\"_.verb\"]')?.value === 'boot'");
            browser.awaitTrue("document.querySelector('select[name=\"_.signingKey\"]')?.value === 'signing'");
            browser.awaitTrue("document.querySelector('select[name=\"_.credentialsId\"]')?.value === 'signing'");
            browser.awaitTrue("document.querySelector('select[name=\"_.kernelFailure\"]')?.value === 'UNSTABLE'");
            browser.find("[name='_.verb']").sendKeys("s");
            browser.find("[name='_.args']").sendKeys(" --spec ../x");
            browser.find("[name='_.verb']").click();
            browser.awaitTrue("document.body.innerText.includes(\"The farm has no verb 'boots' for a job\")");
            browser.awaitTrue("document.body.innerText.includes(\"--spec names '../x', which is outside\")");
            browser.screenshot(Path.of("target/screenshots/builder-complaints.png"));
        }
        try (Browser browser = jenkins.browser("admin")) {
            browser.size(1280, 2600);
            jenkins.screenshots(browser, "job/form/configure", "builder-form");
            browser.open(jenkins.url() + "job/form/configure");
            browser.awaitTrue("document.querySelector('select[name=\"_.credentialsId\"]')?.value === 'signing'");
            browser.find("[name=Submit]").click();
            browser.awaitTrue("location.pathname.endsWith('/job/form/')");
        }
        assertThat(builderIn("form")).isEqualTo(before);
    }

    @Test
    void theSnippetGeneratorKnowsTheStep() throws Exception {
        jenkins.pipeline("p", "");
        try (Browser browser = jenkins.browser("admin")) {
            browser.size(1280, 1800).open(jenkins.url() + "job/p/pipeline-syntax/");
            browser.awaitTrue(
                    "[...document.querySelectorAll('select.dropdownList option')].some(o => o.text.startsWith('farm:'))");
            // Whoever chooses before the first step's form has come gets both.
            browser.awaitTrue("document.querySelector('[name=\"_.artifacts\"]')?.offsetParent != null");
            new Select(browser.find("select.dropdownList"))
                    .selectByVisibleText("farm: Kernel Farm: build, package and boot a kernel");
            browser.awaitTrue("document.querySelector('[name=\"_.verb\"]')?.value === 'run'");
            browser.awaitTrue("document.querySelector('select[name=\"_.signingKey\"]')?.options.length > 0");
            // Jenkins keeps the form of the step that was chosen first, hidden.
            visible(browser, ".advanced-button").click();
            browser.awaitTrue("[...document.querySelectorAll('[name=\"_.label\"]')].some(e => e.offsetParent != null)");
            visible(browser, "[name='_.label']").sendKeys("the kernel");
            browser.find("#generatePipelineScript").click();
            browser.awaitTrue("document.querySelector('#prototypeText').value.includes('farm')");
            browser.screenshot(Path.of("target/screenshots/snippet.png"));

            assertThat(browser.run("return document.querySelector('#prototypeText').value"))
                    .isEqualTo("farm label: 'the kernel', verb: 'run'");
        }
    }

    /** Without a list of what is chosen, whoever may not configure sees no credentials. */
    @Test
    void credentialsAreListedForThoseWhoMayUseThem() throws Exception {
        FarmStepOnJenkinsTest.credential(jenkins, "text", "hidden", "armour");
        freestyle("list", "true", "<verb>run</verb>");
        String list = "job/list/descriptorByName/" + BUILDER + "/fillSigningKeyItems";

        assertThat(jenkins.as("carl")
                        .post(list, Map.of("signingKey", ""))
                        .expect(200)
                        .text())
                .contains("\"hidden\"");
        assertThat(jenkins.as("rita")
                        .post(list, Map.of("signingKey", ""))
                        .expect(200)
                        .text())
                .doesNotContain("hidden");
        assertThat(jenkins.admin().get(list + "?signingKey=").status()).isEqualTo(404);
    }

    @Test
    void jobDslKnowsBothAndConfigXmlHasNoSecret() throws Exception {
        jenkins.job("seed", """
                <project><builders><javaposse.jobdsl.plugin.ExecuteDslScripts>
                <scriptText>%s</scriptText><usingScriptText>true</usingScriptText>
                </javaposse.jobdsl.plugin.ExecuteDslScripts></builders></project>
                """.formatted(RealJenkins.escape("""
                job('made') { steps { farm {
                    verb('boot')
                    args('--resume')
                    kernelFailure('UNSTABLE')
                    secrets { farmSecret { file('a.password'); credentialsId('bmc') } }
                } } }
                """)));
        jenkins.script("""
                jenkins.model.GlobalConfiguration.all()
                    .get(javaposse.jobdsl.plugin.GlobalJobDslSecurityConfiguration).useScriptSecurity = false
                """);

        jenkins.build("seed").expect("SUCCESS");

        assertThat(builderIn("made"))
                .contains("<verb>boot</verb>", "<args>--resume</args>", "<kernelFailure>UNSTABLE</kernelFailure>")
                .contains("<file>a.password</file>", "<credentialsId>bmc</credentialsId>");
    }

    @Test
    void thePluginSaysNothingInTheLog() throws Exception {
        assertThat(jenkins.complaints()).isEmpty();
    }

    private static WebElement visible(Browser browser, String selector) {
        return browser.all(selector).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElseThrow();
    }

    private static String builderIn(String job) throws IOException, InterruptedException {
        String config =
                jenkins.admin().get("job/" + job + "/config.xml").expect(200).text();
        return config.substring(config.indexOf("<builders>"), config.indexOf("</builders>"))
                .replaceAll("\\s+(<|$)", "$1")
                .replace("&quot;", "\"")
                .replaceAll(" plugin=\"[^\"]*\"", "");
    }

    /** A job with a program called {@code farm} in its workspace, the builder, and a step after it. */
    private static void freestyle(String name, String program, String builder)
            throws IOException, InterruptedException {
        String shell = "<hudson.tasks.Shell><command>%s</command></hudson.tasks.Shell>";
        jenkins.job(name, """
                <project>
                  <properties><hudson.model.ParametersDefinitionProperty><parameterDefinitions>
                    <hudson.model.StringParameterDefinition><name>V</name><defaultValue>x</defaultValue></hudson.model.StringParameterDefinition>
                  </parameterDefinitions></hudson.model.ParametersDefinitionProperty></properties>
                  <assignedNode>builder</assignedNode><canRoam>false</canRoam>
                  <builders>
                    %s
                    <%s>%s</%s>
                    %s
                  </builders>
                </project>
                """.formatted(
                        shell.formatted(RealJenkins.escape(
                                "cat > farm <<'END'\n#!/bin/bash\n" + program + "\nEND\nchmod 755 farm")),
                        BUILDER,
                        builder,
                        BUILDER,
                        shell.formatted("echo after")));
    }
}
