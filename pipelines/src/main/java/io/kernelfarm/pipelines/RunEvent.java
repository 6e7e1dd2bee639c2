package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.boot.BootState;
import java.util.List;
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

    /**
     * The matrix begins.
     *
     * @param cells all there are
     * @param kept those of them that have their results from before the run was ended
     */
    record MatrixStarted(List<Cell> cells, List<CellResult> kept) implements RunEvent {
        public MatrixStarted {
            cells = List.copyOf(cells);
            kept = List.copyOf(kept);
        }
    }

    /**
     * A boot of a cell came to a state.
     *
     * @param attempt from 1
     */
    record CellReached(Cell cell, int attempt, BootState state) implements RunEvent {}

    /** One boot of a cell is over; more may follow before it has its verdict. */
    record CellAttempted(Cell cell, Attempt attempt) implements RunEvent {}

    record CellFinished(CellResult result) implements RunEvent {}

    /** Ctrl-C or TERM ended the run. */
    record RunInterrupted(RunLayout layout) implements RunEvent {}

    record RunFinished(RunRecord run, RunLayout layout) implements RunEvent {}
}
