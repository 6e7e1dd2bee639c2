package io.kernelfarm.bootmatrix.machine;

import java.time.Duration;

/** A machine that is on. Closing it turns it off and waits until it is. */
public interface PoweredMachine extends AutoCloseable {

    /**
     * The next thing that happens on the machine, waiting up to {@code patience} for it; null when nothing did. After a
     * {@link MachineEvent.Stopped} nothing more comes.
     */
    MachineEvent next(Duration patience) throws InterruptedException;

    @Override
    void close();
}
