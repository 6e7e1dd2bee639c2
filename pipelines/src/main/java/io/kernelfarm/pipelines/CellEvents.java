package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import java.util.List;

/** Hands on what a matrix says of its cells. */
record CellEvents(RunListener listener) implements BootStage.Listener {

    @Override
    public void started(List<Cell> cells, List<CellResult> kept) {
        listener.on(new RunEvent.MatrixStarted(cells, kept));
    }

    @Override
    public void reached(Cell cell, int attempt, BootState state) {
        listener.on(new RunEvent.CellReached(cell, attempt, state));
    }

    @Override
    public void attempted(Cell cell, Attempt attempt) {
        // What a signal did to machines is no result.
        if (attempt.verdict() == Verdict.ERROR && ChildProcesses.stoppingWithin(ChildProcesses.SIGNALS_APART)) {
            return;
        }
        listener.on(new RunEvent.CellAttempted(cell, attempt));
    }

    @Override
    public void finished(CellResult result) {
        if (!ChildProcesses.stopping()) {
            listener.on(new RunEvent.CellFinished(result));
        }
    }
}
