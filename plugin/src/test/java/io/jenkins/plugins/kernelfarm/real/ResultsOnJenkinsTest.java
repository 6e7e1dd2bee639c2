package io.jenkins.plugins.kernelfarm.real;

import static io.jenkins.plugins.kernelfarm.collect.SampleRun.cell;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.SampleRun;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the farm leaves in a workspace, and what people see of it under builds and jobs. */
@Tag("jenkins")
class ResultsOnJenkinsTest {
    private static final String HOSTILE = "6.1.192-farm1<script>window.hacked=1</script>";

    @TempDir
    private Path temp;

    private int made;

    /** A run that begins in a minute, so that it is one of the next build. */
    private String run(Path runs, String release, CellResult... cells) throws IOException {
        String id = SampleRun.id(Instant.now().plusSeconds(60), "%06x".formatted(++made));
        SampleRun.write(runs, id, SampleRun.matrix(release, cells));
        return id;
    }

    private static String collecting(Path runs, String step) {
        return "node { sh 'rm -rf out && mkdir -p out && cp -r " + runs + " out/runs'\n " + step + " }";
    }

    private static CellResult[] passing() {
        return new CellResult[] {
            cell(Mode.METAL, "none", "qemu", Verdict.PASS),
            cell(Mode.DOM0_PV, "xen-4.17", "qemu", Verdict.PASS),
            cell(Mode.PVH, "xen-4.17", "qemu", Verdict.PASS)
        };
    }

