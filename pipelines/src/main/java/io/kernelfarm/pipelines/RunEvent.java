package io.kernelfarm.pipelines;

import java.util.OptionalDouble;

/** What happens in a run, for whoever listens. */
public sealed interface RunEvent {

    record RunStarted(String id, RunLayout layout) implements RunEvent {}

    /**
     * A stage begins.
     *
     * @param estimate seconds that this stage took last time, if it ever ran
     */
    record StageStarted(Stage stage, OptionalDouble estimate) implements RunEvent {}

    /**
     * A stage goes on.
     *
     * @param fraction from 0 to 1; negative if it cannot be known
     */
    record StageProgress(Stage stage, double fraction, String detail) implements RunEvent {}

    record StageNote(Stage stage, String sentence) implements RunEvent {}

    record StageFinished(RunRecord.StageRecord result) implements RunEvent {}

    record RunFinished(RunRecord run, RunLayout layout) implements RunEvent {}
}
