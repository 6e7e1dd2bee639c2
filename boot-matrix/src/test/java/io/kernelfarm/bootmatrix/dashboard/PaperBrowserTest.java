package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.initramfs.Tools;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages as they come out of a printer. The first sheet of each stays as a picture beside the screenshots. */
class PaperBrowserTest extends InBrowser {

    private static final String LONG =
            "[   12.345678] Kernel panic - not syncing: " + "a reason that goes on and on, ".repeat(9) + "to its end";

    @Test
    void theFirstPageHasTheMatrixAsATableAndTheRuns() throws IOException {
        write(Samples.allPass(), Samples.troubled());
        browser.dark(true).open(layout.home());
        String paper = print("home");
        assertThat(paper)
                .containsPattern("6.1.190-farm2 fails in 1 of 7\\s+cells")
                .contains("the farm is at fault", "flaky", "All runs")
                .containsPattern("metal +dom0-pv +pv +pvh +hvm +pvhvm")
                .containsPattern("PASS +PASS flaky +ERROR +FAIL")
                .doesNotContain("Compare");
        assertThat(sheets(paper)).isEqualTo(1);
    }

    @Test
    void aCellHasItsReasonAndTheLinesThatItRestsOnNotThousandsOfSheets() throws IOException {
        MatrixResult result = Samples.panicAt(60_000, LONG);
        DashboardRun run = Samples.run("run-1", out, result);
        CellResult cell = result.cells().get(0);
        Files.write(
                run.boot().resolve(cell.console()),
                IntStream.rangeClosed(1, 100_000)
                        .mapToObj(n -> n == 60_000 ? LONG : "line number " + n)
                        .toList());
        new Dashboard(layout).write(List.of(run));
        browser.open(layout.cell("run-1", cell.cell().id()));
        browser.await(".lines.live .row");
        String paper = print("cell");
        assertThat(sheets(paper)).isLessThanOrEqualTo(2);
        assertThat(paper)
                .contains("The kernel is at fault.", "Attempt", "60000", "line number 59999", "line number 60003");
        assertThat(paper.replaceAll("\\s+", " "))
                .as("a long line is broken, not cut")
                .contains("on, to its end");
        assertThat(paper).doesNotContain("Search the log", "line number 59000");
    }

    @Test
    void aKernelHasAllOfItsOptions() throws IOException {
        write(Samples.allPass());
        browser.open(layout.run("run-1"));
        assertThat(print("kernel"))
                .contains("Install", "sudo apt update", "Configuration", "MODULE_SIG", "Provenance", "Stages")
                .doesNotContain("Copy", "those that nobody asked for, too");
    }

    @Test
    void theHistoryGoesOnASheetOnItsSide() throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (int number = 160; number < 175; number++) {
            runs.add(Kernels.run(out, Kernels.matrix(number, Kernels.CELLS, (kernel, cell) -> Verdict.PASS)));
        }
        new Dashboard(layout).write(runs);
        browser.open(layout.history());
        browser.await("#boot canvas");
        assertThat(print("history"))
                .contains("6.1.174-farm1", "6.1.160-farm1", "Boot time", "Durations")
                .contains("pvhvm");
    }

    /** What stands on the sheets of the page that is open, laid out as there; a form feed ends each. */
    private String print(String name) throws IOException {
        Path pdf = SCREENSHOTS.resolve("paper-" + name + ".pdf");
        browser.print(pdf);
        Path picture = SCREENSHOTS.resolve("paper-" + name);
        Tools.run("pdftoppm", "-png", "-r", "80", "-singlefile", pdf.toString(), picture.toString());
        Path text = out.resolve(name + ".txt");
        Tools.run("pdftotext", "-layout", pdf.toString(), text.toString());
        return Files.readString(text);
    }

    private static long sheets(String paper) {
        return paper.chars().filter(c -> c == '\f').count();
    }
}
