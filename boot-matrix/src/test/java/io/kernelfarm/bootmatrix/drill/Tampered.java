package io.kernelfarm.bootmatrix.drill;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.Processor;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A machine that somebody has been at: it boots something else than what it is given. */
public record Tampered(Machine machine, Tampering tampering) implements Machine {

    /** What is done to boot media. */
    @FunctionalInterface
    public interface Tampering {
        BootMedia change(BootMedia media) throws IOException;
    }

    @Override
    public String kind() {
        return machine.kind();
    }

    @Override
    public String description() {
        return machine.description();
    }

    @Override
    public Optional<String> obstacle(Cell cell) {
        return machine.obstacle(cell);
    }

    @Override
    public Processor processor() {
        return machine.processor();
    }

    @Override
    public SerialLine console() {
        return machine.console();
    }

    @Override
    public boolean isBare() {
        return machine.isBare();
    }

    @Override
    public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
        return machine.powerOn(tampering.change(media), consoleLog);
    }
}
