package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How long a kernel took to boot in one mode: from power on, of a guest from its creation, until user space answered. Only cells that
 * pass count.
 *
 * @param cells how many they are
 * @param fastest of them, in seconds
 * @param median of them, in seconds
 * @param slowest of them, in seconds
 */
record BootTime(Mode mode, int cells, double fastest, double median, double slowest) {

    /** The check that ends when user space answers. */
    private static final String BOOT = "boot";

    /** The boot times of the modes that have any. */
    static List<BootTime> of(MatrixResult result) {
        List<BootTime> times = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            double[] seconds = result.cells().stream()
                    .filter(cell -> cell.cell().mode() == mode && cell.verdict() == Verdict.PASS)
                    .map(BootTime::of)
                    .flatMapToDouble(OptionalDouble::stream)
                    .sorted()
                    .toArray();
            if (seconds.length > 0) {
                times.add(new BootTime(mode, seconds.length, seconds[0], middle(seconds), seconds[seconds.length - 1]));
            }
        }
        return times;
    }

    /** The seconds that the kernel took to boot in the attempt that decided on the cell. */
    static OptionalDouble of(CellResult cell) {
        return cell.checks().stream()
                .filter(check -> check.name().equals(BOOT))
                .mapToDouble(check -> check.seconds())
                .findFirst();
    }

    private static double middle(double[] sorted) {
        int upper = sorted.length / 2;
        return Arrays.stream(sorted, (sorted.length - 1) / 2, upper + 1)
                .average()
                .orElseThrow();
    }
}
