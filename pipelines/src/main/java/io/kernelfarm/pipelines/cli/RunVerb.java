package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm run}. */
@Command(
        name = "run",
        description = "Runs all stages: source, configure, compile, package, publish, boot, promote, report.",
        mixinStandardHelpOptions = true)
final class RunVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.SpecOption spec;

    @Mixin
    private Options.MachineOption machine;

    @Mixin
    private Options.BuilderOption builder;

    @Mixin
    private Options.EventsOption events;

    @Override
    public Integer call() {
        return options.finish(
                FarmRun.execute(spec.read(), machine.name(), builder.in(options.places()), options.listener(events)),
                events);
    }
}
