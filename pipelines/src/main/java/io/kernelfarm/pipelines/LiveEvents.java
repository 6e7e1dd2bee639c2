package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.LiveRun;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows a run on the dashboard while it is on its way. A thread of its own writes, once a second if something happened and
 * every ten seconds if not, so that nobody waits for a disk; a disk that does not take it is no trouble of the run's.
 */
final class LiveEvents implements RunListener {

    private static final int QUIET_SECONDS = 10;

    private final String id;
    private final DashboardLayout dashboard;
    private final Map<Stage, LiveRun.LiveStage> stages = new LinkedHashMap<>();
    private final Map<String, LiveRun.LiveCell> cells = new LinkedHashMap<>();
    private long stageStart = System.nanoTime();
    private LiveRun.State state = LiveRun.State.RUNNING;
    private boolean changed;
    private volatile boolean begun;
    private final Object writing = new Object();

    LiveEvents(String id, DashboardLayout dashboard) {
        this.id = id;
        this.dashboard = dashboard;
    }

    /** Shows that the run has begun, and from now on how it goes. */
    void begin() {
        begun = true;
        write();
        Thread writer = new Thread(this::keepWriting, "live");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void on(RunEvent event) {
        take(event);
        boolean last = event instanceof RunEvent.RunInterrupted || event instanceof RunEvent.RunFinished;
        if (last && begun) {
            write(); // The program ends with the run, and does not wait for the writer.
        }
    }

    private synchronized void take(RunEvent event) {
        if (event instanceof RunEvent.StageStarted started) {
            stageStart = System.nanoTime();
            put(started.stage(), "", 0, started.estimate().orElse(0), "");
        } else if (event instanceof RunEvent.StageProgress progress) {
            detail(progress.stage(), progress.detail());
        } else if (event instanceof RunEvent.StageNote note) {
            detail(note.stage(), note.sentence());
        } else if (event instanceof RunEvent.StageFinished finished) {
            RunRecord.StageRecord result = finished.result();
            put(result.stage(), result.verdict().name(), result.seconds(), 0, "");
        } else if (event instanceof RunEvent.MatrixStarted started) {
            started.cells().forEach(cell -> put(cell, "", 0, "", false));
            started.kept().forEach(this::put);
        } else if (event instanceof RunEvent.CellReached reached) {
            put(reached.cell(), reached.state().name(), reached.attempt(), "", false);
        } else if (event instanceof RunEvent.CellFinished finished) {
            put(finished.result());
        } else if (event instanceof RunEvent.RunInterrupted) {
            state = LiveRun.State.INTERRUPTED;
        } else if (event instanceof RunEvent.RunFinished) {
            state = LiveRun.State.DONE;
        }
        changed = true;
    }

    private void put(Stage stage, String verdict, double seconds, double estimate, String detail) {
        stages.put(stage, new LiveRun.LiveStage(stage.id(), verdict, seconds, estimate, detail));
    }

    private void detail(Stage stage, String detail) {
        LiveRun.LiveStage now = stages.get(stage);
        if (now != null) {
            put(stage, now.verdict(), now.seconds(), now.estimate(), detail);
        }
    }

    private void put(CellResult result) {
        put(result.cell(), "", result.attempts().size(), result.verdict().name(), result.flaky());
    }

    private void put(Cell cell, String reached, int attempt, String verdict, boolean flaky) {
        cells.put(cell.id(), new LiveRun.LiveCell(cell.id(), Wording.name(cell), reached, attempt, verdict, flaky));
    }

    private void keepWriting() {
        try {
            for (int quiet = 0; isRunning(); quiet++) {
                if (isChanged() || quiet >= QUIET_SECONDS) {
                    write();
                    quiet = 0;
                }
                Thread.sleep(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isRunning() {
        return state == LiveRun.State.RUNNING;
    }

    private synchronized boolean isChanged() {
        return changed;
    }

    /** Writes what is so now, and nothing older afterwards. */
    private void write() {
        synchronized (writing) {
            try {
                snapshot().write(dashboard);
            } catch (IOException e) {
                // The dashboard shows less, and whatever is wrong with the disk the run itself will say.
            }
        }
    }

    private synchronized LiveRun snapshot() {
        changed = false;
        double soFar = StageEvents.secondsSince(stageStart);
        return new LiveRun(
                id,
                state,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                stages.values().stream()
                        .map(stage -> stage.verdict().isEmpty() ? withTime(stage, soFar) : stage)
                        .toList(),
                cells.values().stream().toList());
    }

    private static LiveRun.LiveStage withTime(LiveRun.LiveStage stage, double seconds) {
        return new LiveRun.LiveStage(stage.stage(), stage.verdict(), seconds, stage.estimate(), stage.detail());
    }
}
