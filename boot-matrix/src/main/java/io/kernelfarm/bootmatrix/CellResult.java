package io.kernelfarm.bootmatrix;

import java.util.List;

/**
 * What became of one cell.
 *
 * @param flaky PASS, but only after an attempt that was not
 * @param reason one sentence on why the verdict is not PASS; empty when it is
 * @param seconds of the attempt that decided the verdict
 * @param imageSha256 of the kernel image file that was handed to the boot loader, lower-case hexadecimal
 * @param console console log of the attempt that decided the verdict, relative to {@code matrix.json}; empty if none
 * @param checks of the attempt that decided the verdict
 * @param attempts all boots of this cell, in their order
 */
public record CellResult(
        Cell cell,
        Verdict verdict,
        boolean flaky,
        String reason,
        double seconds,
        String imageSha256,
        String console,
        List<CheckResult> checks,
        List<Attempt> attempts) {
    public CellResult {
        checks = List.copyOf(checks);
        attempts = List.copyOf(attempts);
    }
}
