package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunRecord;
import io.kernelfarm.pipelines.Stage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveStatusTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void showsTheStageTheCountsAndEachCellThatBoots() {
        LiveStatus status = new LiveStatus(80, 10);
        status.on(new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.of(45)), 0);
        status.on(new RunEvent.StageProgress(Stage.BOOT, -1, "making dom0's root file system"), 0);
        assertThat(status.lines(2 * SECOND))
                .containsExactly("boot 2 s (last time 45.0 s): making dom0's root file system");

        status.on(new RunEvent.MatrixStarted(cells(6), List.of(result(5, Verdict.PASS))), 3 * SECOND);
        status.on(new RunEvent.CellReached(cell(0), 1, BootState.CREATED), 10 * SECOND);
        status.on(new RunEvent.CellReached(cell(0), 1, BootState.KERNEL), 20 * SECOND);
        status.on(new RunEvent.CellReached(cell(12), 2, BootState.CREATED), 30 * SECOND);
        status.on(new RunEvent.CellReached(cell(3), 1, BootState.DONE), 30 * SECOND);
        status.on(new RunEvent.CellFinished(result(3, Verdict.FAIL)), 40 * SECOND);
        assertThat(status.lines(100 * SECOND))
                .containsExactly(
                        "boot 1 min 40 s (last time 45.0 s): 2 of 6 cells, 1 FAIL, 1 PASS, 2 booting",
                        "  pv-xen-4.0-bios-qemu    kernel       1 min 30 s",
                        "  pv-xen-4.12-bios-qemu   created      1 min 10 s   attempt 2");
    }

    @Test
    void aCellBetweenTwoAttemptsDoesNotBoot() {
        LiveStatus status = booting(1, 80, 10);
        Attempt failed = new Attempt("subject", "", Verdict.FAIL, 5, "it crashed", "KERNEL", "", List.of());
        status.on(new RunEvent.CellAttempted(cell(0), failed), SECOND);
        assertThat(status.lines(SECOND)).containsExactly("boot 1 s: 0 of 60 cells");
        status.on(new RunEvent.CellReached(cell(0), 2, BootState.POWERED), 5 * SECOND);
        assertThat(status.lines(8 * SECOND).get(1)).endsWith("powered      3 s   attempt 2");
    }

    @Test
    void dozensOfCellsAreCutToTheRowsThatThereAre() {
        assertThat(booting(40, 80, 5).lines(SECOND))
                .hasSize(5)
                .startsWith("boot 1 s: 0 of 60 cells, 40 booting")
                .endsWith("  and 37 more");
        assertThat(booting(4, 80, 5).lines(SECOND)).hasSize(5).noneMatch(line -> line.contains("more"));
        assertThat(booting(40, 80, 1).lines(SECOND)).containsExactly("boot 1 s: 0 of 60 cells, 40 booting");
    }

    @Test
    void noLineFillsTheLastColumn() {
        assertThat(booting(40, 30, 16).lines(SECOND)).hasSize(16).allMatch(line -> line.length() <= 29);
    }

    @Test
    void betweenStagesThereIsNothingToShow() {
        LiveStatus status = booting(3, 80, 10);
        status.on(new RunEvent.StageFinished(new RunRecord.StageRecord(Stage.BOOT, Verdict.PASS, 1, "", "")), SECOND);
        assertThat(status.lines(SECOND)).isEmpty();
        status.on(new RunEvent.StageStarted(Stage.REPORT, OptionalDouble.empty()), 2 * SECOND);
        assertThat(status.lines(2 * SECOND)).containsExactly("report 0 s");
    }

    /** A matrix of 60 cells of which {@code count} boot. */
    private static LiveStatus booting(int count, int columns, int rows) {
        LiveStatus status = new LiveStatus(columns, rows);
        status.on(new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.empty()), 0);
        status.on(new RunEvent.MatrixStarted(cells(60), List.of()), 0);
        for (int i = 0; i < count; i++) {
            status.on(new RunEvent.CellReached(cell(i), 1, BootState.KERNEL), 0);
        }
        return status;
    }

    private static List<Cell> cells(int count) {
        return IntStream.range(0, count).mapToObj(LiveStatusTest::cell).toList();
    }

    private static Cell cell(int number) {
        return new Cell(Mode.PV, "xen-4." + number, "bios", "qemu", true);
    }

    private static CellResult result(int number, Verdict verdict) {
        return new CellResult(cell(number), verdict, false, "", 5, "", "", List.of(), List.of());
    }
}
