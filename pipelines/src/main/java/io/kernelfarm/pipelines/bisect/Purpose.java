package io.kernelfarm.pipelines.bisect;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a kernel is tested. */
public enum Purpose {
    /** It was said to be good. */
    GOOD_END,
    /** It was said to be bad. */
    BAD_END,
    /** Both ends come from it: the good one is no ancestor of the bad one. */
    MERGE_BASE,
    /** It lies in the middle of what is left. */
    SEARCH,
    /** It is the first bad one, and has to be bad once more. */
    VERIFY_BAD,
    /** It is a parent of the first bad one, and has to be good once more. */
    VERIFY_GOOD;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return id();
    }
}
