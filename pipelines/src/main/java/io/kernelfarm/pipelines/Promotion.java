package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.bootmatrix.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One decision on a kernel: a line of {@code promotions.jsonl}.
 *
 * @param run that made the kernel and proved it
 * @param from the channel that had it
 * @param to the channel that it came into, or was taken out of
 * @param by who decided
 * @param packages that the decision is about
 */
public record Promotion(
        Action action,
        String run,
        String release,
        String from,
        String to,
        String by,
        Instant at,
        Evidence evidence,
        List<Publication.Item> packages) {

    /** What was decided. */
    public enum Action {
        PROMOTE,
        UNDO;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a promotion rests on.
     *
     * @param matrixSha256 of matrix.json
     * @param imageSha256 of the image that was built, packaged and booted
     * @param verdicts of the required cells, by their names
     */
    public record Evidence(String matrixSha256, String imageSha256, Map<String, Verdict> verdicts) {
        public Evidence {
            SortedMap<String, Verdict> sorted = new TreeMap<>(verdicts);
            verdicts = Collections.unmodifiableSortedMap(sorted);
        }
    }

    public Promotion {
        packages = List.copyOf(packages);
    }

    /** The decision to take this one back. */
    Promotion undone(String who, Instant when) {
        return new Promotion(Action.UNDO, run, release, from, to, who, when, evidence, packages);
    }

    List<String> sha256s(boolean debs) {
        return packages.stream()
                .filter(item -> item.isDeb() == debs)
                .map(Publication.Item::sha256)
                .toList();
    }
}
