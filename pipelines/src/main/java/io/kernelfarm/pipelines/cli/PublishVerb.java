package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm publish}. */
@Command(
        name = "publish",
        description = "Publishes a run's packages into the apt and dnf repositories.",
        mixinStandardHelpOptions = true)
final class PublishVerb extends RunStageVerb {

    @Mixin
    private Options.TermsOptions terms;

    @Option(names = "--channel", paramLabel = "NAME", description = "the channel to publish in (default: the spec's)")
    private String channel;

    @Override
    RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener) {
        return FarmRun.publish(layout, terms.terms(channel), places, listener);
    }
}
