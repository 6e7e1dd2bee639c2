package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of kernels over all jobs. */
@Tag("jenkins")
class KernelsOnJenkinsTest {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='taken'\">";
    private static final int BUILDS = 5_000;
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    @TempDir
    private Path folder;

    /** From a build that collects and publishes to a channel, and what is left when the build is deleted. */
    @Test
    void aBuildsKernelIsListedPublishedAndPromotedAndOutlivesTheBuildInItsChannel() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(
                SampleJenkins.prepare().user("rita", "Job/Read").user("norman").darkTheme())) {
            RunLayout run =
                    SampleJenkins.run(folder, "20260102T030405Z-abcdef", "6.1.192-farm1", 1, SampleRun.allPass());
            SampleJenkins.publishing(jenkins, "kernels", run);
            jenkins.build("kernels").expect("SUCCESS");

            JsonNode row = jenkins.as("rita")
                    .json("kernel-farm/api/json?tree=kernels[id,release,verdict,job,build,url,channels]")
                    .path("kernels")
                    .path(0);
            assertThat(row.path("id").asText()).isEqualTo(run.id());
            assertThat(row.path("release").asText()).isEqualTo("6.1.192-farm1");
            assertThat(row.path("verdict").asText()).isEqualTo("PASS");
            assertThat(row.path("job").asText()).isEqualTo("kernels");
            assertThat(row.path("channels").path(0).asText()).isEqualTo("testing");
            jenkins.as("rita").get(row.path("url").asText()).expect(200);
            // Another kernel whose run only has the same name.
            Path kept = jenkins.home().resolve("jobs/kernels/builds/1/kernel-farm/" + run.id() + "/build/build.json");
            String own = Files.readString(kept);
            Files.writeString(
                    kept, own.replaceFirst("\"imageSha256\" : \"[0-9a-f]{8}", "\"imageSha256\" : \"00000000"));
            assertThat(Files.readString(kept)).isNotEqualTo(own);
            assertThat(jenkins.as("rita")
                            .json("kernel-farm/api/json?tree=kernels[channels]")
                            .at("/kernels/0/channels"))
                    .isEmpty();
            Files.writeString(kept, own);
            assertThat(jenkins.as("rita")
                            .get("kernel-farm/api/xml?tree=kernels[release]")
                            .expect(200)
                            .text())
                    .contains("<release>6.1.192-farm1</release>");
            assertThat(jenkins.as("norman").json("kernel-farm/api/json").path("kernels"))
                    .isEmpty();
            assertThat(jenkins.as("norman").get("kernel-farm/").expect(200).text())
                    .contains("No build that you may see");

            jenkins.admin()
                    .post("kernel-farm/promote", Map.of("run", run.id(), "channel", "stable"))
                    .expect(200);
            assertThat(jenkins.admin().get("kernel-farm/").expect(200).text())
                    .contains("It is in <span", "undo-stable-" + run.id())
                    .doesNotContain("promote-stable-" + run.id());
            assertThat(jenkins.as("rita")
                            .get(row.path("url").asText())
                            .expect(200)
                            .text())
                    .contains(
                            "promoted to stable",
                            "kernel-farm-stable.sources",
                            "kernel-farm-stable.repo",
                            ">stable</span>");
            try (Browser browser = jenkins.browser("rita")) {
                jenkins.screenshots(browser, row.path("url").asText(), "run-promoted");
                jenkins.screenshots(browser, "kernel-farm/", "kernel-farm-kernels");
                browser.run("document.documentElement.dataset.theme = 'dark'");
                browser.screenshot(Path.of("target", "screenshots", "kernel-farm-kernels-dark.png"));
                browser.open(jenkins.url() + "kernel-farm/");
                browser.find("details.install summary").click();
                browser.screenshot(Path.of("target", "screenshots", "kernel-farm-install.png"));
                // These two are of Jenkins' own frame.
                assertThat(browser.barriers())
                        .allMatch(one -> one.startsWith("aria-allowed-attr: ") || one.startsWith("html-has-lang: "));
                assertThat(browser.complaints()).allMatch(one -> one.contains("/login - "));
            }
            Path matrix = jenkins.home().resolve("kernel-farm/runs/" + run.id() + "/boot/matrix.json");
            assertThat(matrix).hasSameBinaryContentAs(run.matrix());
            jenkins.admin().post("job/kernels/1/doDelete", Map.of()).expect(200, 302);

            JsonNode all = jenkins.as("rita").json("kernel-farm/api/json?depth=2");
            assertThat(all.path("kernels")).isEmpty();
            assertThat(all.path("channels").path(1).path("kernels").findValuesAsText("run"))
                    .containsExactly(run.id());
            assertThat(matrix).exists();
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    /** Times are printed, not asserted; the bench has them. */
    @Test
    void tenThousandBuildsOfThirtyCellsAreListedPageByPageTheNewestFirst() throws Exception {
        try (RealJenkins jenkins =
                RealJenkins.prepare().user("rita", "Job/Read").start()) {
            List<String> ids = new ArrayList<>();
            for (String job : List.of("one", "two")) {
                jenkins.freestyle(job, "", "");
                Path builds = jenkins.home().resolve("jobs/" + job + "/builds");
                for (int number = 1; number <= BUILDS; number++) {
                    ids.add(keep(builds, job, number));
                }
            }
            ids.sort(Comparator.reverseOrder());
            JenkinsClient rita = jenkins.as("rita").withToken();
            List<String> times = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long begin = System.nanoTime();
                rita.get("kernel-farm/").expect(200);
                times.add((System.nanoTime() - begin) / 1_000_000 + " ms");
            }
            for (int page : new int[] {1, 2, 137}) {
                long begin = System.nanoTime();
                assertThat(rita.json("kernel-farm/api/json?tree=kernels[id]&page=" + page)
                                .path("kernels")
                                .findValuesAsText("id"))
                        .isEqualTo(
                                ids.subList((page - 1) * KernelFarmRootAction.ROWS, page * KernelFarmRootAction.ROWS));
                times.add("page " + page + " " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            }
            Files.writeString(Path.of("target", "kernel-farm-page-times.txt"), String.join("\n", times) + "\n");
            String html = rita.get("kernel-farm/?page=200").expect(200).text();
            assertThat(html).contains("Page 200 of 200, 10000 kernels").doesNotContain("<img src=x");
            assertThat(html).contains("&lt;img src=x");
            for (String page : List.of("0", "-1", "99999999999", "x", "201", "%3Cscript%3E")) {
                rita.get("kernel-farm/?page=" + page).expect(200);
            }
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    /** What a publisher would have left, as far as the list reads it; every hundredth is of somebody who means no good. */
    private static String keep(Path builds, String job, int number) throws Exception {
        Instant started =
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number * 3600L + (job.equals("one") ? 0 : 1800));
        String id = ID.format(started) + "-" + String.format("%06x", number);
        KeptLayout kept = KeptLayout.ofBuild(builds.resolve(Integer.toString(number)));
        Files.createDirectories(kept.run(id));
        List<RunSummary.CellSummary> cells = new ArrayList<>();
        for (String hypervisor : List.of("none", "xen-4.17", "xen-4.18", "xen-4.19", "xen-4.20")) {
            Arrays.stream(Mode.values())
                    .limit(6)
                    .forEach(mode -> cells.add(new RunSummary.CellSummary(
                            mode, hypervisor, "bios", "qemu", true, Verdict.PASS, false, 10, 2)));
        }
        Path file = kept.dashboard().summary(id);
        Files.createDirectories(file.getParent());
        new RunSummary(
                        "f",
                        id,
                        number % 100 == 1 ? HOSTILE : "6.1." + number + "-farm1",
                        number % 100 == 1 ? HOSTILE : "debian:linux-source-6.1=6.1." + number,
                        started,
                        300,
                        List.of(),
                        Verdict.PASS,
                        number % 100 == 1 ? HOSTILE : "",
                        cells,
                        List.of())
                .write(file);
        return id;
    }
}
