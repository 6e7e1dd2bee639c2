package io.kernelfarm.bootmatrix.boot;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Boots one kernel on a bare machine: OFF → POWERED → KERNEL → USERSPACE → DONE, each step with its own time-out. */
public final class MetalBoot {

    private MetalBoot() {}

    /** Boots {@code media} and returns when {@code watch} has an ending and the machine is off. */
    public static void run(Machine machine, BootMedia media, BootWatch watch, Timeouts timeouts)
            throws InterruptedException {
        watch.start(BootState.OFF);
        try (PoweredMachine powered = machine.powerOn(media, watch.log())) {
            watch.start(BootState.POWERED); // A bare machine takes its time to get there.
            EventPump pump = new EventPump(powered, watch::leaveOut);
            while (!watch.ended()) {
                MachineEvent event = pump.next();
                if (event instanceof MachineEvent.Line line && line.port() == 0) {
                    watch.line(line.text());
                } else if (event instanceof MachineEvent.Stopped stopped) {
                    stopped(watch, stopped);
                }
                judgeTime(watch, timeouts, timeouts.cell(), powered);
            }
        } catch (IOException e) {
            watch.end(Ending.INFRASTRUCTURE, e.getMessage());
        }
    }

    /** Ends {@code watch} because its machine went off. */
    public static void stopped(BootWatch watch, MachineEvent.Stopped stopped) {
        if (watch.state() == BootState.DONE && watch.fault().isEmpty()) {
            watch.end(Ending.ANSWERED, "");
        } else if (!stopped.orderly()) {
            watch.end(Ending.INFRASTRUCTURE, stopped.detail() + " (last state " + watch.state() + ")");
        } else if (watch.fault().isPresent()) {
            watch.end(Ending.CRASHED, "it crashed in state " + watch.state());
        } else if (watch.state() == BootState.POWERED) {
            watch.end(Ending.INFRASTRUCTURE, stopped.detail() + " before anything was seen on its console");
        } else {
            watch.end(Ending.STOPPED, stopped.detail() + " in state " + watch.state());
        }
    }

    /**
     * Ends {@code watch} if it has answered and had time to end, has told its fault, or has taken longer than {@code whole}.
     */
    public static void judgeTime(BootWatch watch, Timeouts timeouts, Duration whole, PoweredMachine powered) {
        if (watch.ended()) {
            return;
        }
        boolean kernelIsSilent = watch.state() == BootState.POWERED || watch.state() == BootState.HYPERVISOR;
        if (watch.faultIsTold()) {
            watch.end(Ending.CRASHED, "it crashed in state " + watch.state());
        } else if (watch.state() == BootState.DONE) {
            farewell(watch);
        } else if (kernelIsSilent && watch.inState().compareTo(timeouts.firstLine()) > 0) {
            timedOut(watch, timeouts.firstLine(), powered);
        } else if (watch.sinceStart().compareTo(whole) > 0) {
            timedOut(watch, whole, powered);
        }
    }

    /** What has answered everything may still crash: it has passed when it is gone, or when it had time enough to be. */
    public static void farewell(BootWatch watch) {
        watch.answered();
        if (watch.farewellIsOver() && watch.fault().isEmpty()) {
            watch.end(Ending.ANSWERED, "");
        }
    }

    /** Ends {@code watch} because {@code allowed} has passed. */
    public static void timedOut(BootWatch watch, Duration allowed, PoweredMachine powered) {
        String text = "nothing decisive came within " + allowed.toSeconds() + " s; the last state reached was "
                + watch.state();
        Optional<String> standstill = powered.standstill();
        if (standstill.isPresent()) {
            watch.end(Ending.INFRASTRUCTURE, text + "; " + standstill.get());
        }
        // What never said a word may never have been started: that is not the kernel's fault.
        Ending ending = watch.state() == BootState.POWERED ? Ending.INFRASTRUCTURE : Ending.TIMED_OUT;
        watch.end(ending, text);
    }
}
