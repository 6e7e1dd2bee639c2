package io.kernelfarm.bootmatrix.boot;

import java.time.Duration;

/**
 * How long each part of a boot may take before it is called hung. Emulation on a busy machine is several times slower than
 * on an idle one; these only have to be shorter than anybody's patience.
 *
 * @param firstLine from power on to the first line on the console
 * @param userspace from there to the farm's first process, and in dom0 from there to a running toolstack
 * @param checks from the first process to the last answer
 * @param guest from the toolstack's readiness to a guest's last answer
 */
public record Timeouts(Duration firstLine, Duration userspace, Duration checks, Duration guest) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(60), Duration.ofSeconds(180), Duration.ofSeconds(90), Duration.ofSeconds(360));
}
