package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.real.JenkinsClient.Reply;
import io.jenkins.plugins.kernelfarm.real.RealJenkins.BuildOf;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./farm jenkins} starts, from zero to a kernel in a channel, with fake machines: a real kernel, out of the cache if it was ever
 * built here, that nothing boots and nothing proves. Each test looks at what the one before it has made.
 */
@Tag("jenkins")
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RehearsalOnJenkinsTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern RUN = Pattern.compile("\\b(\\d{8}T\\d{6}Z-[0-9a-f]{6})\\b");
    private static final String REFUSED = "it was booted on a fake machine, which proves nothing";

    private static RealJenkins jenkins;
    private static String run;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        Path spec = Files.writeString(folder.resolve("kernel.yaml"), spec("metal, pv", "fake"));
        Path machines = Files.writeString(folder.resolve("machines.yaml"), """
                machines:
                  - {name: fake, fake: {}}
                  - {name: fake-broken, fake: {fail: [pv-*]}}
                """);
        jenkins = RealJenkins.prepare().farm(spec);
        jenkins.script("""
                def variables = new hudson.slaves.EnvironmentVariablesNodeProperty(
                    new hudson.slaves.EnvironmentVariablesNodeProperty.Entry('KERNEL_FARM_MACHINES', '%s'))
                jenkins.model.Jenkins.get().globalNodeProperties.add(variables)
                """.formatted(machines));
    }

    @AfterAll
    static void stop() throws Exception {
        if (jenkins != null) {
            jenkins.close();
        }
    }

    /** The project's own spec in fewer modes and on another machine. */
    private static String spec(String modes, String machine) throws IOException {
        return Files.readString(PROJECT.resolve("kernel.yaml"))
                .replaceFirst("modes: \\[.*]", "modes: [" + modes + "]")
                .replaceFirst("machine: qemu", "machine: " + machine);
    }

    private static Path repository() {
        return jenkins.home().resolve("kernel-farm").resolve("repository");
    }

    private static String runOf(BuildOf build) {
        Matcher id = RUN.matcher(build.console());
        assertThat(id.find()).as(build.console()).isTrue();
        return id.group(1);
    }

    /** A build of the job that is offered, which somebody approves. */
    private static BuildOf approved(String spec, String channel) throws Exception {
        int number = jenkins.begin("kernel", Map.of("SPEC", spec, "CHANNEL", channel));
        jenkins.awaitConsole("kernel", number, "Promote or Abort");
        String page = jenkins.admin()
                .get("job/kernel/" + number + "/input/")
                .expect(200)
                .text();
        assertThat(page).contains("Promote this kernel to " + channel + "?");
        Matcher input = Pattern.compile("action=\"([0-9a-f]+/submit)\"").matcher(page);
        assertThat(input.find()).isTrue();
        jenkins.admin()
                .post("job/kernel/" + number + "/input/" + input.group(1), Map.of("proceed", "Promote", "json", "{}"))
                .expect(302);
        return jenkins.await("kernel", number);
    }

    @Test
    @Order(1)
    void aPipelineGoesFromZeroToTheRehearsal() throws Exception {
        BuildOf build = approved(spec("metal, pv", "fake"), "rehearsal").expect("SUCCESS");

        run = runOf(build);
        assertThat(build.console())
                .contains("Running on builder", "Running on boot-1", "Running on boot-2")
                .contains("metal-none-bios-fake PASS", "pv-xen-4.17-bios-fake PASS")
                .contains("nothing is booted there, and its cells prove nothing")
                .contains("On a fake machine, which proves nothing: ");
        assertThat(repository().resolve("promotions.jsonl")).content().contains(run, "\"to\":\"rehearsal\"");
        assertThat(repository().resolve("apt/dists/rehearsal/InRelease")).isRegularFile();
        assertThat(repository().resolve("kernel-farm-rehearsal.sources"))
                .content()
                .startsWith("# A rehearsal: nothing in this channel was proved to boot.");
    }

    @Test
    @Order(2)
    void stableRefusesItWhoeverAsks() throws Exception {
        BuildOf build = approved(spec("metal, pv", "fake"), "stable").expect("FAILURE");
        assertThat(build.console()).contains("is not promoted to stable: " + REFUSED);

        Reply page = jenkins.admin()
                .post("kernel-farm/promote", Map.of("run", run, "channel", "stable"))
                .expect(409);
        assertThat(page.text()).contains(REFUSED);
        assertThat(repository().resolve("promotions.jsonl")).content().doesNotContain("\"to\":\"stable\"");
        assertThat(repository().resolve("apt/dists/stable/InRelease")).doesNotExist();
    }

    /** A spec with nothing for the agent that boots guests. */
    @Test
    @Order(3)
    void anAgentThatTheMatrixHasNoCellForIsNotAsked() throws Exception {
        BuildOf build = approved(spec("metal", "fake"), "rehearsal").expect("SUCCESS");

        assertThat(build.console()).contains("Running on boot-1").doesNotContain("Running on boot-2");
    }

    @Test
    @Order(4)
    void aFreestyleJobGoesTheSameWay() throws Exception {
        Path spec = Files.writeString(folder.resolve("freestyle.yaml"), spec("metal", "fake"));
        jenkins.freestyle(
                "freestyle",
                "<hudson.tasks.Shell><command>cp " + spec + " kernel.yaml</command></hudson.tasks.Shell>"
                        + "<io.jenkins.plugins.kernelfarm.step.FarmBuilder><verb>run</verb>"
                        + "</io.jenkins.plugins.kernelfarm.step.FarmBuilder>",
                "<io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher><publish>true</publish>"
                        + "</io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher>");
        jenkins.script("def job = jenkins.model.Jenkins.get().getItem('freestyle');"
                + " job.assignedLabel = hudson.model.Label.get('kernel-builder'); job.save()");

        String id = runOf(jenkins.build("freestyle").expect("SUCCESS"));

        jenkins.admin()
                .post("kernel-farm/promote", Map.of("run", id, "channel", "stable"))
                .expect(409);
        jenkins.admin()
                .post("kernel-farm/promote", Map.of("run", id, "channel", "rehearsal"))
                .expect(200, 302);
        assertThat(repository().resolve("promotions.jsonl"))
                .content()
                .contains(id)
                .doesNotContain("\"to\":\"stable\"");
    }

    @Test
    @Order(5)
    void everyPageSaysThatItIsFake() throws Exception {
        String cell = "job/kernel/1/boot-matrix/runs/" + run + "/cells/pv-xen-4.17-bios-fake.html";
        Map<String, String> pages = Map.of(
                "job", "job/kernel/",
                "build", "job/kernel/1/",
                "run", "job/kernel/1/boot-matrix/runs/" + run + "/index.html",
                "cell", cell,
                "kernels", "kernel-farm/");
        try (Browser browser = jenkins.browser("admin")) {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                assertThat(jenkins.admin().get(page.getValue()).expect(200).text())
                        .as(page.getKey())
                        .contains("<span class=\"flag\">fake</span>");
                jenkins.screenshots(browser, page.getValue(), "rehearsal-" + page.getKey());
            }
        }
        assertThat(jenkins.admin().get(cell).expect(200).text()).contains("A fake machine played that");
        assertThat(jenkins.admin().get("kernel-farm/").expect(200).text())
                .contains("A rehearsal: nothing in this channel was proved to boot.");
        assertThat(jenkins.admin()
                        .get("job/kernel/boot-matrix/badge.svg")
                        .expect(200)
                        .text())
                .contains("PASS, fake:");
        JsonNode build = jenkins.admin().json("job/kernel/1/boot-matrix/api/json?depth=3");
        assertThat(build.get("runs").get(0).get("fake").asBoolean()).isTrue();
        assertThat(jenkins.admin()
                        .get("job/kernel/1/testReport/api/json?depth=2")
                        .expect(200)
                        .text())
                .contains("metal-none-bios-fake", "pv-xen-4.17-bios-fake");
    }

    /** A multibranch job over a repository of one's own, as Jenkinsfile.multibranch has it. */
    @Test
    @Order(6)
    void ofABranchThatIsNotMainNothingIsPublishedAndAKernelThatFailsIsUnstable() throws Exception {
        Path repository = Files.createDirectory(folder.resolve("git"));
        Files.copy(PROJECT.resolve("pipelines/jenkins/Jenkinsfile.multibranch"), repository.resolve("Jenkinsfile"));
        Files.writeString(repository.resolve("kernel.yaml"), spec("metal, pv", "fake"));
        git(repository, "init", "-q", "-b", "main");
        git(repository, "add", "Jenkinsfile", "kernel.yaml");
        commit(repository, "Begin");
        git(repository, "checkout", "-q", "-b", "broken");
        Files.writeString(repository.resolve("kernel.yaml"), spec("metal, pv", "fake-broken"));
        commit(repository, "Break it");
        git(repository, "checkout", "-q", "main");
        // Who may configure jobs here may read what the controller reads.
        jenkins.script("hudson.plugins.git.GitSCM.ALLOW_LOCAL_CHECKOUT = true");
        jenkins.agent("both", "kernel-builder boot-host", 1);

        jenkins.job("branches", """
                <org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>
                  <sources class="jenkins.branch.MultiBranchProject$BranchSourceList">
                    <data><jenkins.branch.BranchSource><source class="jenkins.plugins.git.GitSCMSource">
                      <id>git</id>
                      <remote>%s</remote>
                      <traits><jenkins.plugins.git.traits.BranchDiscoveryTrait/></traits>
                    </source></jenkins.branch.BranchSource></data>
                    <owner class="org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
                        reference="../.."/>
                  </sources>
                  <factory class="org.jenkinsci.plugins.workflow.multibranch.WorkflowBranchProjectFactory">
                    <owner class="org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
                        reference="../.."/>
                    <scriptPath>Jenkinsfile</scriptPath>
                  </factory>
                </org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>
                """.formatted(repository.toUri()));
        jenkins.admin().post("job/branches/build?delay=0", Map.of()).expect(200, 201, 302);
        for (String branch : List.of("main", "broken")) {
            RealJenkins.await(
                    "branch " + branch,
                    () -> jenkins.admin()
                                    .get("job/branches/job/" + branch + "/1/api/json")
                                    .status()
                            == 200);
        }
        BuildOf main = jenkins.await("branches/job/main", 1).expect("SUCCESS");
        BuildOf broken = jenkins.await("branches/job/broken", 1).expect("UNSTABLE");

        String published =
                jenkins.admin().get("kernel-farm/api/json?depth=3").expect(200).text();
        assertThat(main.console()).contains("metal-none-bios-fake PASS", "pv-xen-4.17-bios-fake PASS");
        assertThat(jenkins.home().resolve("kernel-farm/runs").resolve(runOf(main)))
                .isDirectory();
        assertThat(broken.console()).contains("pv-xen-4.17-bios-fake-broken FAIL");
        assertThat(jenkins.home().resolve("kernel-farm/runs").resolve(runOf(broken)))
                .doesNotExist();
        assertThat(published).contains(runOf(main), runOf(broken));
        assertThat(jenkins.admin()
                        .get(broken.path() + "boot-matrix/runs/" + runOf(broken) + "/index.html")
                        .expect(200)
                        .text())
                .contains("On a fake machine, which proves nothing: ");
    }

    private static void commit(Path repository, String message) throws Exception {
        git(repository, "-c", "user.name=Rita", "-c", "user.email=rita@localhost", "commit", "-q", "-a", "-m", message);
    }

    private static void git(Path repository, String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(words));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        git.getOutputStream().close();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(said).isZero();
    }

    @Test
    @Order(7)
    void jenkinsHasNothingToSayAgainstThePlugin() throws Exception {
        assertThat(jenkins.complaints()).isEmpty();
    }
}