    @Test
    void aPipelineAndAFreestyleJobKeepRunsAndShowThem() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare()
                .pipelines()
                .plugins("workflow-aggregator", "junit")
                .user("vera", "Job/Read", "Run/Artifacts")
                .user("nobody")
                .darkTheme()
                .start()) {
            String good = run(temp.resolve("good"), "6.1.192-farm1", passing());
            jenkins.pipeline("kernel", collecting(temp.resolve("good"), "kernelFarm()"));
            RealJenkins.BuildOf first = jenkins.build("kernel").expect("SUCCESS");
            assertThat(first.console()).contains("run " + good + ": 6.1.192-farm1 boots in all 3 cells.");
            pages(jenkins, first, good);
            remoteApi(jenkins, first, good);
            packages(jenkins, first, good);
            permissions(jenkins, first, good);

            failures(jenkins);
            freestyle(jenkins);
            looks(jenkins, first, good);
            deletion(jenkins, first, good);
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static void pages(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        String below = build.path() + "boot-matrix/";
        assertThat(jenkins.admin().get(build.path()).expect(200).text())
                .contains("6.1.192-farm1", "class=\"modes\"", "boot-matrix/runs/" + run);
        assertThat(jenkins.admin()
                        .get(below + "runs/" + run + "/index.html")
                        .expect(200)
                        .text())
                .contains("6.1.192-farm1 boots in all 3 cells.");
        assertThat(jenkins.admin()
                        .get(below + "runs/" + run + "/cells/pvh-xen-4.17-bios-qemu.html")
                        .expect(200)
                        .text())
                .contains("pvh on Xen 4.17", "Linux version", "&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert(1)");
        assertThat(jenkins.admin()
                        .get(below + "runs/" + run + "/consoles/pvh-xen-4.17-bios-qemu/0.js")
                        .expect(200)
                        .text())
                .startsWith("kernelFarm.loaded(");
        var log = jenkins.admin()
                .get(below + run + "/boot/consoles/pvh-xen-4.17-bios-qemu.log", "Range", "bytes=5-13")
                .expect(206);
        assertThat(log.text()).isEqualTo("0.000000]");
        assertThat(log.header("Content-Security-Policy").orElse("")).contains("sandbox");
        assertThat(log.header("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(log.header("X-Content-Type-Options")).contains("nosniff");
        String tag = log.header("ETag").orElseThrow();
        jenkins.admin()
                .get(below + run + "/boot/consoles/pvh-xen-4.17-bios-qemu.log", "If-None-Match", tag)
                .expect(304);
        for (String none : List.of(
                "x",
                "runs/" + run + "/cells/none.html",
                run + "/boot/consoles/none.log",
                run + "/../../build.xml",
                run + "/..%2f..%2fbuild.xml",
                ".publish-" + run + "/x",
                run + "/packages/none.deb")) {
            assertThat(jenkins.admin().get(below + none).status()).as(none).isIn(302, 400, 404, 500);
            assertThat(jenkins.admin().get(below + none).text()).as(none).doesNotContain("<startTime>");
        }
        jenkins.admin().post(below + "runs/" + run + "/index.html", Map.of()).expect(405);
        // Pages over many runs are the job's.
        assertThat(jenkins.admin()
                        .get(below + "history.html")
                        .expect(302)
                        .header("Location")
                        .orElseThrow())
                .endsWith("/job/kernel/boot-matrix/history.html");
        for (String page : List.of("", "index.html", "history.html", "compare.html")) {
            assertThat(jenkins.admin()
                            .get("job/kernel/boot-matrix/" + page)
                            .expect(200)
                            .text())
                    .contains("6.1.192-farm1".substring(0, page.startsWith("compare") ? 0 : 13));
        }
        assertThat(jenkins.admin()
                        .get("job/kernel/boot-matrix/runs/" + run + "/index.html")
                        .expect(302)
                        .header("Location")
                        .orElseThrow())
                .endsWith("/" + below + "runs/" + run + "/index.html");
        var badge = jenkins.admin().get("job/kernel/boot-matrix/badge.svg").expect(200);
        assertThat(badge.text()).contains("PASS 3 of 3");
        assertThat(badge.header("Cache-Control")).contains("no-cache");
    }

    private static void remoteApi(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        JsonNode own = jenkins.admin().json(build.path() + "boot-matrix/api/json");
        assertThat(own.get("verdict").asText()).isEqualTo("PASS");
        assertThat(own.at("/runs/0/cells/2/mode").asText()).isEqualTo("pvh");
        assertThat(own.at("/runs/0/packages/0/sha256").asText()).hasSize(64);
        JsonNode builds = jenkins.admin().json(build.path() + "api/json");
        assertThat(builds.get("actions").toString())
                .contains("\"verdict\":\"PASS\"")
                .doesNotContain("\"cells\"");
        assertThat(own.at("/runs/0/channels")).isEmpty();
        JsonNode first = jenkins.admin().json("job/kernel/boot-matrix/api/json").get("latest");
        assertThat(first).isEqualTo(own.at("/runs/0"));
        JsonNode all = jenkins.admin().json("kernel-farm/api/json?depth=1").at("/kernels/0");
        assertThat(all).isEqualTo(first);
        JsonNode many = jenkins.admin().json("kernel-farm/api/json").at("/kernels/0");
        assertThat(many.has("cells")).isFalse();
        assertThat(many.get("timestamp")).isEqualTo(first.get("timestamp"));
        assertThat(Instant.ofEpochMilli(first.get("timestamp").asLong())).isEqualTo(KeptLayout.began(run));
        JsonNode tree = jenkins.admin()
                .json("job/kernel/boot-matrix/api/json?tree=count,runs%5Bid,cells%5Bverdict%5D%5D%7B0,10%7D");
        assertThat(tree.at("/runs/0/id").asText()).isEqualTo(run);
        assertThat(tree.at("/runs/0/cells/0/verdict").asText()).isEqualTo("PASS");
        assertThat(jenkins.admin()
                        .get(build.path() + "boot-matrix/api/xml?xpath=//verdict%5B1%5D&wrapper=all")
                        .expect(200)
                        .text())
                .contains("<verdict>PASS</verdict>");
        assertThat(jenkins.admin()
                        .json(build.path() + "testReport/api/json")
                        .get("passCount")
                        .asInt())
                .isEqualTo(3);
    }

    private static void packages(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        String deb = "/packages/linux-image-6.1.192-farm1_6.1.192-2_amd64.deb";
        assertThat(jenkins.admin()
                        .get(build.path() + "boot-matrix/" + run + deb)
                        .expect(200)
                        .text())
                .isEqualTo("a deb");
        assertThat(jenkins.admin()
                        .get(build.path() + "boot-matrix/" + run + deb, "Range", "bytes=2-")
                        .expect(206)
                        .text())
                .isEqualTo("deb");
    }

    private static void permissions(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        for (String url : List.of(
                "job/kernel/boot-matrix/index.html",
                "job/kernel/boot-matrix/badge.svg",
                "job/kernel/boot-matrix/api/json",
                build.path() + "boot-matrix/runs/" + run + "/index.html",
                build.path() + "boot-matrix/api/json",
                build.path() + "boot-matrix/badge.svg",
                build.path() + "boot-matrix/" + run + "/boot/matrix.json",
                build.path() + "boot-matrix/" + run + "/packages/kernel-core-6.1.192_farm1-2.x86_64.rpm")) {
            jenkins.as("vera").get(url).expect(200);
            jenkins.as("nobody").get(url).expect(404);
            jenkins.anonymous().get(url).expect(403);
        }
    }

    private void failures(RealJenkins jenkins) throws Exception {
        String bad = run(
                temp.resolve("bad"),
                HOSTILE,
                cell(Mode.METAL, "none", "qemu", Verdict.PASS),
                cell(Mode.PVH, "xen-4.17", "qemu", Verdict.FAIL));
        Path evil = temp.resolve("bad").resolve(bad).resolve("boot/consoles/evil.log");
        Files.createSymbolicLink(evil, Path.of("/etc/passwd"));
        jenkins.pipeline("fails", collecting(temp.resolve("bad"), "kernelFarm()"));
        RealJenkins.BuildOf failed = jenkins.build("fails").expect("FAILURE");
        assertThat(jenkins.admin()
                        .get(failed.path() + "boot-matrix/" + bad + "/boot/consoles/evil.log")
                        .status())
                .isEqualTo(404);
        jenkins.pipeline(
                "fails", collecting(temp.resolve("bad"), "kernelFarm kernelFailure: 'UNSTABLE', junit: false"));
        jenkins.build("fails").expect("UNSTABLE");

        run(temp.resolve("fault"), "6.1.192-farm1", cell(Mode.PVH, "xen-4.17", "qemu", Verdict.ERROR));
        jenkins.pipeline("fault", collecting(temp.resolve("fault"), "kernelFarm()"));
        assertThat(jenkins.build("fault").expect("NOT_BUILT").console())
                .contains("which says nothing about the kernel");

        jenkins.pipeline("none", "node { kernelFarm() }");
        assertThat(jenkins.build("none").expect("NOT_BUILT").console())
                .contains("there is no run of this build in 'out/runs/*' of the workspace");
        jenkins.pipeline("none", "node { kernelFarm allowEmpty: true }");
        jenkins.build("none").expect("SUCCESS");
        jenkins.pipeline("none", "node { kernelFarm runs: '../../*' }");
        assertThat(jenkins.build("none").expect("FAILURE").console()).contains("leads out of the workspace");

        parallel(jenkins);
    }

    /** Two branches boot parts of one run. */
    private void parallel(RealJenkins jenkins) throws Exception {
        String id = SampleRun.id(Instant.now().plusSeconds(60), "%06x".formatted(++made));
        for (String machine : List.of("rack1", "rack2")) {
            MatrixResult part = SampleRun.matrix(
                    cell(Mode.PV, "xen-4.17", "rack1", machine.equals("rack1") ? Verdict.PASS : Verdict.MISS),
                    cell(Mode.PV, "xen-4.17", "rack2", machine.equals("rack2") ? Verdict.PASS : Verdict.MISS));
            SampleRun.write(temp.resolve(machine), id, part);
        }
        jenkins.pipeline(
                "parallel",
                "parallel one: { " + collecting(temp.resolve("rack1"), "kernelFarm()") + " }, two: { "
                        + collecting(temp.resolve("rack2"), "kernelFarm()") + " }");
        RealJenkins.BuildOf build = jenkins.build("parallel");

        JsonNode runs = jenkins.admin().json(build.path() + "boot-matrix/api/json");
        assertThat(runs.get("runIds")).hasSize(1);
        assertThat(runs.get("verdict").asText()).isEqualTo("PASS");
        assertThat(runs.at("/runs/0/cells")).hasSize(2);
    }

    private void freestyle(RealJenkins jenkins) throws Exception {
        run(temp.resolve("free"), "6.1.192-farm1", passing());
        jenkins.freestyle(
                "free",
                "<hudson.tasks.Shell><command>rm -rf out; mkdir -p out; cp -r " + temp.resolve("free")
                        + " out/runs</command></hudson.tasks.Shell>",
                "<io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher><archiveConsoles>true</archiveConsoles>"
                        + "</io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher>");
        RealJenkins.BuildOf build = jenkins.build("free").expect("SUCCESS");
        assertThat(jenkins.admin()
                        .json(build.path() + "api/json?tree=artifacts%5BrelativePath%5D")
                        .toString())
                .contains("boot/consoles/pvh-xen-4.17-bios-qemu.log".replace("boot/", ""), ".deb", ".rpm");
    }

    private static void looks(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        jenkins.admin()
                .postXml(
                        "createView?name=kernels",
                        "<hudson.model.ListView><name>kernels</name><jobNames/><includeRegex>.*</includeRegex><columns>"
                                + "<hudson.views.StatusColumn/><hudson.views.JobColumn/>"
                                + "<io.jenkins.plugins.kernelfarm.pages.KernelFarmColumn/></columns></hudson.model.ListView>")
                .expect(200);
        try (Browser browser = jenkins.browser("admin")) {
            String below = build.path() + "boot-matrix/";
            jenkins.screenshots(browser, build.path(), "results-build");
            jenkins.screenshots(browser, "job/kernel/", "results-job");
            jenkins.screenshots(browser, "job/kernel/boot-matrix/index.html", "results-kernels");
            jenkins.screenshots(browser, "job/kernel/boot-matrix/history.html", "results-history");
            jenkins.screenshots(browser, "job/fails/boot-matrix/index.html", "results-hostile");
            assertThat(browser.run("return window.hacked === undefined")).isEqualTo(true);
            jenkins.screenshots(browser, below + "runs/" + run + "/index.html", "results-run");
            jenkins.screenshots(browser, below + "runs/" + run + "/cells/pvh-xen-4.17-bios-qemu.html", "results-cell");
            browser.awaitTrue("document.querySelector('.console .tools') !== null");
            jenkins.screenshots(browser, "view/kernels/", "results-column");
            // Jenkins shows what the end of the URL names as open: in its header, and beside the page.
            for (String page : List.of("kernel-farm/", "job/kernel/boot-matrix/", below)) {
                browser.open(jenkins.url() + page);
                assertThat(browser.all("#root-action-KernelFarmRootAction"))
                        .as(page)
                        .hasSize(page.startsWith("kernel") ? 1 : 0);
            }
            browser.open(jenkins.url() + "job/kernel/boot-matrix");
            assertThat(browser.find(".task-link--active").getText()).isEqualTo("Boot matrix");
            browser.open(jenkins.url() + "job/kernel/boot-matrix/history.html");
            browser.find("nav.where a").click();
            browser.awaitTrue("location.pathname.endsWith('/job/kernel/boot-matrix/')");
        }
    }

    private static void deletion(RealJenkins jenkins, RealJenkins.BuildOf build, String run) throws Exception {
        jenkins.admin().post(build.path() + "doDelete", Map.of()).expect(200, 302);

        assertThat(jenkins.home().resolve(build.path().replace("job/", "jobs/").replace("kernel/", "kernel/builds/")))
                .doesNotExist();
        assertThat(jenkins.admin()
                        .json("job/kernel/boot-matrix/api/json")
                        .get("count")
                        .asInt())
                .isZero();
        jenkins.admin()
                .get("job/kernel/boot-matrix/runs/" + run + "/index.html")
                .expect(404);
    }
}
