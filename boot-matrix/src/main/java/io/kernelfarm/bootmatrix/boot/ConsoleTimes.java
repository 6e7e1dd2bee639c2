package io.kernelfarm.bootmatrix.boot;

import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * When the lines of a console reached the farm: a file beside the log, with a line for each of its lines that has the milliseconds since
 * the boot began. Hypervisors and firmware print no time of their own, and a kernel's own stands still when it does.
 */
public final class ConsoleTimes {

    private ConsoleTimes() {}

    /** The file beside {@code log}. */
    static Path beside(Path log) {
        return log.resolveSibling(log.getFileName().toString().replaceFirst("\\.log$", "") + ".times");
    }

    /** Writes them if that can be done: no verdict rests on them, and a disk that is full is told of by whoever keeps the log. */
    static void write(Path log, List<Integer> milliseconds) {
        try {
            AtomicFile.write(beside(log), out -> {
                for (int one : milliseconds) {
                    out.write(one + "\n");
                }
            });
        } catch (IOException e) {
            // Without them, the viewer has no times to offer.
        }
    }

    /** The times of {@code log}'s lines, one after another; empty if nobody put them down. */
    public static Optional<BufferedReader> of(Path log) throws IOException {
        try {
            return Optional.of(Files.newBufferedReader(beside(log), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
