package io.kernelfarm.artifacts;

import io.kernelfarm.artifacts.pack.SourceFile;
import java.io.IOException;
import java.nio.file.Path;

/** The bytes of a file that a package installs: those of another file, or a few that were made for the package. */
public sealed interface FileContent {
    /** The bytes, to be read once. */
    SourceFile source() throws IOException;

    /** What the file holds while the package is written. */
    static FileContent of(Path file) {
        return new OfFile(file);
    }

    static FileContent of(byte[] bytes) {
        return new InMemory(SourceFile.of(bytes));
    }

    /** See {@link FileContent#of(Path)}. */
    record OfFile(Path file) implements FileContent {
        @Override
        public SourceFile source() throws IOException {
            return SourceFile.of(file);
        }
    }

    /** See {@link FileContent#of(byte[])}. */
    record InMemory(SourceFile source) implements FileContent {}
}
