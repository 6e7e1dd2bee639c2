package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PASS PASS PASS PASS PASS PASS    | 6.1.192-farm1 boots in all 6 cells.",
                "PASS                             | 6.1.192-farm1 boots in the one cell.",
                "PASS PASS SKIP                   | 6.1.192-farm1 boots in all 2 cells that make sense here (1 skipped).",
                "SKIP SKIP                        | No cell makes sense here, all 2 are skipped.",
                "FAIL                             | 6.1.192-farm1 fails in 1 of 1 cell (metal).",
                "PASS PASS PASS PASS PASS FAIL    | 6.1.192-farm1 fails in 1 of 6 cells (pvhvm on Xen 4.17); 5 pass.",
                "FAIL ERROR MISS PASS             | 6.1.192-farm1 fails in 1 of 4 cells (metal); "
                        + "the farm could not judge 1 (dom0-pv on Xen 4.17); 1 never ran (pv on Xen 4.17); 1 passes.",
                "ERROR PASS                       | The farm could not judge 6.1.192-farm1 in 1 of 2 cells (metal); 1 passes.",
                "MISS MISS MISS MISS MISS MISS    | 6.1.192-farm1 never ran in 6 of 6 cells "
                        + "(metal, dom0-pv on Xen 4.17, pv on Xen 4.17 and 3 more).",
            })
    void saysOfTheWholeWhatIsWorstFirst(String verdicts, String sentence) {
        assertThat(Wording.whole(matrix(verdicts))).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "9.96, 10.0 s",
        "99.4, 99.4 s",
        "99.6, 1 min 40 s",
        "3599.4, 59 min 59 s",
        "7261, 2 h 01 min"
    })
    void durations(double seconds, String words) {
        assertThat(Wording.duration(seconds)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qemu | 0 | It does: the mode is proved.",
                "qemu | 2 | It does: the mode is proved and all 2 checks passed.",
                "fake | 0 | A fake machine played that, which proves nothing.",
                "fake | 2 | A fake machine played that, which proves nothing; all 2 checks passed.",
            })
    void aPassSaysWhatItProves(String machine, int checks, String sentence) {
        CheckResult check = new CheckResult("boot", Verdict.PASS, 0, "", List.of());
        CellResult result = new CellResult(
                new Cell(Mode.PV, "xen-4.17", "bios", machine, true),
                Verdict.PASS,
                false,
                "",
                0,
                "",
                "",
                Collections.nCopies(checks, check),
                List.of());
        assertThat(Wording.verdict(result)).isEqualTo(sentence);
    }

    @Test
    void theHeadlineAndTheRestAreTheWhole() {
        MatrixResult result = Samples.troubled();
        assertThat(Wording.headline(result)).isEqualTo("6.1.190-farm2 fails in 1 of 7 cells (pvhvm on Xen 4.17).");
        assertThat(Wording.rest(result)).startsWith("The farm could not judge 1 (hvm on Xen 4.17); ");
        assertThat(Wording.rest(Samples.allPass())).isEmpty();
    }

    /** The first cells of a matrix, with these verdicts. */
    private static MatrixResult matrix(String verdicts) {
        List<Verdict> given =
                Arrays.stream(verdicts.split(" ")).map(Verdict::valueOf).toList();
        List<CellResult> cells = Samples.allPass().cells();
        return Samples.matrix(
                "6.1.192-farm1",
                "",
                IntStream.range(0, given.size())
                        .mapToObj(i -> new CellResult(
                                cells.get(i).cell(), given.get(i), false, "", 0, "", "", List.of(), List.of()))
                        .toList());
    }
}
