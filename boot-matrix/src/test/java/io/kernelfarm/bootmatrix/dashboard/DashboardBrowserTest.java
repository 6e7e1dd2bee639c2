package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All pages of runs in which everything happened. */
class DashboardBrowserTest extends InBrowser {

    @Test
    void showsManyRunsAndWhatIsWrongWithEach() throws IOException {
        writeMany(
                Samples.troubled(),
                Samples.oneFails(),
                Samples.allPass(),
                Samples.allPass(),
                Samples.oneFails(),
                Samples.allPass());
        browser.open(layout.home());
        looksRight("home");
        browser.open(layout.run("run-1"));
        looksRight("run");
        browser.open(layout.run("2026-11-10-1204"));
        looksRight("run-without-matrix");
    }

    @Test
    void hostileTextStaysTextInTheBrowser() throws IOException {
        write(Samples.hostile());
        for (Path page : List.of(layout.home(), layout.run("run-1"), layout.cell("run-1", "hvm-xen-4.17-bios-qemu"))) {
            browser.open(page);
            assertThat(browser.source()).contains("&lt;script&gt;alert(1)").doesNotContain("<script>");
            assertThat(browser.complaints()).isEmpty();
        }
        browser.open(layout.run("run-1"));
        looksRight("run-hostile");
    }

    @Test
    void theWatchedConsoleDoesTellOfViolations() throws IOException {
        write(Samples.allPass());
        String page = Files.readString(layout.home());
        Path bad = layout.root().resolve("bad.html");
        Files.writeString(
                bad, page.replace("</main>", "<p style='color:red'>x<script>document.title='run'</script></main>"));
        browser.open(bad);
        assertThat(browser.complaints())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains("Content Security Policy"));
        assertThat(browser.driver().getTitle()).isNotEqualTo("run");
    }

    private void writeMany(MatrixResult... results) throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (MatrixResult result : results) {
            int number = runs.size() + 1;
            DashboardRun run = Samples.run("run-" + number, out, result);
            runs.add(new DashboardRun(
                    run.id(),
                    run.boot(),
                    run.started().minusSeconds(86_400L * number),
                    run.matrix(),
                    run.note(),
                    run.packages(),
                    run.install(),
                    run.stages(),
                    run.provenance(),
                    run.channels(),
                    run.promotions(),
                    run.build()));
        }
        runs.add(new DashboardRun(
                "2026-11-10-1204",
                out.resolve("runs/2026-11-10-1204/boot"),
                Samples.STARTED.minusSeconds(86_400 * 12),
                Optional.empty(),
                "The run ended in configure: CONFIG_XEN_PVHVM_GUEST was asked for and did not stick.",
                List.of(),
                List.of(),
                List.of(new DashboardRun.StageTime("source", 3.1), new DashboardRun.StageTime("configure", 4.4)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty()));
        new Dashboard(layout).write(runs);
    }
}
