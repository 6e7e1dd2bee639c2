package io.jenkins.plugins.kernelfarm.collect;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Two matrices of one run, booted by different agents at the same time or one after the other, become one. */
final class MatrixUnion {

    private MatrixUnion() {}

    /**
     * The cells of both. Of a cell that is in both the later result stands, but for one that never ran.
     *
     * @throws IOException in one sentence, if they are not of the same image
     */
    static MatrixResult of(MatrixResult earlier, MatrixResult later) throws IOException {
        if (!earlier.kernel().equals(later.kernel())) {
            throw new IOException(
                    "one agent booted the image " + earlier.kernel().imageSha256() + ", another "
                            + later.kernel().imageSha256()
                            + "; boot the image that this run packaged on both, so that their cells are of one kernel");
        }
        Map<String, CellResult> cells = new LinkedHashMap<>();
        earlier.cells().forEach(cell -> cells.put(cell.cell().id(), cell));
        for (CellResult cell : later.cells()) {
            if (cell.verdict() != Verdict.MISS || !cells.containsKey(cell.cell().id())) {
                cells.put(cell.cell().id(), cell);
            }
        }
        return new MatrixResult(
                earlier.kernel(),
                earlier.control().isEmpty() ? later.control() : earlier.control(),
                earlier.emulator().isEmpty() ? later.emulator() : earlier.emulator(),
                earlier.started().isBefore(later.started()) ? earlier.started() : later.started(),
                Math.max(earlier.seconds(), later.seconds()),
                cells.values().stream().toList());
    }

    /** The same, its consoles called otherwise. */
    static MatrixResult renamed(MatrixResult matrix, UnaryOperator<String> name) {
        return new MatrixResult(
                matrix.kernel(),
                matrix.control(),
                matrix.emulator(),
                matrix.started(),
                matrix.seconds(),
                matrix.cells().stream()
                        .map(cell -> new CellResult(
                                cell.cell(),
                                cell.verdict(),
                                cell.flaky(),
                                cell.reason(),
                                cell.seconds(),
                                cell.imageSha256(),
                                name.apply(cell.console()),
                                cell.checks(),
                                cell.attempts().stream()
                                        .map(attempt -> new Attempt(
                                                attempt.kernel(),
                                                attempt.dom0(),
                                                attempt.verdict(),
                                                attempt.seconds(),
                                                attempt.reason(),
                                                attempt.lastState(),
                                                name.apply(attempt.console()),
                                                attempt.checks()))
                                        .toList()))
                        .toList());
    }
}
