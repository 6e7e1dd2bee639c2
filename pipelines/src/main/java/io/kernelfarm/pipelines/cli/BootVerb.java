package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm boot}. */
@Command(
        name = "boot",
        description = "Boots the published kernel of a run in every mode of its spec, and reports it.",
        mixinStandardHelpOptions = true)
final class BootVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        return options.finish(FarmRun.boot(run.in(places), places, options.listener()));
    }
}
