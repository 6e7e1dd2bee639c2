package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run on its way moves on the first page, which is not loaded again. */
class LiveBrowserTest extends InBrowser {

    private static final String ID = "20261123T065420Z-a14a32";

    @BeforeEach
    void open() throws IOException {
        write(LiveRun.State.RUNNING, List.of(stage("source", "PASS", 4), stage("compile", "", 12)), List.of());
        new Dashboard(layout).update(List.of(new RunSource(ID, "f", () -> Samples.run(ID, out, Samples.oneFails()))));
        browser.open(layout.home());
        browser.run("window.loadedOnce = true");
    }

    private void write(LiveRun.State state, List<LiveRun.LiveStage> stages, List<LiveRun.LiveCell> cells)
            throws IOException {
        new LiveRun(ID, state, Instant.now(), stages, cells).write(layout);
    }

    private static LiveRun.LiveStage stage(String name, String verdict, double seconds) {
        return new LiveRun.LiveStage(name, verdict, seconds, 310, verdict.isEmpty() ? "CC <b>drivers/xen</b>" : "");
    }

    private static LiveRun.LiveCell cell(String mode, String state, int attempt, String verdict, boolean flaky) {
        return new LiveRun.LiveCell(
                mode + "-xen-4.17-bios-qemu", mode + " on Xen 4.17", state, attempt, verdict, flaky);
    }

    private void awaitStatus(String text) {
        browser.awaitTrue("document.querySelector('.live .status').textContent === '" + text + "'");
    }

    @Test
    void stagesAndCellsMoveUntilItIsDone() throws IOException {
        browser.awaitTrue("document.querySelectorAll('.live-stages li').length === 2");
        awaitStatus("Stage: compile.");
        assertThat(browser.find(".live .detail").getText()).isEqualTo("CC <b>drivers/xen</b>");
        assertThat(browser.find(".live .status").getDomAttribute("role")).isEqualTo("status");

        List<LiveRun.LiveStage> stages =
                List.of(stage("source", "PASS", 4), stage("compile", "PASS", 300), stage("boot", "", 41));
        write(
                LiveRun.State.RUNNING,
                stages,
                List.of(
                        cell("dom0-pv", "", 1, "PASS", false),
                        cell("pv", "", 2, "PASS", true),
                        cell("pvhvm", "", 3, "FAIL", false),
                        cell("hvm", "KERNEL", 2, "", false),
                        cell("pvh", "", 0, "", false)));
        awaitStatus("Stage: boot, 3 of 5 cells have their verdicts, 1 did not pass.");
        assertThat(browser.all(".live-cells li"))
                .extracting(cell -> cell.getText().replace("\n", ": "))
                .containsExactly(
                        "dom0-pv on Xen 4.17: ✓ PASS",
                        "pv on Xen 4.17: ↻ PASS, flaky",
                        "pvhvm on Xen 4.17: ✕ FAIL",
                        "hvm on Xen 4.17: kernel, attempt 2",
                        "pvh on Xen 4.17: waits");
        looksRight("live");

        write(LiveRun.State.DONE, List.of(stage("source", "PASS", 4), stage("boot", "FAIL", 90)), List.of());
        awaitStatus("The run is done, and not all of it passed. Its page is there now.");
        assertThat(browser.run("return window.loadedOnce")).isEqualTo(true);
        assertThat(browser.complaints()).isEmpty();

        // It does not ask again.
        write(LiveRun.State.RUNNING, stages, List.of());
        browser.run("kernelFarm.load = () => { window.asked = true; return Promise.reject(); }");
        browser.driver().executeAsyncScript("setTimeout(arguments[0], 3500)");
        assertThat(browser.run("return window.asked")).isNull();
    }

    @Test
    void aRunThatIsHeardOfNoMoreIsLost() {
        browser.awaitTrue("document.querySelectorAll('.live-stages li').length === 2");
        browser.run("const now = Date.now.bind(Date); Date.now = () => now() + 61000");
        awaitStatus("Nothing was heard of this run for a minute: it was killed, or its machine is gone.");
        assertThat(browser.all(".live.lost")).hasSize(1);
    }

    @Test
    void onlyRunsOnTheirWayAreListed() throws IOException {
        assertThat(LiveRun.find(layout, ID, Instant.now())).isPresent();
        RunSource run = new RunSource(ID, "f", () -> Samples.run(ID, out, Samples.oneFails()));
        new Dashboard(layout).update(List.of(run), ID);
        assertThat(browser.open(layout.home()).all(".live")).isEmpty();
        assertThat(LiveRun.find(layout, ID, Instant.now().plus(LiveRun.PATIENCE).plusSeconds(1)))
                .isEmpty();
        assertThat(layout.live(ID)).doesNotExist();
        assertThat(DataFile.twin(layout.live(ID))).doesNotExist();
        write(LiveRun.State.DONE, List.of(), List.of());
        new Dashboard(layout).update(List.of(run));
        assertThat(browser.open(layout.home()).all(".live")).isEmpty();
        assertThat(layout.live(ID)).doesNotExist();
    }
}
