package io.kernelfarm.pipelines.bisect;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * What a bisection came to.
 *
 * @param suspects the first bad one, if it was found; otherwise those of which each may be it
 * @param steps all tests, in their order
 * @param last the test that decided; null only where none did, because too many were skipped
 */
public record Outcome(Kind kind, List<String> suspects, List<Step> steps, Step last) {

    /** How it ended. */
    public enum Kind {
        /** The first bad one is known, and verified. */
        FOUND,
        /** Several are left, and none of them can be tested. */
        UNDECIDED,
        /** The first bad one was not bad again, or a parent of it was not good again. */
        NOT_REPRODUCIBLE,
        /** The first bad one, or a parent of it, could not be tested again. */
        UNVERIFIED,
        /** What was said to be good is bad. */
        GOOD_IS_BAD,
        /** What was said to be bad is good. */
        BAD_IS_GOOD,
        /** Where the lines to both ends part, it is bad already: it was mended on the way to the good end. */
        MENDED,
        /** One of the two ends could not be tested. */
        UNTESTABLE;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String toString() {
            return id();
        }
    }

    public Outcome {
        suspects = List.copyOf(suspects);
        steps = List.copyOf(steps);
    }
}
