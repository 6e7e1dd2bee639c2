package io.kernelfarm.bootmatrix.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a machine's health.
 *
 * @param cells that ran on it since it was last seen to boot the control kernel
 * @param checked when that was; null while it never was
 */
public record Health(int cells, Instant checked) {

    /** Of a machine that nobody has looked at yet. */
    static final Health UNKNOWN = new Health(0, null);

    /**
     * How often a machine has to show that it boots the control kernel.
     *
     * @param cells after so many cells at the latest
     * @param age after so long at the latest
     */
    public record Policy(int cells, Duration age) {

        public static final Policy DEFAULT = new Policy(100, Duration.ofHours(24));
    }

    /** Whether the machine has to be looked at before its next cell, at the time {@code now}. */
    public boolean due(Policy policy, Instant now) {
        return checked == null
                || cells >= policy.cells()
                || Duration.between(checked, now).compareTo(policy.age()) >= 0;
    }
}
