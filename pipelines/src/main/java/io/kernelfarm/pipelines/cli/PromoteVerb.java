package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.Promoter;
import io.kernelfarm.pipelines.Promotion;
import io.kernelfarm.pipelines.ReportStage;
import io.kernelfarm.pipelines.RunLayout;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm promote}. */
@Command(
        name = "promote",
        description =
                "Brings the kernel of a run into a channel for everybody, if its matrix proves every required cell.",
        mixinStandardHelpOptions = true)
final class PromoteVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    @Mixin
    private Options.TermsOptions terms;

    @Option(
            names = "--to",
            paramLabel = "CHANNEL",
            defaultValue = "stable",
            description = "the channel (default: ${DEFAULT-VALUE})")
    private String channel;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "who decides, for example a user of Jenkins (default: this user at this machine)")
    private String by;

    @Option(names = "--undo", description = "take the kernel out of the channel again")
    private boolean undo;

    @Option(names = "--no-dashboard", description = "leave the dashboard as it is")
    private boolean noDashboard;

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        RunLayout layout = run.in(places);
        Promoter promoter = new Promoter(
                layout, channel, by == null ? Promoter.self() : by, terms.terms(), places, options.notes());
        Promoter.Outcome outcome = undo ? promoter.undo() : promoter.promote();
        if (!noDashboard) {
            ReportStage.dashboard(places);
        }
        if (options.json()) {
            System.out.println(Json.text(outcome));
        } else {
            System.out.println(sentence(outcome));
            if (!undo) {
                Results.printInstall(layout, channel, places.out(), System.out);
            }
        }
        return 0;
    }

    private static String sentence(Promoter.Outcome outcome) {
        Promotion promotion = outcome.promotion();
        String kernel = promotion.release() + " of run " + promotion.run();
        if (promotion.action() == Promotion.Action.UNDO) {
            return kernel + " is no longer in " + promotion.to();
        }
        return kernel + " is " + (outcome.already() ? "already" : "now") + " in " + promotion.to() + ": "
                + promotion.evidence().verdicts().size() + " required cells passed, " + promotion.by()
                + " decided at " + promotion.at();
    }
}
