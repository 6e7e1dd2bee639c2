package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm package}. */
@Command(
        name = "package",
        description = "Makes the .deb and the .rpm of a run's build.",
        mixinStandardHelpOptions = true)
final class PackageVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    @Override
    public Integer call() {
        FarmRun.Places places = options.places();
        return options.finish(FarmRun.pack(run.in(places), places, options.listener()));
    }
}
