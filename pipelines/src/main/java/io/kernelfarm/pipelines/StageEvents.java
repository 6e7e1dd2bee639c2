package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.util.OptionalDouble;

/** Tells of stages that belong to no run. */
record StageEvents(RunListener listener) {

    /**
     * A stage's result.
     *
     * @param summary one sentence on what it made
     */
    record Done<T>(T value, Verdict verdict, String summary) {}

    /** What a stage does. */
    @FunctionalInterface
    interface Work<T> {
        Done<T> run(Progress progress) throws IOException;
    }

    <T> T run(Stage stage, Work<T> work) throws IOException {
        listener.on(new RunEvent.StageStarted(stage, OptionalDouble.empty()));
        long start = System.nanoTime();
        try {
            Done<T> done = work.run(new Notes(stage, listener));
            finished(stage, done.verdict(), start, done.summary(), "");
            return done.value();
        } catch (FarmException e) {
            finished(stage, e.blame().verdict(), start, "", e.getMessage());
            throw e;
        }
    }

    private void finished(Stage stage, Verdict verdict, long start, String summary, String reason) {
        listener.on(new RunEvent.StageFinished(
                new RunRecord.StageRecord(stage, verdict, secondsSince(start), summary, reason)));
    }

    /** Tenths of seconds since {@code start}, a reading of {@link System#nanoTime}. */
    static double secondsSince(long start) {
        return Math.round((System.nanoTime() - start) / 1e8) / 10.0;
    }

    /** What a stage says, as events. */
    record Notes(Stage stage, RunListener listener) implements Progress {
        @Override
        public void note(String sentence) {
            listener.on(new RunEvent.StageNote(stage, sentence));
        }

        @Override
        public void at(double fraction, String detail) {
            listener.on(new RunEvent.StageProgress(stage, fraction, detail));
        }
    }
}
