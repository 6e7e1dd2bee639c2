package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.MatrixListing;
import io.kernelfarm.pipelines.MatrixSpec;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SpecReader;
import java.nio.file.Path;
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

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        Optional<MatrixSpec> other = Optional.ofNullable(matrix).map(SpecReader::readMatrix);
        if (list) {
            // A matrix in a file means the same whatever the run.
            print(MatrixListing.of(other.orElseGet(() -> FarmRun.matrix(run.in(places), places)), places));
            return 0;
        }
        RunLayout layout = run.in(places);
        return options.finish(FarmRun.boot(layout, other, places, options.listener()));
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
