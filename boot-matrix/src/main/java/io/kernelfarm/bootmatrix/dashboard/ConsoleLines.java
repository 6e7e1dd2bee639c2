package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.ConsoleText;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lines of a console log one after the other, made harmless, however large the log is. It is taken for UTF-8, and a
 * line ends at a line feed; a carriage return before it belongs to the end.
 */
final class ConsoleLines implements AutoCloseable {

    /** Longer lines are cut: nothing sensible is, and a log need not hold a line feed at all. */
    private static final int LINE_CHARACTERS = 4096;

    private static final int BUFFER_CHARACTERS = 1 << 16;

    private final Reader in;
    private final char[] buffer = new char[BUFFER_CHARACTERS];
    private int next;
    private int end;

    ConsoleLines(Path log) throws IOException {
        in = new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8);
    }

    /** The next line, or null after the last one. */
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        long length = 0;
        while (next < end || fill()) {
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            length += next - from;
            line.append(buffer, from, Math.min(next - from, LINE_CHARACTERS - line.length()));
            if (next < end) {
                next++;
                return shown(line, length);
            }
        }
        return length > 0 ? shown(line, length) : null;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = in.read(buffer);
        return end > 0;
    }

    private static String shown(StringBuilder line, long length) {
        long cut = length - line.length();
        if (cut > 0) {
            return ConsoleText.harmless(line.toString()) + " … and " + cut + " more characters in this line";
        }
        boolean carriageReturn = length > 0 && line.charAt(line.length() - 1) == '\r';
        return ConsoleText.harmless(carriageReturn ? line.substring(0, line.length() - 1) : line.toString());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
