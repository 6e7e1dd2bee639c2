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

    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean full;

    /** Reads {@code in} to its end. Bytes are Latin-1 to lines, so that no byte is lost or merged. */
    public void copy(InputStream in, OutputStream log, Consumer<String> lines) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            log.write(buffer, 0, read);
            log.flush();
            for (int i = 0; i < read; i++) {
                take(buffer[i], lines);
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
    }
}
