package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the same matrix gets the same verdicts when it is booted again and again on the same machine.
 *
 * @param times how often it was booted
 * @param seconds that each of the matrices took
 */
public record FlakeBench(
        String release, String emulator, int processors, int times, List<Double> seconds, List<Cell> cells) {

    /**
     * What one cell did.
     *
     * @param verdicts how often it got which
     * @param flaky how many of its passes came only after an attempt that was none
     * @param min fewest seconds of a boot
     * @param median of the seconds; of an even number the mean of the two in the middle
     * @param max most seconds
     * @param reasons why it did not pass, each once
     */
    public record Cell(
            String cell,
            Map<Verdict, Integer> verdicts,
            int flaky,
            double min,
            double median,
            double max,
            List<String> reasons) {

        /** Whether its verdicts differ, or a pass needed a second attempt. */
        public boolean differs() {
            return verdicts.size() > 1 || flaky > 0;
        }

        static Cell of(String cell, List<CellResult> results) {
            Map<Verdict, Integer> verdicts = new LinkedHashMap<>();
            results.forEach(result -> verdicts.merge(result.verdict(), 1, Integer::sum));
            List<Double> seconds =
                    results.stream().map(CellResult::seconds).sorted().toList();
            int half = seconds.size() / 2;
            double median =
                    seconds.size() % 2 == 1 ? seconds.get(half) : (seconds.get(half - 1) + seconds.get(half)) / 2;
            return new Cell(
                    cell,
                    verdicts,
                    (int) results.stream().filter(CellResult::flaky).count(),
                    seconds.get(0),
                    median,
                    seconds.get(seconds.size() - 1),
                    results.stream()
                            .map(CellResult::reason)
                            .filter(reason -> !reason.isEmpty())
                            .distinct()
                            .toList());
        }
    }

    /** Whether any cell's verdicts differ. */
    public boolean differs() {
        return cells.stream().anyMatch(Cell::differs);
    }

    /**
     * Boots the matrix of {@code run}, {@code times} times in a row.
     *
     * @throws FarmException the farm's fault, if a matrix cannot be booted at all
     */
    public static FlakeBench measure(RunLayout run, int times, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            List<MatrixResult> matrices = new ArrayList<>();
            for (int turn = 1; turn <= times; turn++) {
                MatrixResult matrix = MatrixBench.boot(
                        run, MatrixBench.matrix(run).cells(), places, BootStage.Hosts.standard(), progress);
                progress.note(String.format(
                        Locale.ROOT, "matrix %d of %d: %s in %.1f s", turn, times, matrix.verdict(), matrix.seconds()));
                matrices.add(matrix);
            }
            return of(matrices);
        });
    }

    /** What {@code matrices}, at least one, of the same cells have in common and what not. */
    static FlakeBench of(List<MatrixResult> matrices) {
        Map<String, List<CellResult>> results = new LinkedHashMap<>();
        matrices.forEach(matrix -> matrix.cells()
                .forEach(result -> results.computeIfAbsent(result.cell().id(), id -> new ArrayList<>())
                        .add(result)));
        List<Cell> cells = new ArrayList<>();
        results.forEach((id, all) -> cells.add(Cell.of(id, all)));
        return new FlakeBench(
                matrices.get(0).kernel().release(),
                matrices.get(0).emulator(),
                Runtime.getRuntime().availableProcessors(),
                matrices.size(),
                matrices.stream().map(MatrixResult::seconds).toList(),
                cells);
    }
}
