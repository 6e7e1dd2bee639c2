package io.kernelfarm.bootmatrix;

import java.io.IOException;
import java.util.List;

/**
 * What is to be booted.
 *
 * @param subject the kernel in question
 * @param control gives a kernel known to be good; asked only when the subject failed
 */
public record Matrix(List<Cell> cells, Kernel subject, ControlKernel control) {

    /** Gives the control kernel; getting it may take a download. */
    @FunctionalInterface
    public interface ControlKernel {
        /**
         * The control kernel.
         *
         * @throws IOException with one sentence on why there is none
         */
        Kernel get() throws IOException;
    }

    public Matrix {
        cells = List.copyOf(cells);
    }
}
