package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.bootmatrix.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code run.json}: one run, as far as it has come.
 *
 * @param version of this format
 * @param id sortable by time, for example {@code 20261122T172039Z-3fa9c1}
 * @param verdict the worst of the stages'
 * @param seconds that all stages took together
 */
public record RunRecord(
        int version,
        String id,
        State state,
        Verdict verdict,
        Instant started,
        double seconds,
        Spec spec,
        List<StageRecord> stages) {

    public static final int FORMAT_VERSION = 1;

    /** How far a run is. */
    public enum State {
        RUNNING,
        DONE,
        /** Ctrl-C or TERM ended it. */
        INTERRUPTED;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One stage of a run.
     *
     * @param summary one sentence on what it made
     * @param reason one sentence on why the verdict is not PASS; empty when it is
     */
    public record StageRecord(Stage stage, Verdict verdict, double seconds, String summary, String reason) {}

    public RunRecord {
        stages = List.copyOf(stages);
    }

    static RunRecord begin(String id, Instant now, Spec spec) {
        return new RunRecord(FORMAT_VERSION, id, State.RUNNING, Verdict.MISS, now, 0, spec, List.of());
    }

    /** This run with {@code stage} done; a record of the same stage, from an earlier try, is replaced. */
    RunRecord with(StageRecord stage) {
        List<StageRecord> all = new ArrayList<>(stages);
        all.removeIf(earlier -> earlier.stage() == stage.stage());
        all.add(stage);
        return new RunRecord(
                version,
                id,
                state,
                Verdict.worst(all.stream().map(StageRecord::verdict).toList()),
                started,
                all.stream().mapToDouble(StageRecord::seconds).sum(),
                spec,
                all);
    }

    RunRecord in(State newState) {
        return new RunRecord(version, id, newState, verdict, started, seconds, spec, stages);
    }
}
