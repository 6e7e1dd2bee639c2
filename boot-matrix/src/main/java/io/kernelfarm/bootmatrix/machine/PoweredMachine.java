package io.kernelfarm.bootmatrix.machine;

import java.time.Duration;
import java.util.Optional;

/** A machine that is on. Closing it turns it off and waits until it is. */
public interface PoweredMachine extends AutoCloseable {

    /**
     * The next thing that happens on the machine, waiting up to {@code patience} for it; null when nothing did. After a
     * {@link MachineEvent.Stopped} nothing more comes.
     */
    MachineEvent next(Duration patience) throws InterruptedException;

    /** Why it can do nothing at the moment, through no fault of what it boots, in one sentence; empty if it can. */
    default Optional<String> standstill() {
        return Optional.empty();
    }

    @Override
    void close();
}
