package io.kernelfarm.bootmatrix.machine;

/** What a machine does that can be seen from outside. */
public sealed interface MachineEvent {

    /**
     * A line on a serial line, without its end. One over 4096 bytes is cut there.
     *
     * @param port 0 for the console, 1 for the second serial line
     */
    record Line(int port, String text) implements MachineEvent {}

    /**
     * The machine is off, or of no more use.
     *
     * @param orderly whether that is its own doing: it turned itself off, rebooted or flooded its console; otherwise it was torn
     *     down from outside or broke
     * @param detail one sentence
     */
    record Stopped(boolean orderly, String detail) implements MachineEvent {}
}
