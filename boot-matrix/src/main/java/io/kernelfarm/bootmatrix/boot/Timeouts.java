package io.kernelfarm.bootmatrix.boot;

import java.time.Duration;

/**
 * How long each part of a boot may take before it is called hung. Emulation on a busy machine is several times slower than
 * on an idle one; these only have to be shorter than anybody's patience.
 *
 * @param firstLine from power on to the first line on the console, and from the hypervisor's first line to the kernel's
 * @param dom0 from power on to a dom0 that takes commands
 * @param cell from the start of a bare machine to its last answer; for a guest, from the toolstack's readiness, since
 *     guests of one host start together; it is meant for two of them
 */
public record Timeouts(Duration firstLine, Duration dom0, Duration cell) {

    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(180), Duration.ofSeconds(300));

    /** The same with more time for dom0 and for a cell. */
    public Timeouts plus(Duration forDom0, Duration forCell) {
        return new Timeouts(firstLine, dom0.plus(forDom0), cell.plus(forCell));
    }

    /**
     * The same for the control kernel. It is only asked whether the cell can pass at all: if it is slow, that says that the machine is slow, and
     * not that it is broken.
     */
    public Timeouts forControl() {
        return new Timeouts(firstLine.multipliedBy(3), dom0.multipliedBy(3), cell.multipliedBy(3));
    }

    /** The same for a host with {@code count} guests, which share its one processor. */
    public Timeouts forGuests(int count) {
        return new Timeouts(
                firstLine, dom0, cell.multipliedBy(Math.max(2, count)).dividedBy(2));
    }
}
