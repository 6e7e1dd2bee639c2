package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.Stage;
import java.io.PrintStream;
import java.util.OptionalDouble;

/**
 * Progress for a terminal: what is done stays as lines, and one line below them, redrawn twice a second, says what is
 * going on.
 */
final class TerminalProgress implements RunListener {

    /** ECMA-48: to the line's start, and erase it. */
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final int columns;
    private Stage stage;
    private OptionalDouble estimate = OptionalDouble.empty();
    private String detail = "";
    private long stageStart;

    TerminalProgress(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
        Thread ticker = new Thread(this::tick, "status line");
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public synchronized void on(RunEvent event) {
        if (event instanceof RunEvent.StageStarted started) {
            stage = started.stage();
            estimate = started.estimate();
            detail = "";
            stageStart = System.nanoTime();
        } else if (event instanceof RunEvent.StageProgress progress) {
            detail = Wording.progress(progress);
            return; // The next tick shows it.
        } else if (event instanceof RunEvent.StageFinished) {
            stage = null;
        }
        out.print(ERASE_LINE);
        Wording.permanent(event).ifPresent(out::println);
        draw();
    }

    private synchronized void draw() {
        if (stage == null) {
            return;
        }
        String line = stage + " " + PlainProgress.time(Math.floor((System.nanoTime() - stageStart) / 1e9))
                + Wording.estimate(estimate) + (detail.isEmpty() ? "" : ": " + detail);
        out.print(ERASE_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
        out.flush();
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(500);
                draw();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
