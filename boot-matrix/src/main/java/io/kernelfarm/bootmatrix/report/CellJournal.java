package io.kernelfarm.bootmatrix.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code cells.jsonl}: the cells of a matrix that have their verdicts, written down as they come, so that a matrix which was
 * ended at any moment can be gone on with.
 *
 * <p>JSON, one object a line. The first says what the verdicts hang on:
 * {@code {"version":1,"started":TIME,"conditions":{NAME:TEXT,…},"cells":[ID,…]}}. Each other one is a finished cell,
 * {@code {"elapsed":SECONDS,"cell":…}} as in {@code matrix.json}, with the seconds since the matrix began (pauses left out), or
 * {@code {"control":RELEASE}}, the control kernel that was fetched. A line counts once its line feed is on the disk: what a
 * killed farm wrote of another is cut off.
 */
public final class CellJournal implements AutoCloseable {

    public static final String FILE_NAME = "cells.jsonl";

    private static final int FORMAT_VERSION = 1;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final FileChannel channel;
    private final Instant started;
    private final double before;
    private final long begin = System.nanoTime();
    private final Map<Cell, CellResult> finished = new LinkedHashMap<>();
    private final List<CellResult> kept;
    private String control;

    /**
     * What the verdicts of a matrix hang on.
     *
     * @param conditions for example the image's digest and the emulator's version, by names that people understand
     * @param cells all cells, finished or not
     */
    public record Header(Map<String, String> conditions, List<Cell> cells) {
        public Header {
            conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
            cells = List.copyOf(cells);
        }

        private List<String> ids() {
            return cells.stream().map(Cell::id).toList();
        }
    }

    /**
     * What a journal holds.
     *
     * @param length in bytes, up to the last line feed
     * @param elapsed seconds up to the last finished cell
     */
    private record Content(
            long length,
            Instant started,
            Map<String, String> conditions,
            List<String> cells,
            double elapsed,
            String control,
            List<CellResult> finished) {}

    private CellJournal(FileChannel channel, Instant started, double before, String control, List<CellResult> kept) {
        this.channel = channel;
        this.started = started;
        this.before = before;
        this.control = control;
        this.kept = List.copyOf(kept);
        kept.forEach(result -> finished.put(result.cell(), result));
    }

    /** Begins a journal; one that is there is replaced. */
    public static CellJournal begin(Path file, Header header) throws IOException {
        Instant now = Instant.now();
        ObjectNode line = MAPPER.createObjectNode();
        line.put("version", FORMAT_VERSION).put("started", now.toString());
        ObjectNode conditions = line.putObject("conditions");
        header.conditions().forEach(conditions::put);
        ArrayNode cells = line.putArray("cells");
        header.ids().forEach(cells::add);
        AtomicFile.write(file.toAbsolutePath(), line + "\n");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        return new CellJournal(channel, now, 0, "", List.of());
    }

    /**
     * Goes on with the journal of a matrix that was ended.
     *
     * @throws IOException as {@link #check}
     */
    public static CellJournal open(Path file, Header header) throws IOException {
        Content content = matching(file, header);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(content.length());
        channel.position(content.length());
        return new CellJournal(channel, content.started(), content.elapsed(), content.control(), content.finished());
    }

    /**
     * Says whether the matrix of {@code header} can go on with the journal in {@code file}.
     *
     * @throws IOException in one sentence, if there is none, if it is damaged, or if its cells were booted under other
     *     conditions
     */
    public static void check(Path file, Header header) throws IOException {
        matching(file, header);
    }

