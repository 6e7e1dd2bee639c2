package io.kernelfarm.bootmatrix.boot;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What is seen of one cell while it boots: its console's lines, the state it came to, the answers that bear its nonce, and
 * how it ended. Used by one thread.
 */
public final class BootWatch implements AutoCloseable {

    /** Before the key of what a guest's dom0 answered. */
    public static final String DOM0 = "dom0.";

    private static final Duration LAST_WORDS = Duration.ofMillis(1500);
    /**
     * How long a machine or domain may at least take from its last answer to its end, before that is no longer waited for. It has as long
     * as its kernel took for its answers: a machine that is busy, or slow, is so to the end.
     */
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final Cell cell;
    private final String nonce;
    private final String answerMark;
    private final Path log;
    private final Writer writer;
    private final BiConsumer<Cell, BootState> observer;
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> arrivals = new ArrayList<>();
    private final Map<String, List<Answer>> answers = new LinkedHashMap<>();
    private BootState state = BootState.OFF;
    private Ending ending;
    private String detail = "";
    private Evidence fault;
    private long startedAt = System.nanoTime();
    private long stateSince = startedAt;
    private long kernelSince = startedAt;
    private long faultSince;
    private long answeredAt;
    private long endedAt;

    /**
     * One answer of the booted system.
     *
     * @param value what was said
     * @param line the console line that said it, without what marks it as an answer
     * @param at seconds since the start of the boot
     */
    public record Answer(String value, Evidence line, double at) {}

    private BootWatch(Cell cell, String nonce, Path log, Writer writer, BiConsumer<Cell, BootState> observer) {
        this.cell = cell;
        this.nonce = nonce;
        this.answerMark = "farm:" + nonce + ":";
        this.log = log;
        this.writer = writer;
        this.observer = observer;
    }

    /** Watches a cell whose console is a machine's own, and kept by the machine in {@code log}. */
    public static BootWatch ofMachine(Cell cell, String nonce, Path log, BiConsumer<Cell, BootState> observer) {
        return new BootWatch(cell, nonce, log, Writer.nullWriter(), observer);
    }

    /** Watches a cell whose lines come among others', and keeps them in {@code log}. */
    public static BootWatch ofGuest(Cell cell, String nonce, Path log, BiConsumer<Cell, BootState> observer)
            throws IOException {
        return new BootWatch(cell, nonce, log, Files.newBufferedWriter(log, StandardCharsets.ISO_8859_1), observer);
    }

    public Cell cell() {
        return cell;
    }

    public String nonce() {
        return nonce;
    }

    public Path log() {
        return log;
    }

    public BootState state() {
        return state;
    }

    /** Empty while the boot goes on. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    public boolean ended() {
        return ending != null;
    }

    /** One sentence on the ending; may be empty when it was {@link Ending#ANSWERED}. */
    public String detail() {
        return detail;
    }

    /** The first line that said there was no going on. */
    public Optional<Evidence> fault() {
        return Optional.ofNullable(fault);
    }

    /** What was said under {@code key} with this boot's nonce, in order. */
    public List<Answer> answers(String key) {
        return answers.getOrDefault(key, List.of());
    }

