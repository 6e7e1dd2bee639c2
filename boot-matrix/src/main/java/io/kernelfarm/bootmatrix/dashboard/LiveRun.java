package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run on its way, as the first page shows it. It is kept as {@code runs/ID/live.json}, its names in snake_case, written
 * anew as things happen and every few seconds while nothing does: a file that does not change is of a run that was lost.
 *
 * @param id the run's name
 * @param at when this was written
 * @param stages that began, in their order
 * @param cells of the matrix, once it began, in its order
 */
public record LiveRun(String id, State state, Instant at, List<LiveStage> stages, List<LiveCell> cells) {

    /** A run that says nothing for so long is lost. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How far a run is. */
    public enum State {
        RUNNING,
        DONE,
        /** Somebody ended it. */
        INTERRUPTED;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One stage.
     *
     * @param verdict empty while it is on its way
     * @param seconds that it took, or has taken so far
     * @param estimate seconds that it took last time; 0 if that is not known
     * @param detail what it is at, in a few words; empty if it does not say
     */
    public record LiveStage(String stage, String verdict, double seconds, double estimate, String detail) {}

    /**
     * One cell.
     *
     * @param cell its id, which is the name of its place on the run's page
     * @param name in people's words
     * @param state how far its boot is, for example {@code KERNEL}; empty before it began
     * @param attempt from 1; 0 before it began
     * @param verdict empty before there is one
     * @param flaky whether it passed only after an attempt that did not
     */
    public record LiveCell(String cell, String name, String state, int attempt, String verdict, boolean flaky) {}

    public LiveRun {
        stages = List.copyOf(stages);
        cells = List.copyOf(cells);
    }

    public void write(DashboardLayout layout) throws IOException {
        DataFile.write(layout.live(id), DataFile.tree(this));
    }

    /** The run called {@code id}, if it is on its way. What is left of one that is not is removed. */
    static Optional<LiveRun> find(DashboardLayout layout, String id, Instant now) throws IOException {
        Path file = layout.live(id);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Optional<LiveRun> live = DataFile.read(file, LiveRun.class)
                .filter(run -> run.state() == State.RUNNING && run.at().isAfter(now.minus(PATIENCE)));
        if (live.isPresent()) {
            return live;
        }
        Files.deleteIfExists(DataFile.twin(file));
        Files.deleteIfExists(file);
        return Optional.empty();
    }

    /** What it is at, in one sentence; {@code live.js} says the same. */
    String sentence() {
        String where =
                stages.isEmpty() ? "begins" : stages.get(stages.size() - 1).stage();
        long judged = cells.stream().filter(cell -> !cell.verdict().isEmpty()).count();
        String matrix = cells.isEmpty() ? "" : ", " + judged + " of " + cells.size() + " cells have their verdicts";
        long bad = cells.stream()
                .filter(cell -> !cell.verdict().isEmpty())
                .filter(cell -> Verdict.valueOf(cell.verdict()).compareTo(Verdict.PASS) < 0)
                .count();
        return "Stage: " + where + matrix + (bad == 0 ? "" : ", " + bad + " did not pass") + ".";
    }
}
