package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.lease.Lease;
import io.kernelfarm.bootmatrix.lease.Leases;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.ipmi.IpmiMachine;
import io.kernelfarm.bootmatrix.machine.ssh.SshMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The machines that a boot stage has until it is over: the emulator, and those of the list that its cells name. One of these that
 * cannot be had is one that boots nothing and says why.
 */
final class BootMachines implements AutoCloseable {

    private final Leases leases;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final List<Lease> held = new ArrayList<>();

    /** Boots the control kernel on a machine. */
    interface HealthCheck {
        /**
         * Why the machine must not be used, in one sentence; empty if it booted.
         *
         * @throws IOException if it could not be tried, which is not the machine's fault
         */
        Optional<String> ailment(String name, String firmware, Machine machine)
                throws IOException, InterruptedException;
    }

    private BootMachines(Leases leases) {
        this.leases = leases;
    }

    /**
     * Takes the machines called {@code names}, one after another; waits for those that another farm has.
     *
     * @param emulator only used if it is among them
     * @throws FarmException wrong usage, if there is no such machine
     */
    static BootMachines take(
            List<String> names,
            Optional<? extends Machine> emulator,
            MachinesPlace place,
            HealthCheck check,
            Progress progress)
            throws IOException, InterruptedException {
        place.require(names);
        Optional<MachinesSpec> spec = place.read();
        BootMachines taken = new BootMachines(spec.map(place::leases).orElse(null));
        boolean all = false;
        try {
            // In one order, so that no two farms wait for each other.
            for (String name : names.stream().sorted().distinct().toList()) {
                taken.machines.put(
                        name,
                        name.equals("qemu")
                                ? emulator.orElseThrow()
                                : taken.listed(name, spec.orElseThrow(), place, check, progress));
            }
            all = true;
            return taken;
        } finally {
            if (!all) {
                taken.close();
            }
        }
    }

    private Machine listed(String name, MachinesSpec spec, MachinesPlace place, HealthCheck check, Progress progress)
            throws IOException, InterruptedException {
        MachinesSpec.Entry entry = spec.machines().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (entry.fake() != null) {
            progress.note("machine '" + name + "' is fake: nothing is booted there, and its cells prove nothing");
            return entry.fake().machine(name); // Everybody has one.
        }
        Lease lease = null;
        try {
            lease = leases.take(name, progress::note);
            Machine machine = entry.ssh() == null
                    ? new IpmiMachine(
                            entry.bmc(place::secret),
                            entry.boot().place(place.folder()),
                            IpmiMachine.Settings.standard(
                                    entry.firmware().equals("uefi"),
                                    entry.console().line()),
                            lease.takenBack())
                    : SshMachine.at(entry.ssh().at(name, place::secret));
            if (leases.status(name).health().due(spec.policy(), Instant.now())) {
                progress.at(-1, "seeing whether machine " + name + " is well");
                Optional<String> ailment = check.ailment(name, entry.firmware(), machine);
                if (ailment.isPresent()) {
                    leases.setAside(name, ailment.get());
                    throw new IOException("machine '" + name + "' is set aside now: " + ailment.get());
                }
                leases.healthy(name);
            }
            held.add(lease);
            lease = null;
            return machine;
        } catch (IOException e) {
            progress.note(e.getMessage());
            return new Absent(e.getMessage());
        } finally {
            if (lease != null) {
                lease.close();
            }
        }
    }

    /** The machine that {@code cell} is to boot on. */
    Machine of(Cell cell) {
        return machines.get(cell.machine());
    }

    /** Puts down what ran on the listed machines, and sets those aside that somebody has to look at. */
    void ran(List<Cell> cells) throws IOException {
        for (Lease lease : held) {
            String name = lease.machine();
            int count = (int)
                    cells.stream().filter(cell -> cell.machine().equals(name)).count();
            leases.ran(name, count);
            Optional<String> trouble = machines.get(name).trouble();
            if (trouble.isPresent()) {
                leases.setAside(name, trouble.get());
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Lease lease : held) {
            lease.close();
        }
    }

    /** A machine that cannot be had. */
    private record Absent(String why) implements Machine {
        @Override
        public String kind() {
            return "none";
        }

        @Override
        public String description() {
            return "no machine: " + why;
        }

        @Override
        public Optional<String> obstacle(Cell cell) {
            return Optional.of(why);
        }

        @Override
        public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
            throw new IOException(why);
        }
    }
}
