package io.kernelfarm.bootmatrix.report;

import static io.kernelfarm.bootmatrix.Mode.DOM0_PV;
import static io.kernelfarm.bootmatrix.Mode.HVM;
import static io.kernelfarm.bootmatrix.Mode.METAL;
import static io.kernelfarm.bootmatrix.Mode.PV;
import static io.kernelfarm.bootmatrix.Mode.PVH;
import static io.kernelfarm.bootmatrix.Mode.PVHVM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixComparison.Change;
import io.kernelfarm.bootmatrix.report.MatrixComparison.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixComparisonTest {

    @Test
    void theSameMatrixDiffersInNothing() {
        MatrixComparison same = MatrixComparison.of(Samples.troubled(), Samples.troubled());
        assertThat(same.changes()).isEmpty();
        assertThat(same.worse()).isFalse();
        assertThat(same.text())
                .isEqualTo("6.1.190-farm2, the same image, in both: nothing differs in 7 cells;"
                        + " together they took 1.00 times as long.\n");
    }

    /** A cell by its verdict in each run; {@code flaky} is a PASS after an attempt that was none. */
    @ParameterizedTest
    @CsvSource({
        "PASS, FAIL, WORSE",
        "PASS, ERROR, WORSE",
        "PASS, MISS, WORSE",
        "PASS, SKIP, WORSE",
        "PASS, flaky, WORSE",
        "flaky, FAIL, WORSE",
        "ERROR, FAIL, WORSE",
        "FAIL, PASS, BETTER",
        "FAIL, flaky, BETTER",
        "flaky, PASS, BETTER",
        "ERROR, PASS, BETTER",
        "FAIL, ERROR, OTHERWISE",
        "FAIL, SKIP, OTHERWISE",
        "MISS, ERROR, OTHERWISE",
    })
    void whatAVerdictTurnedIntoSaysWhetherItIsBetter(String before, String after, Kind kind) {
        MatrixComparison comparison = compare(List.of(cell(PV, before, 10)), List.of(cell(PV, after, 10)));
        assertThat(comparison.changes()).extracting(Change::kind).containsExactly(kind);
        assertThat(comparison.worse()).isEqualTo(kind == Kind.WORSE);
        assertThat(comparison.same()).isZero();
    }

    @Test
    void cellsThatOnlyOneHasAreNewOrGoneAndTheWorstIsToldFirst() {
        MatrixComparison comparison = compare(
                List.of(cell(METAL, "FAIL", 5), cell(PV, "PASS", 10), cell(HVM, "PASS", 40)),
                List.of(cell(METAL, "PASS", 5), cell(PVH, "FAIL", 10), cell(HVM, "FAIL", 40)));
        assertThat(comparison.changes())
                .extracting(Change::kind, Change::cell)
                .containsExactly(
                        tuple(Kind.WORSE, "hvm-xen-4.17-bios-qemu"),
                        tuple(Kind.BETTER, "metal-none-bios-qemu"),
                        tuple(Kind.NEW, "pvh-xen-4.17-bios-qemu"),
                        tuple(Kind.GONE, "pv-xen-4.17-bios-qemu"));
        assertThat(comparison.text()).isEqualTo("""
                        worse       hvm-xen-4.17-bios-qemu   PASS -> FAIL     because
                        better      metal-none-bios-qemu     FAIL -> PASS
                        new         pvh-xen-4.17-bios-qemu   FAIL             because
                        gone        pv-xen-4.17-bios-qemu    PASS

                        7.0-after against 6.9-before: 1 worse, 1 better, 1 new, 1 gone, 0 as before; together they took 1.00 times as long.
                        """);
    }

    @Test
    void aBusyMachineMakesNoCellSlower() {
        MatrixComparison comparison = compare(times(1, 1), times(3.1, 1));
        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.pace()).isEqualTo(3.1);
    }

    @Test
    void aCellThatIsSlowerThanTheOthersIsTold() {
        MatrixComparison comparison = compare(times(1, 1), times(3.1, 2));
        assertThat(comparison.changes())
                .extracting(Change::kind, Change::cell)
                .containsExactly(tuple(Kind.SLOWER, "pvhvm-xen-4.17-bios-qemu"));
        assertThat(comparison.worse()).isFalse();
        assertThat(comparison.text()).contains("PASS             40.0 s -> 248.0 s\n");
        assertThat(compare(times(3.1, 2), times(1, 1)).changes())
                .extracting(Change::kind)
                .containsExactly(Kind.FASTER);
    }

    @Test
    void aFewSecondsAreNoise() {
        List<CellResult> before = List.of(cell(METAL, "PASS", 1), cell(DOM0_PV, "PASS", 10));
        List<CellResult> after = List.of(cell(METAL, "PASS", 3.9), cell(DOM0_PV, "PASS", 14.9));
        assertThat(compare(before, after).changes()).isEmpty();
    }

    /** A matrix on a machine that is {@code pace} times as slow, with a PVHVM that is slower still. */
    private static List<CellResult> times(double pace, double pvhvm) {
        return List.of(
                cell(METAL, "PASS", 5 * pace),
                cell(DOM0_PV, "PASS", 14 * pace),
                cell(PV, "PASS", 10 * pace),
                cell(PVHVM, "PASS", 40 * pace * pvhvm));
    }

    private static MatrixComparison compare(List<CellResult> before, List<CellResult> after) {
        return MatrixComparison.of(matrix("6.9-before", before), matrix("7.0-after", after));
    }

    private static MatrixResult matrix(String release, List<CellResult> cells) {
        return Samples.matrix(release, "", cells);
    }

    private static CellResult cell(Mode mode, String outcome, double seconds) {
        boolean flaky = outcome.equals("flaky");
        Verdict verdict = flaky ? Verdict.PASS : Verdict.valueOf(outcome);
        Cell cell = new Cell(mode, mode == METAL ? "none" : Samples.XEN, "bios", "qemu", true);
        return new CellResult(
                cell,
                verdict,
                flaky,
                verdict == Verdict.PASS ? "" : "because",
                seconds,
                Samples.IMAGE,
                "",
                List.of(),
                List.of());
    }
}
