package io.jenkins.plugins.kernelfarm.collect;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Two matrices of one run, booted by different agents at the same time or one after the other, become one. */
final class MatrixUnion {
    private static final List<Verdict> ORDER =
            List.of(Verdict.FAIL, Verdict.PASS, Verdict.ERROR, Verdict.MISS, Verdict.SKIP);

    /** What stands comes first. */
    private static final Comparator<CellResult> BY_WEIGHT = Comparator.<CellResult>comparingInt(
                    cell -> ORDER.indexOf(cell.verdict()))
            .thenComparing(cell -> !cell.flaky());

    private MatrixUnion() {}

    /**
     * The cells of both. Of a cell that is in both, the result stands that says more of the kernel, whichever came first:
     *
     * <ol>
     *   <li>FAIL: no agent's PASS hides it, and neither does a second boot; whoever thinks that it was chance has a flaky kernel.
     *   <li>PASS after an attempt that was not one, and then PASS.
     *   <li>ERROR, which is the farm's fault, MISS and SKIP: these say nothing of the kernel, and so stand only where nobody came to more. A
     *       build that has seen an ERROR stays "not built" all the same.
     * </ol>
     *
     * <p>Of two that say as much the later stands. A boot that was gone on with keeps what it had of its cells, so it needs no rule of
     * its own.
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
        later.cells().forEach(cell -> cells.merge(cell.cell().id(), cell, MatrixUnion::standing));
        return new MatrixResult(
                earlier.kernel(),
                earlier.control().isEmpty() ? later.control() : earlier.control(),
                Stream.of(earlier, later)
                        .map(MatrixResult::emulator)
                        .filter(emulator -> !emulator.isEmpty())
                        .distinct()
                        .collect(Collectors.joining("; ")),
                earlier.started().isBefore(later.started()) ? earlier.started() : later.started(),
                Math.max(earlier.seconds(), later.seconds()),
                cells.values().stream().toList());
    }

    private static CellResult standing(CellResult earlier, CellResult later) {
        return BY_WEIGHT.compare(earlier, later) < 0 ? earlier : later;
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
