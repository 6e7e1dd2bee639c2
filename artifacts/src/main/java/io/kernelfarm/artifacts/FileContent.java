package io.kernelfarm.artifacts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a file that a package installs: those of another file, or a few that were made for the package. */
public sealed interface FileContent {
    /** In bytes. */
    long size() throws IOException;

    InputStream open() throws IOException;

    /** What the file holds while the package is written. */
    static FileContent of(Path file) {
        return new OfFile(file);
    }

    static FileContent of(byte[] bytes) {
        return new InMemory(bytes);
    }

    /** See {@link FileContent#of(Path)}. */
    record OfFile(Path file) implements FileContent {
        @Override
        public long size() throws IOException {
            return Files.size(file);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }

    /** See {@link FileContent#of(byte[])}. */
    final class InMemory implements FileContent {
        private final byte[] bytes;

        private InMemory(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
