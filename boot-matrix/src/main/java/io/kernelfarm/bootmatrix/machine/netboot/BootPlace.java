package io.kernelfarm.bootmatrix.machine.netboot;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;

/** Where a machine finds its boot files: its network card's iPXE is told so by the network's DHCP server, once for all. */
public interface BootPlace {

    /** Boot files that a machine can fetch. Closing it takes them away. */
    interface Offer extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Has {@code media} there for the machine.
     *
     * @throws IOException if that cannot be done; the message says what is missing
     */
    Offer offer(BootMedia media) throws IOException;
}
