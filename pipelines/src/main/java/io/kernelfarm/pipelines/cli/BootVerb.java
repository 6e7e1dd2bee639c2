package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import picocli.CommandLine.Command;

/** {@code farm boot}. */
@Command(
        name = "boot",
        description = "Boots the published kernel of a run in every mode of its spec, and reports it.",
        mixinStandardHelpOptions = true)
final class BootVerb extends RunStageVerb {

    @Override
    RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener) {
        return FarmRun.boot(layout, places, listener);
    }
}
