package io.kernelfarm.artifacts.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;

/** A file that goes into a package: a regular one, that stays as it is while it is read. */
public final class SourceFile {
    private static final int BUFFER_SIZE = 1 << 18;

    private final Path path;
    private final BasicFileAttributes before;

    private SourceFile(Path path, BasicFileAttributes before) {
        this.path = path;
        this.before = before;
    }

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
        return new SourceFile(path, attributes);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /** In bytes. */
    public long size() {
        return before.size();
    }

    /**
     * Copies exactly {@link #size} bytes.
     *
     * @param digest is given the same bytes
     * @throws IOException if the file was changed since its size was taken
     */
    public void copyTo(OutputStream out, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_SIZE, Math.max(1, size()))];
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