    private static Content matching(Path file, Header header) throws IOException {
        Content content = read(file);
        for (Map.Entry<String, String> condition : header.conditions().entrySet()) {
            String then = content.conditions().getOrDefault(condition.getKey(), "");
            if (!then.equals(condition.getValue())) {
                throw new IOException("the finished cells were booted with " + condition.getKey() + " '" + then
                        + "', which is '" + condition.getValue() + "' now");
            }
        }
        if (!content.cells().equals(header.ids())) {
            throw new IOException("the finished cells belong to another matrix, of "
                    + content.cells().size() + " cells, and this one has "
                    + header.cells().size()
                    + (content.cells().size() == header.cells().size() ? " others" : ""));
        }
        return content;
    }

    private static Content read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("no boot of it was ever begun", e);
        }
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        Content content = null;
        Map<Cell, CellResult> finished = new LinkedHashMap<>();
        String control = "";
        double elapsed = 0;
        int number = 0;
        for (String line :
                new String(bytes, 0, length, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            try {
                JsonNode node = MAPPER.readTree(line);
                if (number == 1) {
                    content = header(node, length);
                } else if (node.has("control")) {
                    control = node.get("control").asText();
                } else {
                    CellResult result = MatrixJson.toCell(node.path("cell"));
                    finished.putIfAbsent(result.cell(), result);
                    elapsed = node.path("elapsed").asDouble();
                }
            } catch (IOException | DateTimeException e) {
                throw new IOException(
                        file + " is damaged in line " + number + " ("
                                + e.getMessage().lines().findFirst().orElse("") + ")",
                        e);
            }
        }
        if (content == null) {
            throw new IOException(file + " is empty");
        }
        return new Content(
                length,
                content.started(),
                content.conditions(),
                content.cells(),
                elapsed,
                control,
                List.copyOf(finished.values()));
    }

    private static Content header(JsonNode node, long length) throws IOException {
        if (node.path("version").asInt() != FORMAT_VERSION) {
            throw new IOException("it is not of version " + FORMAT_VERSION);
        }
        Map<String, String> conditions = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> one : node.path("conditions").properties()) {
            conditions.put(one.getKey(), one.getValue().asText());
        }
        List<String> cells = new ArrayList<>();
        node.path("cells").forEach(cell -> cells.add(cell.asText()));
        return new Content(length, Instant.parse(node.path("started").asText()), conditions, cells, 0, "", List.of());
    }

    /** The cells that were finished before this journal was gone on with. */
    public List<CellResult> kept() {
        return kept;
    }

    /** Those of {@code cells} that have no result yet. */
    public synchronized List<Cell> unfinished(List<Cell> cells) {
        return cells.stream().filter(cell -> !finished.containsKey(cell)).toList();
    }

    /**
     * Writes down that {@code result}'s cell has its verdict. Only its first result counts.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public synchronized void finished(CellResult result) {
        if (finished.putIfAbsent(result.cell(), result) == null) {
            ObjectNode line = MAPPER.createObjectNode();
            line.put("elapsed", Math.round(seconds() * 10) / 10.0).set("cell", MatrixJson.cell(result));
            append(line);
        }
    }

    /**
     * Writes down which control kernel was fetched.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public synchronized void control(String release) {
        control = release;
        append(MAPPER.createObjectNode().put("control", release));
    }

    private void append(ObjectNode line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds since the matrix began, without pauses. */
    private double seconds() {
        return before + (System.nanoTime() - begin) / 1e9;
    }

    /** {@code part}, the matrix of the cells that were unfinished, completed with what was kept, in the order of {@code cells}. */
    public synchronized MatrixResult whole(MatrixResult part, List<Cell> cells) {
        Map<Cell, CellResult> all = new LinkedHashMap<>();
        for (CellResult result : kept) {
            all.put(result.cell(), result);
        }
        part.cells().forEach(result -> all.putIfAbsent(result.cell(), result));
        List<CellResult> ordered = new ArrayList<>();
        for (Cell cell : cells) {
            CellResult result = all.remove(cell);
            if (result != null) {
                ordered.add(result);
            }
        }
        ordered.addAll(all.values());
        return new MatrixResult(part.kernel(), control, part.emulator(), started, before + part.seconds(), ordered);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
