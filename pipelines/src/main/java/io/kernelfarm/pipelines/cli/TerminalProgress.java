package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.Stage;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

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
    private final Map<Cell, BootState> cells = new LinkedHashMap<>();

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
        } else if (event instanceof RunEvent.CellReached reached) {
            cells.put(reached.cell(), reached.state());
            detail = cells();
            return;
        } else if (event instanceof RunEvent.CellFinished finished) {
            cells.remove(finished.result().cell());
            detail = cells();
        } else if (event instanceof RunEvent.StageFinished || event instanceof RunEvent.RunInterrupted) {
            stage = null;
        }
        out.print(ERASE_LINE);
        Wording.permanent(event).ifPresent(out::println);
        draw();
    }

    /** The cells that boot now, and how far each is. */
    private String cells() {
        return cells.entrySet().stream()
                .map(cell -> cell.getKey().mode() + " " + cell.getValue().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private synchronized void draw() {
        if (stage == null) {
            return;
        }
        String line = stage + " " + Wording.wholeSeconds((System.nanoTime() - stageStart) / 1_000_000_000)
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
