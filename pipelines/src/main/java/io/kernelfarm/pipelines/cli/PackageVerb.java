package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import picocli.CommandLine.Command;

/** {@code farm package}. */
@Command(
        name = "package",
        description = "Makes the .deb and the .rpm of a run's build.",
        mixinStandardHelpOptions = true)
final class PackageVerb extends RunStageVerb {

    @Override
    RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener) {
        return FarmRun.pack(layout, places, listener);
    }
}
