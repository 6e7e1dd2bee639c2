package io.kernelfarm.bootmatrix.lease;

import java.io.IOException;

/** The right to use a machine, until it is closed or its process ends. */
public final class Lease implements AutoCloseable {

    private final Leases leases;
    private final String machine;
    private final Holder holder;
    private final boolean takenBack;

    Lease(Leases leases, String machine, Holder holder, boolean takenBack) {
        this.leases = leases;
        this.machine = machine;
        this.holder = holder;
        this.takenBack = takenBack;
    }

    public String machine() {
        return machine;
    }

    /** Whether the one before ended without giving the machine back: what it had open there may be open still. */
    public boolean takenBack() {
        return takenBack;
    }

    @Override
    public void close() throws IOException {
        leases.giveBack(machine, holder);
    }
}
