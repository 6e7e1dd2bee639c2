package io.kernelfarm.pipelines;

/** Hears what happens in a run. Called from the thread that works; quick, and never throws. */
@FunctionalInterface
public interface RunListener {
    void on(RunEvent event);
}