    /** All answers whose key begins with {@code prefix}. */
    public List<Answer> answersBelow(String prefix) {
        return answers.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** The console, without line ends. */
    public List<String> lines() {
        return Collections.unmodifiableList(lines);
    }

    /** Takes what a guest's dom0 answered, as a line of the guest's console. */
    public void dom0Answer(String text) {
        keep("dom0: " + answerMark + DOM0 + text);
        if (!ended()) {
            answer(DOM0 + text);
        }
    }

    public double seconds() {
        return ((ended() ? endedAt : System.nanoTime()) - startedAt) / 1e9;
    }

    /** The first line in which {@code pattern} is found. */
    public Optional<Evidence> firstLine(Pattern pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).find()) {
                return Optional.of(new Evidence(i + 1, lines.get(i)));
            }
        }
        return Optional.empty();
    }

    /** The last line with text on it, as evidence of where things stood. */
    public Optional<Evidence> lastLine() {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.get(i).isBlank()) {
                return Optional.of(new Evidence(i + 1, lines.get(i)));
            }
        }
        return Optional.empty();
    }

    /** Nothing more is asked: what comes now counts no longer for {@link #seconds}, if it ends well. */
    public void answered() {
        if (answeredAt == 0) {
            answeredAt = System.nanoTime();
        }
    }

    /** Whether what answered everything has had time enough to end, and to say so if it could not. */
    public boolean farewellIsOver() {
        return answeredAt != 0
                && System.nanoTime() - answeredAt > Math.max(FAREWELL.toNanos(), answeredAt - kernelSince);
    }

    /** Leaves {@code lost} out of every time that is measured: the farm itself did not run then. */
    public void leaveOut(Duration lost) {
        startedAt += lost.toNanos();
        stateSince += lost.toNanos();
        kernelSince += lost.toNanos();
        faultSince += lost.toNanos();
        answeredAt += answeredAt == 0 ? 0 : lost.toNanos();
    }

    /** The clock of this boot begins now, in {@code first}. */
    public void start(BootState first) {
        startedAt = System.nanoTime();
        reach(first);
    }

    public void reach(BootState next) {
        if (next.compareTo(state) > 0) {
            stateSince = System.nanoTime();
            if (state.compareTo(BootState.CREATED) < 0) {
                kernelSince = stateSince;
            }
            state = next;
            observer.accept(cell, next);
        }
    }

    public Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    public Duration inState() {
        return Duration.ofNanos(System.nanoTime() - stateSince);
    }

    /** Takes a line that is on this console but does not speak of this cell: it is kept, and nothing more. */
    public void keep(String text) {
        lines.add(text);
        arrivals.add((int) Math.max(0, sinceStart().toMillis()));
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("console log " + log + " cannot be written", e);
        }
    }

    /**
     * Takes the console's next line. After the ending, lines are still kept, and looked at for a fault: a host that has
     * done its part may still go down under its guests.
     */
    public void line(String text) {
        keep(text);
        int mark = text.indexOf(answerMark);
        if (fault == null && mark < 0 && ConsoleFaults.isFatal(text)) {
            fault = new Evidence(lines.size(), text);
            faultSince = System.nanoTime();
        }
        if (ended()) {
            return;
        }
        if (text.contains("Linux version ") && !text.contains("(XEN)")) {
            reach(BootState.KERNEL);
        } else if (text.contains("(XEN) ") && state == BootState.POWERED) {
            reach(BootState.HYPERVISOR);
        }
        // What dom0 answers does not come this way: a guest that says it has made it up.
        if (mark >= 0 && !text.startsWith(DOM0, mark + answerMark.length())) {
            answer(text.substring(mark + answerMark.length()));
        }
    }

    private void answer(String text) {
        reach(BootState.USERSPACE);
        int equals = text.indexOf('=');
        if (text.equals("done")) {
            reach(BootState.DONE);
        } else if (equals > 0) {
            String key = text.substring(0, equals);
            String value = text.substring(equals + 1);
            // A line of the kernel's own log is quoted as the kernel wrote it.
            Evidence line = new Evidence(lines.size(), key.equals("dmesg") ? value : text);
            answers.computeIfAbsent(key, each -> new ArrayList<>()).add(new Answer(value, line, seconds()));
        }
    }

    /** Whether a fatal line came, and with it time enough for the lines that explain it. */
    public boolean faultIsTold() {
        return fault != null && System.nanoTime() - faultSince > LAST_WORDS.toNanos();
    }

    /** Ends the boot; only the first ending counts. */
    public void end(Ending how, String why) {
        if (ending == null) {
            ending = how;
            detail = why;
            endedAt = how == Ending.ANSWERED && answeredAt != 0 ? answeredAt : System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
        ConsoleTimes.write(log, arrivals);
    }
}
