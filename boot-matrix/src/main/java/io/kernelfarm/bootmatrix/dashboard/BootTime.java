package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    /** The boot times of the modes that have any. */
    static List<BootTime> of(List<RunSummary.CellSummary> cells) {
        List<BootTime> times = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            double[] seconds = cells.stream()
                    .filter(cell -> cell.mode() == mode && cell.verdict() == Verdict.PASS && cell.bootSeconds() > 0)
                    .mapToDouble(RunSummary.CellSummary::bootSeconds)
                    .sorted()
                    .toArray();
            if (seconds.length > 0) {
                times.add(new BootTime(mode, seconds.length, seconds[0], middle(seconds), seconds[seconds.length - 1]));
            }
        }
        return times;
    }

    static List<BootTime> of(MatrixResult result) {
        return of(result.cells().stream().map(RunSummary.CellSummary::of).toList());
    }

    /** The median. */
    static double middle(double[] sorted) {
        int upper = sorted.length / 2;
        return Arrays.stream(sorted, (sorted.length - 1) / 2, upper + 1)
                .average()
                .orElseThrow();
    }
}
