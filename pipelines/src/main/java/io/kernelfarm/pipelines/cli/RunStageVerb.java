package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A verb that goes on with a run that there is. */
abstract class RunStageVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.RunParameter run;

    /** Does the verb's part of {@code run}. */
    abstract RunRecord goOn(RunLayout layout, FarmRun.Places places, RunListener listener);

    @Override
    public final Integer call() {
        FarmRun.Places places = options.places();
        return options.finish(goOn(run.in(places), places, options.listener()));
    }
}
