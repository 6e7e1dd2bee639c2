package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.ReportStage;
import io.kernelfarm.pipelines.Withdrawal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farm withdraw}. */
@Command(
        name = "withdraw",
        description =
                "Takes the packages of runs out of the channel that they were published in; a run that is promoted stays.",
        mixinStandardHelpOptions = true)
final class WithdrawVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "ids of runs, or paths of their folders")
    private List<String> runs;

    @Mixin
    private Options.TermsOptions terms;

    @Option(names = "--no-dashboard", description = "leave the dashboard as it is")
    private boolean noDashboard;

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        List<Withdrawal.Outcome> outcomes =
                Withdrawal.of(runs.stream().map(places.out()::find).toList(), terms.terms(), places, options.notes());
        if (!noDashboard) {
            ReportStage.dashboard(places);
        }
        if (options.json()) {
            System.out.println(Json.text(outcomes));
        } else {
            outcomes.forEach(outcome -> System.out.println(sentence(outcome)));
        }
        return 0;
    }

    private static String sentence(Withdrawal.Outcome outcome) {
        String run = "run " + outcome.run();
        if (!outcome.promoted().isEmpty()) {
            return run + " stays: it is promoted to " + String.join(", ", outcome.promoted());
        }
        return outcome.channel().isEmpty()
                ? run + " has published nothing"
                : run + " is no longer in " + outcome.channel();
    }
}
