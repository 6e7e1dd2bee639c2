package io.kernelfarm.bootmatrix;

import java.util.Collection;
import java.util.Comparator;

/**
 * What may be said of a cell, a check or a run. The names and meanings are KCIDB's; the order of the constants is their
 * order of badness, the worst first.
 */
public enum Verdict {
    /** The kernel is at fault: it failed twice, and the control kernel passed in the same cell on the same machine. */
    FAIL,
    /** The farm is at fault: emulator, BMC, hypervisor or dom0 tools, or the control kernel failed as well. */
    ERROR,
    /** Asked for, and never ran. */
    MISS,
    /** The mode is proved and every required check passed. */
    PASS,
    /** Makes no sense here, for a reason that is given. */
    SKIP;

    /** The worst of {@code verdicts}, by FAIL &gt; ERROR &gt; MISS &gt; PASS &gt; SKIP; {@link #MISS} when there are none. */
    public static Verdict worst(Collection<Verdict> verdicts) {
        return verdicts.stream().min(Comparator.naturalOrder()).orElse(MISS);
    }
}
