package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What is going on at this moment, as a few lines: the stage, how many cells have which verdict, and each cell that boots now. */
final class LiveStatus {

    private final int columns;
    private final int rows;
    private Stage stage;
    private OptionalDouble estimate = OptionalDouble.empty();
    private String detail = "";
    private long stageStart;
    private int cells;
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private final Map<Cell, Boot> boots = new LinkedHashMap<>();

    /** A boot under way. */
    private record Boot(int attempt, BootState state, long start) {}

    /**
     * A status of at most {@code rows} lines, each shorter than {@code columns}.
     *
     * @param rows at least 1
     */
    LiveStatus(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** Takes notice of {@code event}, which happened at {@code now}, in nanoseconds. */
    void on(RunEvent event, long now) {
        if (event instanceof RunEvent.StageStarted started) {
            stage = started.stage();
            estimate = started.estimate();
            detail = "";
            stageStart = now;
            boots.clear();
            cells = 0;
        } else if (event instanceof RunEvent.StageProgress progress) {
            detail = Wording.progress(progress);
        } else if (event instanceof RunEvent.MatrixStarted started) {
            cells = started.cells().size();
            verdicts.clear();
            started.kept().forEach(this::count);
        } else if (event instanceof RunEvent.CellReached reached) {
            Boot before = boots.get(reached.cell());
            boolean sameBoot = before != null && before.attempt() == reached.attempt();
            boots.put(reached.cell(), new Boot(reached.attempt(), reached.state(), sameBoot ? before.start() : now));
        } else if (event instanceof RunEvent.CellAttempted attempted) {
            boots.remove(attempted.cell());
        } else if (event instanceof RunEvent.CellFinished finished) {
            boots.remove(finished.result().cell());
            count(finished.result());
        } else if (event instanceof RunEvent.StageFinished || event instanceof RunEvent.RunInterrupted) {
            stage = null;
        }
    }

    private void count(CellResult result) {
        verdicts.merge(result.verdict(), 1, Integer::sum);
    }

    /** The lines at {@code now}; none between stages. */
    List<String> lines(long now) {
        List<String> lines = new ArrayList<>();
        if (stage == null) {
            return lines;
        }
        String what = cells > 0 ? counts() : detail;
        lines.add(stage + " " + seconds(now - stageStart) + Wording.estimate(estimate)
                + (what.isEmpty() ? "" : ": " + what));
        int widest = boots.keySet().stream()
                .mapToInt(cell -> cell.id().length())
                .max()
                .orElse(0);
        int room = rows - 1;
        int shown = boots.size() <= room ? boots.size() : Math.max(0, room - 1);
        boots.entrySet().stream().limit(shown).forEach(one -> {
            Boot boot = one.getValue();
            lines.add(String.format(
                    "  %-" + widest + "s   %-10s   %s%s",
                    one.getKey().id(),
                    boot.state().name().toLowerCase(Locale.ROOT),
                    seconds(now - boot.start()),
                    boot.attempt() > 1 ? "   attempt " + boot.attempt() : ""));
        });
        if (shown < boots.size() && room > 0) {
            lines.add("  and " + (boots.size() - shown) + " more");
        }
        lines.replaceAll(line -> line.substring(0, Math.min(line.length(), columns - 1)));
        return lines;
    }

    private String counts() {
        StringBuilder text = new StringBuilder();
        text.append(verdicts.values().stream().mapToInt(Integer::intValue).sum())
                .append(" of ")
                .append(cells)
                .append(" cells");
        verdicts.forEach(
                (verdict, count) -> text.append(", ").append(count).append(' ').append(verdict));
        return text.append(boots.isEmpty() ? "" : ", " + boots.size() + " booting")
                .toString();
    }

    private static String seconds(long nanos) {
        return Wording.wholeSeconds(nanos / 1_000_000_000);
    }
}
