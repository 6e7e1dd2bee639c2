package io.kernelfarm.bootmatrix;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be booted.
 *
 * @param excluded cells that are not to be booted, each with the reason, as one sentence
 * @param subject the kernel in question
 * @param control gives a kernel known to be good; asked only when the subject failed
 */
public record Matrix(List<Cell> cells, Map<Cell, String> excluded, Kernel subject, ControlKernel control) {

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
        excluded = Collections.unmodifiableMap(new LinkedHashMap<>(excluded)); // Its order is the reports'.
    }

    /** A matrix without exclusions. */
    public Matrix(List<Cell> cells, Kernel subject, ControlKernel control) {
        this(cells, Map.of(), subject, control);
    }
}
