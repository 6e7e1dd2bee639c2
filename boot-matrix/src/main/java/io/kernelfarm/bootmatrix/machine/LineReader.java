package io.kernelfarm.bootmatrix.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The one reader of a serial line: keeps every byte, and tells one line for each line feed, so that the lines told and
 * those of the log have the same numbers. Carriage returns are left out: consoles put any number of them anywhere.
 */
public final class LineReader {

    /**
     * Longest line in bytes. Of a longer one the rest is in the log alone, so that a console without line ends cannot fill
     * the memory.
     */
    public static final int LONGEST_LINE = 4096;

    /**
     * The most that is taken of one serial line, in bytes, each line counted with what it costs in memory. The longest honest
     * boots come to a hundredth of it.
     */
    static final long MOST = 16L * 1024 * 1024;

    private static final int COST_OF_A_LINE = 64;

    /** More came than any boot has to say: what prints it has gone mad, and neither memory nor disk are to be filled. */
    public static final class FloodException extends IOException {
        private static final long serialVersionUID = 1;

        FloodException() {
            super("its console was flooded with more than " + MOST / (1024 * 1024) + " MiB");
        }
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private long taken;
    private boolean full;

    /**
     * Reads {@code in} to its end. Bytes are Latin-1 to lines, so that no byte is lost or merged.
     *
     * @throws FloodException if it has no end
     */
    public void copy(InputStream in, OutputStream log, Consumer<String> lines) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            log.write(buffer, 0, read);
            log.flush();
            for (int i = 0; i < read; i++) {
                take(buffer[i], lines);
            }
            taken += read;
            if (taken > MOST) {
                throw new FloodException();
            }
        }
        if (length > 0) {
            tell(lines);
        }
    }

    private void take(byte b, Consumer<String> lines) {
        if (b == '\n') {
            if (!full) {
                tell(lines);
            }
            full = false;
        } else if (b != '\r' && !full) {
            line[length++] = b;
            if (length == LONGEST_LINE) {
                // Told at once: what is in it may decide the boot, and its end may never come.
                tell(lines);
                full = true;
            }
        }
    }

    private void tell(Consumer<String> lines) {
        lines.accept(new String(line, 0, length, StandardCharsets.ISO_8859_1));
        length = 0;
        taken += COST_OF_A_LINE;
    }
}
