package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.machine.FakeMachine;
import java.time.Instant;
import java.util.List;

/**
 * What became of a whole matrix; {@code matrix.json} is this, written down.
 *
 * @param control release of the control kernel, empty while none was needed
 * @param emulator the emulator and its version, for example {@code QEMU emulator version 7.2.22}; verdicts hang on it
 * @param seconds wall time of the boot stage
 */
public record MatrixResult(
        KernelId kernel, String control, String emulator, Instant started, double seconds, List<CellResult> cells) {

    /** Version of {@code matrix.json}'s format. */
    public static final int FORMAT_VERSION = 1;

    public MatrixResult {
        cells = List.copyOf(cells);
    }

    /** Whether a cell, or what is said of its machines, is of a fake one: then the matrix proves nothing. */
    public boolean isFake() {
        return emulator.contains(FakeMachine.DESCRIPTION)
                || cells.stream().anyMatch(cell -> cell.cell().isFake());
    }

    /** The worst cell's verdict. */
    public Verdict verdict() {
        return Verdict.worst(cells.stream().map(CellResult::verdict).toList());
    }
}
