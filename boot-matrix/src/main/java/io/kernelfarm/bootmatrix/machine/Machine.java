package io.kernelfarm.bootmatrix.machine;

import java.io.IOException;
import java.nio.file.Path;

/** Something with power, a console and a way to be given boot files. */
public interface Machine {

    /** The kind of machine as it appears in cells, for example {@code qemu}. */
    String kind();

    /** What stands behind the machine, with its version, for example {@code QEMU emulator version 7.2.22}. */
    String description();

    /**
     * Turns the machine on with {@code media}.
     *
     * @param consoleLog where each byte of the console is kept
     * @throws IOException if it cannot be turned on; the message says what is missing
     */
    PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException;
}
