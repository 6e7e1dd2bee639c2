package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.report.MatrixComparison;
import io.kernelfarm.pipelines.Comparisons;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.MatrixListing;
import io.kernelfarm.pipelines.MatrixSpec;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SpecReader;
import io.kernelfarm.pipelines.builder.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm boot}. */
@Command(
        name = "boot",
        description = "Boots the published kernel of a run in every cell of its spec's matrix, and reports it.",
        mixinStandardHelpOptions = true)
final class BootVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    @Option(names = "--list", description = "boot nothing; say which cells the matrix means, which it skips, and why")
    private boolean list;

    @Option(names = "--matrix", paramLabel = "FILE", description = "boot this matrix instead of the spec's")
    private Path matrix;

    @Mixin
    private Options.MachineOption machine;

    @Option(
            names = "--cells",
            paramLabel = "NAME",
            split = ",",
            description =
                    "boot only these cells, where several farms share a matrix; '*' stands for anything. The others are"
                            + " not in the results, and a kernel is not promoted without them.")
    private List<String> cells = List.of();

    @Mixin
    private Options.EventsOption events;

    @Option(
            names = "--compare",
            arity = "2",
            paramLabel = "RUN",
            description =
                    "boot nothing; list the cells that are worse, better, slower, faster, new or gone in the second"
                            + " run. Slower is what takes half as long again as before, once what all cells have in common is taken"
                            + " out. The exit code is 1 if a cell is worse, else 0.")
    private List<String> compared = List.of();

    @Option(
            names = "--resume",
            description = "go on with a boot that was ended at any moment: cells that have their verdicts are kept, the"
                    + " others are booted from their first attempt on")
    private boolean resume;

    @Override
    public Integer call() {
        if (!compared.isEmpty()) {
            return compare();
        }
        FarmRun.Places places = options.places();
        if (list) {
            print(MatrixListing.of(asked(places), target(places), places));
            return 0;
        }
        RunLayout layout = run.in(places);
        boolean ofSpec = matrix == null && machine.name().isEmpty() && cells.isEmpty();
        Optional<MatrixSpec> other = ofSpec ? Optional.empty() : Optional.of(asked(places));
        return options.finish(FarmRun.boot(layout, other, resume, places, options.listener(events)), events);
    }

    /** What is to be booted. A matrix in a file means the same whatever the run, and needs none to be listed. */
    private MatrixSpec asked(FarmRun.Places places) {
        MatrixSpec whole = matrix == null ? FarmRun.matrix(run.in(places), places) : SpecReader.readMatrix(matrix);
        MatrixSpec there = machine.name()
                .map(name -> whole.movedTo(name, places.machines()))
                .orElse(whole);
        return cells.isEmpty() ? there : there.sharing(cells);
    }

    private Target target(FarmRun.Places places) {
        return matrix == null ? FarmRun.target(run.in(places), places) : Target.X86_64;
    }

    private int compare() {
        FarmRun.Places places = options.places();
        MatrixComparison comparison = Comparisons.compare(
                places.out().find(compared.get(0)), places.out().find(compared.get(1)), places);
        if (options.json()) {
            System.out.println(Json.text(comparison));
        } else {
            System.out.print(comparison.text());
        }
        return comparison.worse() ? FarmException.Blame.KERNEL.exitCode() : 0;
    }

    private void print(MatrixListing listing) {
        if (options.json()) {
            System.out.println(Json.text(listing));
            return;
        }
        for (MatrixListing.Wanted cell : listing.cells()) {
            System.out.printf(
                    "%-32s %-9s checks: %s%n",
                    cell.cell(), cell.required() ? "required" : "optional", String.join(", ", cell.checks()));
            if (!cell.obstacle().isEmpty()) {
                System.out.printf("%-32s %-9s %s%n", "", "ERROR:", cell.obstacle());
            }
        }
        for (MatrixListing.Skipped cell : listing.skipped()) {
            System.out.printf("%-32s %-9s %s%n", cell.cell(), "skipped:", cell.reason());
        }
        if (listing.cells().stream().anyMatch(cell -> cell.checks().contains("soak"))) {
            System.out.printf("soak: %d s%n", listing.soak());
        }
        for (MatrixSpec.Ignored line : listing.ignored()) {
            System.out.printf("ignored: %s  (%s; %s)%n", line.pattern(), line.reason(), line.bug());
        }
        long obstructed = listing.cells().stream()
                .filter(cell -> !cell.obstacle().isEmpty())
                .count();
        System.out.printf(
                "%d to boot%s, %d skipped%n",
                listing.cells().size(),
                obstructed == 0 ? "" : " (" + obstructed + " cannot be booted here)",
                listing.skipped().size());
    }
}
