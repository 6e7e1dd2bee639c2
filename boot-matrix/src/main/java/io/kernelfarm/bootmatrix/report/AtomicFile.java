package io.kernelfarm.bootmatrix.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** Files that are there whole or not at all: written under a temporary name beside their place, then moved. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes the contents of a file. */
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /** Writes {@code content} to {@code file} in UTF-8, and makes the folders that it needs. */
    public static void write(Path file, Content content) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            // Unlike Files.newBufferedWriter, this replaces half a surrogate pair instead of throwing. The file is
            // closed by itself:
            // where the disk is full, Java 17's writer leaves it open.
            try (OutputStream bytes = Files.newOutputStream(temporary);
                    Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
                content.writeTo(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text));
    }

    /** Writes {@code text} unless {@code file} holds just that already. */
    public static void writeIfChanged(Path file, String text) throws IOException {
        if (!Files.isRegularFile(file)
                || !Arrays.equals(Files.readAllBytes(file), text.getBytes(StandardCharsets.UTF_8))) {
            write(file, text);
        }
    }
}
