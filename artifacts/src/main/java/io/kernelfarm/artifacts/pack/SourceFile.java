package io.kernelfarm.artifacts.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;

/** What goes into a package as a file: a regular file, that stays as it is while it is read, or bytes in memory. */
public abstract sealed class SourceFile {
    /** A good size for a buffer. */
    public static final int BUFFER_SIZE = 1 << 18;

    private SourceFile() {}

    /**
     * Takes a file's size; it is opened when it is copied.
     *
     * @throws IOException if there is none, or if it is a directory, a device or a pipe, which may never end
     */
    public static SourceFile of(Path path) throws IOException {
        BasicFileAttributes attributes = attributes(path);
        if (!attributes.isRegularFile()) {
            throw new IOException(path + " is no regular file; a package takes files, directories and symbolic links");
        }
        return new OnDisk(path, attributes);
    }

    /** For the few and small files that are made for the package. */
    public static SourceFile of(byte[] bytes) {
        return new InMemory(bytes);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /** Copies all of a file that nobody else writes to, in large pieces. */
    public static void copy(Path file, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
    }

    /** In bytes. */
    public abstract long size();

    /**
     * Copies exactly {@link #size} bytes.
     *
     * @param digest is given the same bytes
     * @param buffer to copy with; the caller's, for thousands of files
     * @throws IOException if the file was changed since its size was taken
     */
    public abstract void copyTo(OutputStream out, MessageDigest digest, byte[] buffer) throws IOException;

    private static final class InMemory extends SourceFile {
        private final byte[] bytes;

        InMemory(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void copyTo(OutputStream out, MessageDigest digest, byte[] buffer) throws IOException {
            digest.update(bytes);
            out.write(bytes);
        }
    }

    private static final class OnDisk extends SourceFile {
        private final Path path;
        private final BasicFileAttributes before;

        OnDisk(Path path, BasicFileAttributes before) {
            this.path = path;
            this.before = before;
        }

        @Override
        public long size() {
            return before.size();
        }

        @Override
        public void copyTo(OutputStream out, MessageDigest digest, byte[] buffer) throws IOException {
            long left = size();
            try (InputStream in = Files.newInputStream(path)) {
                while (left > 0) {
                    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw changed();
                    }
                    digest.update(buffer, 0, count);
                    out.write(buffer, 0, count);
                    left -= count;
                }
            }
            BasicFileAttributes after = attributes(path);
            if (after.size() != before.size() || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
                throw changed();
            }
        }

        private IOException changed() {
            return new IOException(path + " changed while it was packed; pack again when nothing writes to it");
        }
    }
}
