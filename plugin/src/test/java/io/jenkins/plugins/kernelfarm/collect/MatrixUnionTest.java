package io.jenkins.plugins.kernelfarm.collect;

import static io.jenkins.plugins.kernelfarm.collect.SampleRun.cell;
import static io.jenkins.plugins.kernelfarm.collect.SampleRun.matrix;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixUnionTest {
    private static CellResult of(Verdict verdict) {
        return cell(Mode.PV, "xen-4.17", "rack1", verdict);
    }

    private static CellResult flaky(boolean flaky, double seconds) {
        CellResult one = of(Verdict.PASS);
        return new CellResult(
                one.cell(),
                one.verdict(),
                flaky,
                one.reason(),
                seconds,
                one.imageSha256(),
                one.console(),
                one.checks(),
                one.attempts());
    }

    private static CellResult united(CellResult earlier, CellResult later) throws IOException {
        return MatrixUnion.of(matrix(earlier), matrix(later)).cells().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "FAIL, PASS",
        "FAIL, ERROR",
        "FAIL, MISS",
        "FAIL, SKIP",
        "PASS, ERROR",
        "PASS, MISS",
        "PASS, SKIP",
        "ERROR, MISS",
        "ERROR, SKIP",
        "MISS, SKIP"
    })
    void whatSaysMoreOfTheKernelStandsWhicheverCameFirst(Verdict more, Verdict less) throws IOException {
        assertThat(united(of(more), of(less))).isEqualTo(of(more));
        assertThat(united(of(less), of(more))).isEqualTo(of(more));
    }

    @Test
    void aFlakeIsNotHiddenAndOfTwoThatSayAsMuchTheLaterStands() throws IOException {
        assertThat(united(flaky(true, 1), flaky(false, 2))).isEqualTo(flaky(true, 1));
        assertThat(united(flaky(false, 1), flaky(true, 2))).isEqualTo(flaky(true, 2));
        assertThat(united(flaky(false, 1), flaky(false, 2))).isEqualTo(flaky(false, 2));
    }

    @Test
    void whatAFakeMachinePlayedStaysFakeInWhateverCompany() throws IOException {
        MatrixResult real = matrix(of(Verdict.PASS));
        MatrixResult played = matrix(cell(Mode.PVH, "xen-4.17", "fake", Verdict.PASS));
        MatrixResult renamed = new MatrixResult(
                real.kernel(), "", FakeMachine.DESCRIPTION, real.started(), real.seconds(), real.cells());

        assertThat(real.isFake()).isFalse();
        assertThat(MatrixUnion.of(real, played).isFake()).isTrue();
        assertThat(MatrixUnion.of(played, real).isFake()).isTrue();
        assertThat(MatrixUnion.of(real, renamed).isFake()).isTrue();
        assertThat(MatrixUnion.of(renamed, real).isFake()).isTrue();
        assertThat(MatrixUnion.of(real, real).emulator()).isEqualTo(real.emulator());
    }

    @Test
    void cellsKeepTheirOrderAndThoseOfTheLaterFollow() throws IOException {
        assertThat(MatrixUnion.of(
                                matrix(of(Verdict.PASS), cell(Mode.PV, "xen-4.17", "rack2", Verdict.MISS)),
                                matrix(
                                        cell(Mode.METAL, "none", "rack2", Verdict.PASS),
                                        cell(Mode.PV, "xen-4.17", "rack2", Verdict.PASS)))
                        .cells())
                .containsExactly(
                        of(Verdict.PASS),
                        cell(Mode.PV, "xen-4.17", "rack2", Verdict.PASS),
                        cell(Mode.METAL, "none", "rack2", Verdict.PASS));
    }
}
