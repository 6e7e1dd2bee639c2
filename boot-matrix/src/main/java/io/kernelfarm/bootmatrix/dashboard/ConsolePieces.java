package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kernelfarm.bootmatrix.boot.ConsoleTimes;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a console log in pieces, so that a page loads those that are looked at and no others. A piece is a script that hands
 * {@code farm.js} an object:
 *
 * <pre>
 * before   the time stamp that stood last before this piece, as it was printed; empty if there was none
 * at       when each line reached the farm, in milliseconds since the boot began; left out if nobody put it down
 * lines    the lines, harmless text
 * </pre>
 */
final class ConsolePieces {

    private static final int PIECE_LINES = 1000;

    /** Lines on each side of evidence, for a page without scripts. */
    private static final int AROUND = 3;

    /** How many of the last lines tell most where there is no evidence. */
    private static final int LAST = 25;

    /** What printk puts before a line, and Xen before what a guest prints. */
    /** Eleven days at the most. */
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,9}");

    private static final Pattern TIME_STAMP = Pattern.compile("^(?:\\(\\w{1,9}\\) )?\\[ *\\d{1,10}\\.\\d{1,9}]");

    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private final DashboardLayout layout;
    private final String runId;
    private final RunConsoles.ConsoleLog console;
    private final List<ConsoleIndex.Line> around = new ArrayList<>();
    private final Deque<ConsoleIndex.Line> last = new ArrayDeque<>();
    private String stamp = "";
    private int lines;
    private int columns;
    private boolean timed;

    private ConsolePieces(DashboardLayout layout, String runId, RunConsoles.ConsoleLog console) {
        this.layout = layout;
        this.runId = runId;
        this.console = console;
    }

    /** Writes the pieces and their index, unless those that are there are of the same log with the same evidence. */
    static ConsoleIndex write(DashboardLayout layout, String runId, RunConsoles.ConsoleLog console) throws IOException {
        long bytes = Files.size(console.log());
        long modified = Files.getLastModifiedTime(console.log()).toMillis();
        List<Integer> evidence = List.copyOf(console.evidence());
        var known = ConsoleIndex.read(layout.consoleIndex(runId, console.console()));
        if (known.isPresent() && known.get().isOf(bytes, modified, evidence)) {
            return known.get();
        }
        ConsolePieces made = new ConsolePieces(layout, runId, console);
        int pieces = made.pieces();
        ConsoleIndex index = new ConsoleIndex(
                ConsoleIndex.VERSION,
                bytes,
                modified,
                made.lines,
                made.columns,
                made.timed,
                PIECE_LINES,
                pieces,
                evidence,
                made.around.isEmpty() ? List.copyOf(made.last) : made.around);
        // Last: it vouches for the pieces.
        index.write(layout.consoleIndex(runId, console.console()));
        return index;
    }

    private int pieces() throws IOException {
        int pieces = 0;
        try (ConsoleLines in = new ConsoleLines(console.log());
                BufferedReader times = ConsoleTimes.of(console.log()).orElse(null)) {
            timed = times != null;
            boolean told = timed;
            String line = in.next();
            while (line != null) {
                List<String> piece = new ArrayList<>();
                List<Integer> at = new ArrayList<>();
                String before = stamp;
                while (line != null && piece.size() < PIECE_LINES) {
                    piece.add(line);
                    // Consoles come from machines that others own: times end where one is none.
                    String time = told ? times.readLine() : null;
                    told = time != null && MILLISECONDS.matcher(time).matches();
                    if (told) {
                        at.add(Integer.valueOf(time));
                    }
                    note(line);
                    line = in.next();
                }
                write(pieces, before, at, piece);
                pieces++;
            }
        }
        int stale = pieces;
        while (Files.deleteIfExists(layout.consolePiece(runId, console.console(), stale))) {
            stale++;
        }
        return pieces;
    }

    private void write(int number, String before, List<Integer> at, List<String> piece) throws IOException {
        AtomicFile.write(layout.consolePiece(runId, console.console(), number), out -> {
            out.write("kernelFarm.loaded(");
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("before", before);
                if (!at.isEmpty()) {
                    json.writeFieldName("at");
                    json.writeArray(at.stream().mapToInt(Integer::intValue).toArray(), 0, at.size());
                }
                json.writeArrayFieldStart("lines");
                for (String line : piece) {
                    json.writeRaw('\n');
                    json.writeString(line);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            out.write(");\n");
        });
    }

    private void note(String text) {
        ConsoleIndex.Line line = new ConsoleIndex.Line(++lines, text);
        columns = Math.max(columns, text.length());
        Matcher found = TIME_STAMP.matcher(text);
        if (found.find()) {
            stamp = found.group();
        }
        NavigableSet<Integer> evidence = console.evidence();
        if (!evidence.subSet(lines - AROUND, true, lines + AROUND, true).isEmpty()) {
            around.add(line);
        }
        last.add(line);
        if (last.size() > LAST) {
            last.remove();
        }
    }
}
