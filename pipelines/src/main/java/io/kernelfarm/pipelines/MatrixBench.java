package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What planning saves: cells booted as the farm does it, and each of them alone, one after another, with a Xen boot of its
 * own, as somebody would who has only an emulator and a script.
 *
 * @param processors of this machine
 * @param steps the whole matrix last, and before it parts of it that grow
 */
public record MatrixBench(String release, String emulator, int processors, List<Step> steps) {

    public MatrixBench {
        steps = List.copyOf(steps);
    }

    /**
     * The first cells of the matrix.
     *
     * @param cells how many
     * @param together wall time of the farm's way, in seconds
     * @param alone wall time of the other, in seconds
     * @param ratio of the first to the second
     */
    public record Step(int cells, double together, double alone, double ratio) {}

    /**
     * Measures with the kernel of {@code run}.
     *
     * @param growth whether the first one, two, four, eight and so on of its cells are measured as well
     * @throws FarmException the farm's fault, if a cell does not pass: the time of a failure says nothing
     */
    public static MatrixBench measure(RunLayout run, boolean growth, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            List<Cell> cells = matrix(run).cells();
            // What a cell takes alone does not hang on how many others there are.
            List<Double> alone = new ArrayList<>();
            for (Cell cell : cells) {
                MatrixResult result = passing(run, List.of(cell), places, new BootStage.Hosts(1, false), progress);
                progress.note(String.format(Locale.ROOT, "%s alone: %.1f s", cell.id(), result.seconds()));
                alone.add(result.seconds());
            }
            List<Step> steps = new ArrayList<>();
            MatrixResult whole = null;
            for (int count : counts(cells.size(), growth)) {
                whole = passing(run, cells.subList(0, count), places, BootStage.Hosts.standard(), progress);
                progress.note(String.format(Locale.ROOT, "%d cells together: %.1f s", count, whole.seconds()));
                double sum = alone.subList(0, count).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                steps.add(new Step(count, whole.seconds(), sum, whole.seconds() / sum));
            }
            return new MatrixBench(
                    whole.kernel().release(),
                    whole.emulator(),
                    Runtime.getRuntime().availableProcessors(),
                    steps);
        });
    }

    private static List<Integer> counts(int all, boolean growth) {
        List<Integer> counts = new ArrayList<>();
        for (int count = 1; growth && count < all; count *= 2) {
            counts.add(count);
        }
        counts.add(all);
        return counts;
    }

    private static MatrixResult passing(
            RunLayout run, List<Cell> cells, FarmRun.Places places, BootStage.Hosts hosts, Progress progress)
            throws IOException {
        MatrixResult result = boot(run, cells, places, hosts, progress);
        if (result.verdict() != Verdict.PASS) {
            throw FarmException.farm("a cell ended " + result.verdict()
                    + ", and the time of that says nothing; './farm boot " + run.id() + "' shows why");
        }
        for (CellResult cell : result.cells()) {
            if (cell.flaky()) {
                throw FarmException.farm(cell.cell().id()
                        + " passed only when it was booted again, and the time of that says nothing; at first it was: "
                        + cell.attempts().get(0).reason());
            }
        }
        return result;
    }

    /** Boots {@code cells} of the matrix of {@code run} in a folder of its own, of which nothing is left. */
    static MatrixResult boot(
            RunLayout run, List<Cell> cells, FarmRun.Places places, BootStage.Hosts hosts, Progress progress)
            throws IOException {
        try (Scratch scratch = Scratch.in(places.cache())) {
            Spec.Boot asked = spec(run);
            Build build = Build.read(run.build());
            return BootStage.run(
                    asked.with(asked.asMatrix().only(cells)),
                    build,
                    BootStage.Origin.packaged(
                            Publication.read(run).image(true, build, places.out(), run), build.release()),
                    new RunLayout(scratch.folder()),
                    false,
                    hosts,
                    places,
                    progress,
                    (all, kept) -> {});
        }
    }

    private static Spec.Boot spec(RunLayout run) throws IOException {
        return Json.read(run.record(), RunRecord.class).spec().boot();
    }

    /** The matrix that {@code run} was asked for. */
    static MatrixSpec matrix(RunLayout run) throws IOException {
        return spec(run).asMatrix();
    }
}
