package io.kernelfarm.pipelines.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What happens in a run as a stream of JSON, for programs: one object a line in UTF-8, each written through at once. The format
 * is {@code events.schema.json} beside this class. A reader that goes away ends the stream and nothing else, and one that is
 * slow holds nobody up.
 */
final class EventLines implements RunListener {

    /** The name, beside this class, of the JSON schema (draft 2020-12) that each line keeps to. */
    static final String SCHEMA = "events.schema.json";

    private static final int FORMAT_VERSION = 1;
    private static final long PROGRESS_PAUSE_NANOS = 1_000_000_000;

    private final OutputStream out;
    private final Aside<String> lines = new Aside<>("events", this::write);
    private long lastProgress = System.nanoTime() - PROGRESS_PAUSE_NANOS;
    private boolean closed;

    EventLines(OutputStream out) {
        this.out = out;
    }

    @Override
    public synchronized void on(RunEvent event) {
        if (event instanceof RunEvent.StageProgress) {
            long now = System.nanoTime();
            if (now - lastProgress < PROGRESS_PAUSE_NANOS) {
                return; // A compiler says it hundreds of times a second.
            }
            lastProgress = now;
        }
        lines.put(line(event, Instant.now()));
        lines.drainAtTheEnd(event);
    }

    private void write(String line) {
        if (closed) {
            return;
        }
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            closed = true;
            System.err.println(
                    "farm: nobody reads the events any more (" + e.getMessage() + "); the run goes on without them");
        }
    }

    /** {@code event}, which happened at {@code time}, as JSON without a line feed. */
    static String line(RunEvent event, Instant time) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", name(event))
                .put("at", time.truncatedTo(ChronoUnit.MILLIS).toString());
        if (event instanceof RunEvent.RunStarted started) {
            json.put("version", FORMAT_VERSION)
                    .put("run", started.id())
                    .put("folder", started.layout().root().toString());
        } else if (event instanceof RunEvent.StageStarted started) {
            json.put("stage", started.stage().id());
            started.estimate().ifPresent(seconds -> json.put("estimate", tenths(seconds)));
        } else if (event instanceof RunEvent.StageProgress progress) {
            json.put("stage", progress.stage().id());
            if (progress.fraction() >= 0) {
                json.put("fraction", progress.fraction());
            }
            json.put("detail", progress.detail());
        } else if (event instanceof RunEvent.StageNote note) {
            json.put("stage", note.stage().id()).put("note", note.sentence());
        } else if (event instanceof RunEvent.StageFinished finished) {
            RunRecord.StageRecord stage = finished.result();
            json.put("stage", stage.stage().id())
                    .put("verdict", stage.verdict().name())
                    .put("seconds", tenths(stage.seconds()))
                    .put("summary", stage.summary())
                    .put("reason", stage.reason());
        } else if (event instanceof RunEvent.MatrixStarted started) {
            ArrayNode cells = json.putArray("cells");
            started.cells().forEach(cell -> putCell(cells.addObject(), cell));
            ArrayNode kept = json.putArray("kept");
            started.kept().forEach(result -> kept.add(result.cell().id()));
        } else if (event instanceof RunEvent.CellReached reached) {
            json.put("cell", reached.cell().id())
                    .put("attempt", reached.attempt())
                    .put("state", reached.state().name());
        } else if (event instanceof RunEvent.CellAttempted attempted) {
            Attempt attempt = attempted.attempt();
            json.put("cell", attempted.cell().id())
                    .put("kernel", attempt.kernel())
                    .put("verdict", attempt.verdict().name())
                    .put("seconds", tenths(attempt.seconds()))
                    .put("reason", attempt.reason())
                    .put("last_state", attempt.lastState())
                    .put("console", attempt.console());
        } else if (event instanceof RunEvent.CellFinished finished) {
            CellResult result = finished.result();
            json.put("cell", result.cell().id())
                    .put("verdict", result.verdict().name())
                    .put("flaky", result.flaky())
                    .put("seconds", tenths(result.seconds()))
                    .put("reason", result.reason())
                    .put("console", result.console());
        } else if (event instanceof RunEvent.RunInterrupted interrupted) {
            json.put("run", interrupted.layout().id());
        } else if (event instanceof RunEvent.RunFinished finished) {
            json.put("run", finished.run().id())
                    .put("verdict", finished.run().verdict().name())
                    .put("seconds", tenths(finished.run().seconds()));
        }
        return json.toString();
    }

    private static void putCell(ObjectNode json, Cell cell) {
        json.put("cell", cell.id())
                .put("mode", cell.mode().id())
                .put("hypervisor", cell.hypervisor())
                .put("firmware", cell.firmware())
                .put("machine", cell.machine())
                .put("required", cell.required());
    }

    /** The record's name in words, for example {@code cell-reached}. */
    private static String name(RunEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static BigDecimal tenths(double seconds) {
        return BigDecimal.valueOf(seconds).setScale(1, RoundingMode.HALF_UP);
    }
}
