package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.MatrixComparison;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;

/** Runs beside each other. */
public final class Comparisons {

    private Comparisons() {}

    /**
     * What differs between the matrices of two runs.
     *
     * @throws FarmException wrong usage, if one of them has none
     */
    public static MatrixComparison compare(RunLayout before, RunLayout after, FarmRun.Places places) {
        return places.guard(() -> MatrixComparison.of(matrix(before), matrix(after)));
    }

    private static MatrixResult matrix(RunLayout run) throws IOException {
        if (!Files.isRegularFile(run.matrix())) {
            throw FarmException.usage(
                    "run " + run.id() + " has no boot matrix to compare; './farm boot " + run.id() + "' boots it");
        }
        return MatrixJson.read(run.matrix());
    }
}
