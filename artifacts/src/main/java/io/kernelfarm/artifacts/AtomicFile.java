package io.kernelfarm.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** Files that a reader sees whole or not at all: written under another name in the same directory, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Fills the file it is given. */
    public interface Filler {
        void fill(Path file) throws IOException;
    }

    public static void write(Path target, byte[] content) throws IOException {
        write(target, file -> Files.write(file, content));
    }

    /** Writes it in UTF-8, unless the file holds just that. */
    public static void replace(Path target, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), bytes)) {
            write(target, bytes);
        }
    }

    public static void write(Path target, Filler filler) throws IOException {
        Path part = Files.createTempFile(target.toAbsolutePath().getParent(), ".part-", null);
        try {
            filler.fill(part);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
