package io.kernelfarm.artifacts;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes packages of one family. The same spec over the same files gives the same bytes. No file is held in memory as a whole;
 * the compressed contents pass through a temporary file, because their size stands before them in the package.
 */
public interface PackageWriter {
    /** The package's usual file name, for example {@code linux-image-6.1.192-farm1_6.1.192-1_amd64.deb}. */
    String fileName(PackageSpec spec);

    /**
     * Writes one package.
     *
     * @param out is not closed
     * @throws IllegalArgumentException if the spec holds something that this family does not have
     * @throws IOException if a file of the spec cannot be read or the package not be written
     */
    void write(PackageSpec spec, OutputStream out) throws IOException;

    /**
     * Writes the package under its usual name and returns where it lies; a reader sees it whole or not at all.
     */
    default Path writeInto(PackageSpec spec, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path target = directory.resolve(fileName(spec));
        AtomicFile.write(target, file -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                write(spec, out);
            }
        });
        return target;
    }
}
