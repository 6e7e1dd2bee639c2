package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.report.MatrixComparison;
import io.kernelfarm.pipelines.Comparisons;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm boot}. */
@Command(
        name = "boot",
        description = "Boots the published kernel of a run in every mode of its spec, and reports it.",
        mixinStandardHelpOptions = true)
final class BootVerb extends RunStageVerb {

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
        return compared.isEmpty() ? super.call() : compare();
    }

    private int compare() {
        FarmRun.Places places = options().places();
        MatrixComparison comparison = Comparisons.compare(
                places.out().find(compared.get(0)), places.out().find(compared.get(1)), places);
        if (options().json()) {
            System.out.println(Json.text(comparison));
        } else {
            System.out.print(comparison.text());
        }
        return comparison.worse() ? FarmException.Blame.KERNEL.exitCode() : 0;
    }

    @Override
    Options.EventsOption events() {
        return events;
    }

    @Override
    RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener) {
        return FarmRun.boot(layout, resume, places, listener);
    }
}
