package io.kernelfarm.pipelines.bisect;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.Locale;

/** What a test of one kernel says, in the words of git-bisect(1). */
public enum Answer {
    GOOD,
    BAD,
    /** Nobody can tell: neither good nor bad, and its neighbours are asked instead. */
    SKIP;

    /** What the verdict of its cell says of a kernel: only the kernel's own fault makes it bad. */
    public static Answer of(Verdict verdict) {
        return switch (verdict) {
            case PASS -> GOOD;
            case FAIL -> BAD;
            case ERROR, MISS, SKIP -> SKIP;
        };
    }

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return id();
    }
}
