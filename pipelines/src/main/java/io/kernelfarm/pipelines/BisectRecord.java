package io.kernelfarm.pipelines;

import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Step;
import java.util.List;

/**
 * {@code bisect.json}: a bisection, as far as it has come.
 *
 * @param version of this format
 * @param task what was asked
 * @param outcome what it came to; null while it goes on, or if it was ended before
 * @param sentence the same, in words
 * @param firstBad what was found, and verified; null if nothing was
 * @param suspects each of which may be the first bad one, if that is not known, as far as they are few; the one that was
 *     found otherwise
 * @param steps all tests, in their order
 */
public record BisectRecord(
        int version,
        String id,
        BisectTask task,
        Outcome.Kind outcome,
        String sentence,
        FirstBad firstBad,
        List<Suspect> suspects,
        List<Step> steps) {

    public static final int FORMAT_VERSION = 1;

    /** The name, beside this class, of the JSON schema (draft 2020-12) that the file keeps to. */
    public static final String SCHEMA = "bisect.schema.json";

    /**
     * A commit or a build.
     *
     * @param title the commit's subject, or the build's release
     * @param author of the commit; empty for a build
     * @param date when the commit was written, or when the run began, in ISO 8601
     */
    public record Suspect(String id, String title, String author, String date) {}

    /**
     * The first bad one.
     *
     * @param parents those that were good
     * @param evidence the test that showed it to be bad, the second time
     */
    public record FirstBad(Suspect what, List<String> parents, Step evidence) {
        public FirstBad {
            parents = List.copyOf(parents);
        }
    }

    public BisectRecord {
        suspects = List.copyOf(suspects);
        steps = List.copyOf(steps);
    }
}
