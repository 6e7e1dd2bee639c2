package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm build}. */
@Command(
        name = "build",
        description = "Fetches the source, configures and compiles it; makes a new run.",
        mixinStandardHelpOptions = true)
final class BuildVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.SpecOption spec;

    @Mixin
    private Options.BuilderOption builder;

    @Override
    public Integer call() {
        return options.finish(FarmRun.build(spec.read(), builder.in(options.places()), options.listener()));
    }
}
