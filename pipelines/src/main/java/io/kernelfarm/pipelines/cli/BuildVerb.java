package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Option(
            names = "--verify-reproducible",
            description =
                    "build it once more, in other folders and with nothing remembered, package both, and compare bit by bit. The exit"
                            + " code is 1 if they differ, and the first file that does is named.")
    private boolean twice;

    @Override
    public Integer call() {
        return options.finish(FarmRun.build(spec.read(), twice, builder.in(options.places()), options.listener()));
    }
}
