package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm publish}. */
@Command(
        name = "publish",
        description = "Publishes a run's packages into the apt and dnf repositories.",
        mixinStandardHelpOptions = true)
final class PublishVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        return options.finish(FarmRun.publish(run.in(places), places, options.listener()));
    }
}
