package io.kernelfarm.bootmatrix.boot;

import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Takes a machine's events one after another, and notices when this process stood still meanwhile: stopped by a signal, or on
 * a host that was. What did not come in such a time is nobody's fault.
 */
public final class EventPump {

    private static final Duration TICK = Duration.ofMillis(200);
    /** Nothing that runs takes so much longer than a tick from one event to the next. */
    private static final Duration STANDSTILL = Duration.ofSeconds(3);

    private final PoweredMachine machine;
    private final Consumer<Duration> lost;
    private long before = System.nanoTime();

    /**
     * A pump of what happens on {@code machine}.
     *
     * @param lost is told of a time in which this process did not run, before the event that came after it
     */
    public EventPump(PoweredMachine machine, Consumer<Duration> lost) {
        this.machine = machine;
        this.lost = lost;
    }

    /** The next event, waiting for it for a moment; null when nothing happened. */
    public MachineEvent next() throws InterruptedException {
        MachineEvent event = machine.next(TICK);
        long now = System.nanoTime();
        Duration taken = Duration.ofNanos(now - before);
        before = now;
        if (taken.compareTo(STANDSTILL) > 0) {
            lost.accept(taken);
        }
        return event;
    }
}
