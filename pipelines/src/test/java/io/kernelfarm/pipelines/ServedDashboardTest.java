package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.bootmatrix.dashboard.Dashboard;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.report.Samples;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the dashboard hangs on how it comes to the browser, over {@code farm serve}. */
@Tag("real")
class ServedDashboardTest {

    private static final Cell PV = new Cell(Mode.PV, "xen-4.17", "bios", "qemu", true);

    @TempDir
    private Path folder;

    private OutLayout out;
    private FileServer server;
    private Browser browser;

    @BeforeEach
    void serve() throws IOException {
        out = new OutLayout(folder.resolve("out"));
        Files.createDirectories(out.root());
        server = FileServer.start(out, "127.0.0.1", 0);
        browser = new Browser();
    }

    @AfterEach
    void end() {
        browser.close();
        server.close();
    }

    @Test
    @SuppressWarnings("unchecked")
    void aLongConsoleComesInFewAndCompressedPieces() throws IOException {
        String panic = "[  900.000000] Kernel panic - not syncing: enough";
        MatrixResult result = Samples.panicAt(90_000, panic);
        DashboardRun run = Samples.run("run-1", out.root(), result);
        CellResult cell = result.cells().get(0);
        Files.write(
                run.boot().resolve(cell.console()),
                IntStream.rangeClosed(1, 100_000)
                        .mapToObj(n -> n == 90_000 ? panic : "line number " + n + " of a log that is much too long")
                        .toList());
        new Dashboard(out.dashboard()).write(List.of(run));

        browser.open(server.url() + "/runs/run-1/cells/" + cell.cell().id() + ".html#L90000");
        browser.awaitTrue("document.querySelector('.row.here:not(.waiting)') !== null");

        assertThat(browser.text(".row.here code")).isEqualTo(panic);
        List<String> pieces = (List<String>) browser.run("return performance.getEntriesByType('resource')"
                + ".filter((one) => /\\/\\d+\\.js$/.test(one.name)).map((one) => one.name.replace(/.*\\//, ''))");
        assertThat(pieces).containsExactly("89.js", "90.js");
        assertThat((Boolean) browser.run("return performance.getEntriesByType('resource')"
                        + ".filter((one) => /\\/\\d+\\.js$/.test(one.name))"
                        + ".every((one) => one.encodedBodySize > 0 && one.encodedBodySize * 4 < one.decodedBodySize)"))
                .as("compressed on their way")
                .isTrue();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRunOnItsWayMovesWithoutLoadingThePageAgain() throws IOException {
        LiveEvents live = new LiveEvents("run-2", out.dashboard());
        live.begin();
        live.on(new RunEvent.StageStarted(Stage.COMPILE, OptionalDouble.of(310)));
        new Dashboard(out.dashboard())
                .write(List.of(
                        Samples.run("run-1", out.root(), Samples.allPass()),
                        Samples.run("run-2", out.root(), Samples.allPass())));
        browser.open(server.url() + "/");
        browser.run("window.loadedOnce = true");
        status("Stage: compile.");

        live.on(new RunEvent.StageFinished(
                new RunRecord.StageRecord(Stage.COMPILE, Verdict.PASS, 300, "compiled", "")));
        live.on(new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.empty()));
        live.on(new RunEvent.MatrixStarted(List.of(PV), List.of()));
        live.on(new RunEvent.CellReached(PV, 1, BootState.KERNEL));
        status("Stage: boot, 0 of 1 cells have their verdicts.");
        assertThat(browser.find(".live-cells li").getText()).contains("pv on Xen 4.17", "kernel");

        live.on(new RunEvent.CellFinished(
                new CellResult(PV, Verdict.FAIL, false, "", 1, "", "", List.of(), List.of())));
        status("Stage: boot, 1 of 1 cells have their verdicts, 1 did not pass.");
        live.on(new RunEvent.RunInterrupted(out.run("run-2")));
        status("The run was interrupted.");
        assertThat(browser.run("return window.loadedOnce")).isEqualTo(true);
        assertThat(browser.complaints()).isEmpty();
    }

    private void status(String text) {
        browser.awaitTrue("document.querySelector('.live .status').textContent === '" + text + "'");
    }
}
