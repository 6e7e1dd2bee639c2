package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;

/**
 * What planning saves: the same matrix booted as the farm does it, and then each cell alone, one after another, with a Xen
 * boot of its own, as somebody would who has only an emulator and a script.
 *
 * @param cells that were booted, each way
 * @param processors of this machine
 * @param together wall time of the farm's way, in seconds
 * @param alone wall time of the other, in seconds
 * @param ratio of the first to the second
 */
public record MatrixBench(
        String release, String emulator, int cells, int processors, double together, double alone, double ratio) {

    /**
     * Measures with the kernel of {@code run}.
     *
     * @throws FarmException the farm's fault, if a cell does not pass: the time of a failure says nothing
     */
    public static MatrixBench measure(RunLayout run, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            MatrixResult together = passing(run, places, BootStage.Hosts.standard(), progress);
            progress.note(String.format("together: %.1f s; now one at a time", together.seconds()));
            MatrixResult alone = passing(run, places, new BootStage.Hosts(1, false), progress);
            return new MatrixBench(
                    together.kernel().release(),
                    together.emulator(),
                    together.cells().size(),
                    Runtime.getRuntime().availableProcessors(),
                    together.seconds(),
                    alone.seconds(),
                    together.seconds() / alone.seconds());
        });
    }

    private static MatrixResult passing(RunLayout run, FarmRun.Places places, BootStage.Hosts hosts, Progress progress)
            throws IOException {
        MatrixResult result = boot(run, places, hosts, progress);
        if (result.verdict() != Verdict.PASS) {
            throw FarmException.farm("a cell ended " + result.verdict()
                    + ", and the time of that says nothing; './farm boot " + run.id() + "' shows why");
        }
        return result;
    }

    /** Boots the matrix of {@code run} in a folder of its own, of which nothing is left. */
    static MatrixResult boot(RunLayout run, FarmRun.Places places, BootStage.Hosts hosts, Progress progress)
            throws IOException {
        try (Scratch scratch = Scratch.in(places.cache())) {
            return BootStage.run(
                    Json.read(run.record(), RunRecord.class).spec().boot(),
                    Build.read(run.build()),
                    Publication.read(run).image(true, Build.read(run.build()), places.out(), run),
                    new RunLayout(scratch.folder()),
                    false,
                    hosts,
                    places,
                    progress,
                    (cells, kept) -> {});
        }
    }
}
