package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import picocli.CommandLine.Command;

/** {@code farm publish}. */
@Command(
        name = "publish",
        description = "Publishes a run's packages into the apt and dnf repositories.",
        mixinStandardHelpOptions = true)
final class PublishVerb extends RunStageVerb {

    @Override
    RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener) {
        return FarmRun.publish(layout, places, listener);
    }
}
