package io.kernelfarm.bootmatrix;

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

    /** The worst cell's verdict. */
    public Verdict verdict() {
        return Verdict.worst(cells.stream().map(CellResult::verdict).toList());
    }
}
