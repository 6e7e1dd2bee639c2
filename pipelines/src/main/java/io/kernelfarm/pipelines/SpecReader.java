package io.kernelfarm.pipelines;

import java.nio.file.Path;

/** Reads {@code kernel.yaml}, and the matrix that it names. */
public final class SpecReader {

    private static final YamlFile.Kind SPEC = new YamlFile.Kind(
            "spec", "a source and a profile", "go to the folder that holds it, or name one with --spec");

    private static final YamlFile.Kind MATRIX =
            new YamlFile.Kind("matrix", "'axes'", "a file that a spec names is looked for from the spec's folder");

    private SpecReader() {}

    /**
     * Reads {@code file}.
     *
     * @throws FarmException wrong usage: one sentence with file and line
     */
    public static Spec read(Path file) {
        return YamlFile.read(file, Spec.class, SPEC);
    }

    /**
     * Reads the matrix in {@code file}.
     *
     * @throws FarmException wrong usage: one sentence with file and line
     */
    public static MatrixSpec readMatrix(Path file) {
        return YamlFile.read(file, MatrixSpec.class, MATRIX);
    }
}
