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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser, from the disk. Screenshots stay in {@code target/screenshots}. */
@Tag("real")
class DashboardBrowserTest {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int WIDE = 1280;
    private static final int NARROW = 390;

    @TempDir
    private Path out;

    private DashboardLayout layout;
    private Chromium chromium;

    @BeforeEach
    void layOut() throws IOException {
        layout = new DashboardLayout(out.resolve("dashboard"));
        chromium = new Chromium(Files.createDirectory(out.resolve("browser")));
    }

    @Test
    void showsARunThatPassedAndItsStyles() throws Exception {
        write(Samples.allPass());
        Chromium.Opened home = chromium.open(layout.home().toUri().toString());
        assertThat(home.console()).isEmpty();
        assertThat(home.dom()).contains("6.1.192-farm1 boots in all 6 cells.");
        shoot("home-one-run", layout.home(), 1000);
    }

    @Test
    void showsManyRunsAndWhatIsWrongWithEach() throws Exception {
        write(
                Samples.troubled(),
                Samples.oneFails(),
                Samples.allPass(),
                Samples.allPass(),
                Samples.oneFails(),
                Samples.allPass());
        shoot("home", layout.home(), 1500);
        shoot("run", layout.run("run-1"), 4900);
    }

    @Test
    void showsThatThereIsNothingYet() throws Exception {
        new Dashboard(layout).write(List.of());
        shoot("home-empty", layout.home(), 700);
    }

    @Test
    void hostileTextStaysTextInTheBrowser() throws Exception {
        write(Samples.hostile());
        for (Path page : List.of(layout.home(), layout.run("run-1"), layout.cell("run-1", "hvm-xen-4.17-bios-qemu"))) {
            Chromium.Opened opened = chromium.open(page.toUri().toString());
            assertThat(opened.console()).isEmpty();
            assertThat(opened.dom()).contains("&lt;script&gt;alert(1)").doesNotContain("<script>");
        }
        shoot("run-hostile", layout.run("run-1"), 1400);
    }

    @Test
    void theWatchedConsoleDoesTellOfViolations() throws Exception {
        write(Samples.allPass());
        String page = Files.readString(layout.home());
        Path bad = layout.root().resolve("bad.html");
        Files.writeString(
                bad, page.replace("</main>", "<p style='color:red'>x<script>document.title='run'</script></main>"));
        Chromium.Opened opened = chromium.open(bad.toUri().toString());
        assertThat(opened.console())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains("Content Security Policy"));
        assertThat(opened.dom()).doesNotContain("<title>run</title>");
    }

    private void write(MatrixResult... results) throws IOException {
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
        if (results.length > 1) {
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
        }
        new Dashboard(layout).write(runs);
    }

    private void shoot(String name, Path page, int height) throws Exception {
        String url = page.toUri().toString();
        assertThat(chromium.screenshot(url, SCREENSHOTS.resolve(name + "-light.png"), WIDE, height, false))
                .isEmpty();
        assertThat(chromium.screenshot(url, SCREENSHOTS.resolve(name + "-dark.png"), WIDE, height, true))
                .isEmpty();
        assertThat(chromium.screenshot(url, SCREENSHOTS.resolve(name + "-narrow.png"), NARROW, height, false))
                .isEmpty();
    }
}
