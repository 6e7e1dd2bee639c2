package io.kernelfarm.bootmatrix.machine;

import io.kernelfarm.bootmatrix.Cell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Something with power, a console and a way to be given boot files. */
public interface Machine {

    /** The kind of machine as it appears in cells, for example {@code qemu}. */
    String kind();

    /** What stands behind the machine, with its version, for example {@code QEMU emulator version 7.2.22}. */
    String description();

    /**
     * Why this machine can never boot {@code cell}, whatever the kernel, in one sentence; empty as far as is known before
     * it is tried.
     */
    default Optional<String> obstacle(Cell cell) {
        return Optional.empty();
    }

    /** What its kernels are built for. */
    default Processor processor() {
        return Processor.X86_64;
    }

    /** The serial line that kernels and hypervisors have to use as their console. */
    default SerialLine console() {
        return SerialLine.FIRST;
    }

    /** Whether it is a machine of its own, which boots one thing at a time and takes nothing from this computer. */
    default boolean isRemote() {
        return false;
    }

    /**
     * Whether the machine has one serial line and no disks of the farm: the disks are files {@code /disks/a} and so on of the
     * initramfs then.
     */
    default boolean isBare() {
        return false;
    }

    /** Whether it has a second serial line, over which dom0 reports; elsewhere it does that on the first one. */
    default boolean hasControlLine() {
        return !isBare();
    }

    /**
     * The hypervisor of a machine that is a Xen host already, for example {@code xen-4.17}: it boots nothing but guests, and of what
     * {@link #powerOn} is given it takes the disks and, from the command line, {@code farm.nonce}, by which domains and files are
     * known to be this boot's. The first disk is a tar archive, whose {@code host.sh} it runs. Empty for a machine that is off when nobody
     * uses it.
     */
    default Optional<String> standing() {
        return Optional.empty();
    }

    /** How many MiB guests may have at the same time on a machine that is {@link #standing}. */
    default int guestsMib() {
        return Integer.MAX_VALUE;
    }

    /** Why somebody has to look at the machine before it is used again, in one sentence; empty while all is well. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /**
     * Turns the machine on with {@code media}.
     *
     * @param consoleLog where each byte of the console is kept
     * @throws IOException if it cannot be turned on; the message says what is missing
     */
    PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException;
}
