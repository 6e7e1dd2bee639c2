package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import java.io.PrintStream;
import java.util.List;

/**
 * Progress for a terminal: what is done stays as lines, and a few lines below them, redrawn twice a second, say what is going
 * on.
 */
final class TerminalProgress implements RunListener {

    /** More lines than this nobody follows. */
    private static final int ROWS_AT_MOST = 16;

    /** ECMA-48: to the line's start, and erase from there to the end of the screen. */
    private static final String ERASE = "\r\u001b[J";

    private final PrintStream out;
    private final LiveStatus status;
    private int drawn;

    /**
     * Progress for a terminal of this size.
     *
     * @param rows 0 if nobody knows; the status is one line then
     */
    TerminalProgress(PrintStream out, int columns, int rows) {
        this.out = out;
        this.status = new LiveStatus(columns, Math.max(1, Math.min(ROWS_AT_MOST, rows - 1)));
        Thread ticker = new Thread(this::tick, "status lines");
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public synchronized void on(RunEvent event) {
        status.on(event, System.nanoTime());
        boolean redraw = event instanceof RunEvent.StageStarted || event instanceof RunEvent.StageFinished;
        Wording.permanent(event).ifPresentOrElse(this::redraw, () -> {
            if (redraw) {
                redraw("");
            }
        });
        // All else is shown by the next tick.
    }

    /** Prints {@code permanent}, if it is not empty, and the status below it. */
    private synchronized void redraw(String permanent) {
        StringBuilder text = new StringBuilder(drawn > 1 ? "\u001b[" + (drawn - 1) + "A" : "");
        text.append(drawn > 0 ? ERASE : "").append(permanent);
        if (!permanent.isEmpty()) {
            text.append(System.lineSeparator());
        }
        List<String> lines = status.lines(System.nanoTime());
        text.append(String.join(System.lineSeparator(), lines));
        drawn = lines.size();
        out.print(text); // In one piece, lest the terminal shows half of it.
        out.flush();
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(500);
                synchronized (this) {
                    if (drawn > 0) {
                        redraw("");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
