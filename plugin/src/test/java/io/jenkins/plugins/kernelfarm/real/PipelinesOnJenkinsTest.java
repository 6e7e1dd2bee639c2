package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.real.RealJenkins.BuildOf;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./farm jenkins} starts, from zero to a kernel that everybody can install: a real kernel, out of the cache if it was ever built
 * here, booted on real QEMU and real Xen. Each test looks at what the one before it has made.
 */
@Tag("jenkins")
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelinesOnJenkinsTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern RUN = Pattern.compile("\\b(\\d{8}T\\d{6}Z-[0-9a-f]{6})\\b");

    @AutoClose
    private static RealJenkins jenkins;

    private static String run;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        jenkins = RealJenkins.prepare().farm(spec("metal, pv"));
    }

    /** The project's own spec in fewer modes, which is quicker. */
    private static Path spec(String modes) throws Exception {
        String own = Files.readString(PROJECT.resolve("kernel.yaml"));
        String fewer = own.replaceFirst("modes: \\[.*]", "modes: [" + modes + "]");
        assertThat(fewer).isNotEqualTo(own);
        return Files.writeString(folder.resolve("kernel.yaml"), fewer);
    }

    private static Path repository() {
        return jenkins.home().resolve("kernel-farm").resolve("repository");
    }

    @Test
    @Order(1)
    void aPipelineBuildsOnOneAgentBootsOnTwoAndPromotesOnceSomebodySaysYes() throws Exception {
        int number = jenkins.begin("kernel", Map.of("SPEC", Files.readString(folder.resolve("kernel.yaml"))));
        jenkins.awaitConsole("kernel", number, "Promote or Abort");

        assertThat(repository().resolve("kernel-farm-testing.sources")).isRegularFile();
        assertThat(repository().resolve("promotions.jsonl")).doesNotExist();
        Matcher input = Pattern.compile("action=\"([0-9a-f]+/submit)\"")
                .matcher(jenkins.admin()
                        .get("job/kernel/" + number + "/input/")
                        .expect(200)
                        .text());
        assertThat(input.find()).isTrue();
        jenkins.admin()
                .post("job/kernel/" + number + "/input/" + input.group(1), Map.of("proceed", "Promote", "json", "{}"))
                .expect(302);
        BuildOf build = jenkins.await("kernel", number).expect("SUCCESS");

        assertThat(build.console())
                .contains("Running on builder", "Running on boot-1", "Running on boot-2")
                .contains("metal-none-bios-qemu PASS", "pv-xen-4.17-bios-qemu PASS");
        Matcher id = RUN.matcher(build.console());
        assertThat(id.find()).isTrue();
        run = id.group(1);
        assertThat(repository().resolve("promotions.jsonl"))
                .content()
                .contains(
                        "\"action\":\"promote\"",
                        run,
                        "\"by\":\"admin",
                        "pv-xen-4.17-bios-qemu",
                        "metal-none-bios-qemu");
        assertThat(repository().resolve("apt/dists/stable/InRelease")).isRegularFile();
    }

    @Test
    @Order(2)
    void theCellsOfBothAgentsAreOneMatrixAndTheRemoteApiHasIt() throws Exception {
        JsonNode build = jenkins.admin().json("job/kernel/1/boot-matrix/api/json?depth=3");

        assertThat(build.toString()).contains(run, "metal-none-bios-qemu", "pv-xen-4.17-bios-qemu");
    }

    @Test
    @Order(3)
    void aptGetsTheKernelFromJenkinsWithAToken() throws Exception {
        JenkinsClient token = jenkins.admin().withToken();

        String release = token.get("kernel-farm/repository/apt/dists/stable/InRelease")
                .expect(200)
                .text();
        assertThat(release).startsWith("-----BEGIN PGP SIGNED MESSAGE-----").contains("SHA256:");
        jenkins.anonymous()
                .get("kernel-farm/repository/apt/dists/stable/InRelease")
                .expect(401, 403);
    }

    /** The same without a Pipeline: a build step, a post-build action, and somebody's click on the page of all kernels. */
    @Test
    @Order(4)
    void aFreestyleJobGoesTheSameWay() throws Exception {
        Path spec = spec("metal");
        jenkins.freestyle(
                "freestyle",
                "<hudson.tasks.Shell><command>cp " + spec + " kernel.yaml</command></hudson.tasks.Shell>"
                        + "<io.jenkins.plugins.kernelfarm.step.FarmBuilder><verb>run</verb>"
                        + "</io.jenkins.plugins.kernelfarm.step.FarmBuilder>",
                "<io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher><publish>true</publish>"
                        + "</io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher>");
        jenkins.script("def job = jenkins.model.Jenkins.get().getItem('freestyle');"
                + " job.assignedLabel = hudson.model.Label.get('kernel-builder'); job.save()");

        BuildOf build = jenkins.build("freestyle").expect("SUCCESS");

        Matcher id = RUN.matcher(build.console());
        assertThat(id.find()).isTrue();
        jenkins.admin()
                .post("kernel-farm/promote", Map.of("run", id.group(1), "channel", "stable"))
                .expect(200, 302);
        assertThat(repository().resolve("promotions.jsonl")).content().contains(id.group(1));
        jenkins.anonymous()
                .post("kernel-farm/promote", Map.of("run", id.group(1), "channel", "stable"))
                .expect(401, 403);
    }

    /** Who writes a pipeline does not promote by that. */
    @Test
    @Order(5)
    void withoutAnApprovalNothingIsPromoted() throws Exception {
        long before = Files.size(repository().resolve("promotions.jsonl"));
        jenkins.pipeline("sly", "kernelFarmPromote run: '" + run + "', to: 'stable'");

        BuildOf build = jenkins.build("sly").expect("FAILURE");

        assertThat(build.console()).contains("Nobody has approved this promotion");
        assertThat(Files.size(repository().resolve("promotions.jsonl"))).isEqualTo(before);
    }

    @Test
    @Order(6)
    void theSettingsThatAreExportedAreThoseThatWereRead() throws Exception {
        String exported = jenkins.admin()
                .post("manage/configuration-as-code/export", Map.of())
                .expect(200)
                .text();
        String section = section(exported, "unclassified", "kernelFarm");

        assertThat(section)
                .contains("signingKeyCredentialsId: \"kernel-farm-signing-key\"", "name: \"testing\"", "keep: 10")
                .contains("name: \"stable\"", "keep: 5");
        Files.writeString(jenkins.home().resolve("casc").resolve("casc.yaml"), "unclassified:\n" + section);
        jenkins.admin().post("manage/configuration-as-code/reload", Map.of()).expect(200, 302);
        assertThat(section(
                        jenkins.admin()
                                .post("manage/configuration-as-code/export", Map.of())
                                .expect(200)
                                .text(),
                        "unclassified",
                        "kernelFarm"))
                .isEqualTo(section);
    }

    /** The lines of a key below a top one, with their indentation. */
    private static String section(String yaml, String top, String key) {
        Matcher found = Pattern.compile("(?ms)^" + top + ":\n.*?(^  " + key + ":\n(?:    .*?\n)+)")
                .matcher(yaml);
        assertThat(found.find()).as(yaml).isTrue();
        return found.group(1);
    }

    @Test
    @Order(7)
    void thePagesLookAsTheyShall() throws Exception {
        Map<String, String> pages = Map.of(
                "job", "job/kernel/",
                "job-kernel-farm", "job/kernel/boot-matrix/",
                "build", "job/kernel/1/",
                "build-kernel-farm", "job/kernel/1/boot-matrix/",
                "cell", "job/kernel/1/boot-matrix/runs/" + run + "/cells/pv-xen-4.17-bios-qemu.html",
                "kernels", "kernel-farm/");
        try (Browser browser = jenkins.browser("admin")) {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                jenkins.admin().get(page.getValue()).expect(200, 302); // The page of a build with one run is that run.
                jenkins.screenshots(browser, page.getValue(), "pipelines-" + page.getKey());
            }
            List<String> complaints = browser.complaints();
            assertThat(complaints).noneMatch(line -> line.contains("Content Security Policy"));
        }
    }

    @Test
    @Order(8)
    void jenkinsHasNothingToSayAgainstThePlugin() throws Exception {
        assertThat(jenkins.complaints()).isEmpty();
        assertThat(jenkins.log()).doesNotContain("BEGIN PGP PRIVATE KEY", jenkins.password("admin"));
    }
}
