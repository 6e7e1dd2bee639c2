package io.kernelfarm.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.List;

/** A file that goes into a package: a regular one, that stays as it is while it is read. */
public final class SourceFile {
    private static final int BUFFER_SIZE = 1 << 18;

    private final FileContent content;
    private final long size;
    private final Object state;

    private SourceFile(FileContent content, long size, Object state) {
        this.content = content;
        this.size = size;
        this.state = state;
    }

    /**
     * Takes a file's size; it is opened when it is copied.
     *
     * @throws IOException if there is none, or if it is a directory, a device or a pipe, which may never end
     */
    public static SourceFile of(FileContent content) throws IOException {
        if (content instanceof FileContent.OfFile file
                && !attributes(file.file()).isRegularFile()) {
            throw new IOException(
                    file.file() + " is no regular file; a package takes files, directories and symbolic links");
        }
        return new SourceFile(content, content.size(), state(content));
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /** What is another one if the content was written to. */
    private static Object state(FileContent content) throws IOException {
        if (content instanceof FileContent.OfFile file) {
            BasicFileAttributes attributes = attributes(file.file());
            return List.of(attributes.size(), attributes.lastModifiedTime());
        }
        return content;
    }

    /** In bytes. */
    public long size() {
        return size;
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
        try (InputStream in = content.open()) {
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
        if (!state(content).equals(state)) {
            throw changed();
        }
    }

    private IOException changed() {
        return new IOException(content + " changed while it was packed; pack again when nothing writes to it");
    }
}
