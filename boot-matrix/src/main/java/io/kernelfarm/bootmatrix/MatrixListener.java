package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.boot.BootState;

/** Hears of a matrix as it is booted, from several threads at once. */
public interface MatrixListener {

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
