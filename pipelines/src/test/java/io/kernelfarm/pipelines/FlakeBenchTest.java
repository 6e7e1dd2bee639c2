package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlakeBenchTest {

    @Test
    void equalVerdictsDoNotDifferHoweverLongTheyTook() {
        FlakeBench bench = FlakeBench.of(List.of(
                matrix(cell(Mode.PV, Verdict.PASS, false, 30), cell(Mode.HVM, Verdict.FAIL, false, 9)),
                matrix(cell(Mode.PV, Verdict.PASS, false, 10), cell(Mode.HVM, Verdict.FAIL, false, 9)),
                matrix(cell(Mode.PV, Verdict.PASS, false, 11), cell(Mode.HVM, Verdict.FAIL, false, 9))));
        assertThat(bench.differs()).isFalse();
        assertThat(bench.times()).isEqualTo(3);
        FlakeBench.Cell pv = bench.cells().get(0);
        assertThat(pv.cell()).isEqualTo("pv-xen-4.17-bios-qemu");
        assertThat(List.of(pv.min(), pv.median(), pv.max())).containsExactly(10.0, 11.0, 30.0);
        assertThat(pv.verdicts()).isEqualTo(Map.of(Verdict.PASS, 3));
        assertThat(bench.cells().get(1).reasons()).containsExactly("because");
    }

    @Test
    void anotherVerdictDiffers() {
        FlakeBench bench = FlakeBench.of(List.of(
                matrix(cell(Mode.PV, Verdict.PASS, false, 10)), matrix(cell(Mode.PV, Verdict.ERROR, false, 20))));
        assertThat(bench.differs()).isTrue();
        assertThat(bench.cells().get(0).verdicts()).isEqualTo(Map.of(Verdict.PASS, 1, Verdict.ERROR, 1));
        assertThat(bench.cells().get(0).median()).isEqualTo(15);
    }

    @Test
    void aPassOnTheSecondLookDiffersToo() {
        FlakeBench bench = FlakeBench.of(
                List.of(matrix(cell(Mode.PV, Verdict.PASS, false, 10)), matrix(cell(Mode.PV, Verdict.PASS, true, 10))));
        assertThat(bench.differs()).isTrue();
        assertThat(bench.cells().get(0).flaky()).isEqualTo(1);
    }

    private static MatrixResult matrix(CellResult... cells) {
        return new MatrixResult(new KernelId("6.1", "", ""), "", "QEMU", Instant.EPOCH, 40, List.of(cells));
    }

    private static CellResult cell(Mode mode, Verdict verdict, boolean flaky, double seconds) {
        return new CellResult(
                new Cell(mode, "xen-4.17", "bios", "qemu", true),
                verdict,
                flaky,
                verdict == Verdict.PASS ? "" : "because",
                seconds,
                "",
                "",
                List.of(),
                List.of());
    }
}
