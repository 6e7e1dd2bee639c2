package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.boot.BootState;
import java.util.List;

/** Hears of a matrix as it is booted, from several threads at once. */
public interface MatrixListener {

    /**
     * The matrix begins.
     *
     * @param cells all there are
     * @param kept those of them that have their results already
     */
    default void started(List<Cell> cells, List<CellResult> kept) {}

    /**
     * A boot of {@code cell} came to {@code state}.
     *
     * @param attempt from 1; the control kernel's boots count on
     */
    default void reached(Cell cell, int attempt, BootState state) {}

    /** One boot is over; more may follow before there is a verdict. */
    default void attempted(Cell cell, Attempt attempt) {}

    /** The cell has its verdict. */
    default void finished(CellResult result) {}
}
