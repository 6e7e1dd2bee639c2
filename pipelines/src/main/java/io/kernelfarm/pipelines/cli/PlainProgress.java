package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import java.io.PrintStream;
import java.time.Duration;

/** Progress for logs: one line for each thing that happens, and at most two a minute while a stage goes on. */
final class PlainProgress implements RunListener {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final PrintStream out;
    private long lastLine = System.nanoTime();

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.StageProgress progress) {
            if (System.nanoTime() - lastLine < PAUSE.toNanos()) {
                return;
            }
            line(progress.stage() + ": " + Wording.progress(progress));
        } else if (event instanceof RunEvent.StageStarted started) {
            line(started.stage() + ": started" + Wording.estimate(started.estimate()));
        } else {
            Wording.permanent(event).ifPresent(this::line);
        }
    }

    private void line(String text) {
        lastLine = System.nanoTime();
        out.println(text);
        out.flush();
    }
}
