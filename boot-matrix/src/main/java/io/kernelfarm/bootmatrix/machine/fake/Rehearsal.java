package io.kernelfarm.bootmatrix.machine.fake;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.report.Digest;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a fake machine plays: kernels that pass in every cell, but for those that it was told to play otherwise. Which release a kernel is
 * stands in its image, and all that has to agree with the boot in what the machine was given; nothing of it runs.
 *
 * <p>The first kernel that it sees in a cell is the one under test. Another one there is the control kernel, and passes.
 */
public final class Rehearsal implements FakeMachine.Script {

    /** The first line of each console that is not silent. */
    static final String NOTICE = "A fake machine plays this: nothing was booted, and nothing is proved.";

    private final String machine;
    private final Faults faults;
    /** Of each cell that is played otherwise: the digest of the kernel under test, and how often it was played. */
    private final Map<String, Subject> subjects = new HashMap<>();

    private record Subject(String sha256, int boots) {}

    /**
     * The cells in which a kernel does not just pass, by their names, in which {@code *} stands for anything.
     *
     * @param fail the kernel panics
     * @param silent the kernel never says a word
     * @param flaky the kernel panics the first time, and no more
     */
    public record Faults(List<String> fail, List<String> silent, List<String> flaky) {
        public Faults {
            fail = List.copyOf(fail);
            silent = List.copyOf(silent);
            flaky = List.copyOf(flaky);
        }
    }

    private enum Fault {
        NONE,
        PANIC,
        SILENCE
    }

    /** @param machine its name in cells */
    public Rehearsal(String machine, Faults faults) {
        this.machine = machine;
        this.faults = faults;
    }

    /** Files that stand for a hypervisor and its dom0's disk, which a fake machine does not look into. */
    public static XenHost.Assets standIn(Path folder, String hypervisor) throws IOException {
        Path file = Files.createDirectories(folder).resolve(hypervisor);
        Files.writeString(file, "stands for " + hypervisor + " on a fake machine\n");
        return new XenHost.Assets(file, Optional.of(file), file);
    }

    @Override
    public Collection<? extends MachineEvent> play(BootMedia media) throws IOException {
        ScriptedBoot boot = ScriptedBoot.of(media);
        byte[] image = Files.readAllBytes(media.kernel());
        String release = ImageHeader.release(image);
        String firmware = media.platform().uefi() ? "uefi" : "bios";
        Fault fault = fault(new Cell(boot.mode(), boot.hypervisor(), firmware, machine, true).id(), image);
        if (fault == Fault.SILENCE) {
            return List.of();
        }
        boot.console(NOTICE);
        if (boot.mode() == Mode.METAL) {
            return (fault == Fault.PANIC ? boot.kernel(release).console(panic()).off() : boot.metal(release)).events();
        }
        if (fault == Fault.PANIC) {
            return boot.xen().kernel(release).console(panic()).off().events();
        }
        if (boot.isAskedMore()) {
            boot.hostThatIsAskedMore(release);
        } else {
            boot.host(release);
        }
        guests(boot);
        return (boot.isAskedMore() ? boot.lastAnswers(release) : boot).events();
    }

    private void guests(ScriptedBoot boot) throws IOException {
        List<ScriptedBoot.Guest> guests = boot.guests();
        if (guests.isEmpty()) {
            return;
        }
        byte[] image = boot.guestImage();
        String release = ImageHeader.release(image);
        for (ScriptedBoot.Guest guest : guests) {
            Fault fault = fault(guest.name(), image);
            boot.created(guest);
            if (fault != Fault.SILENCE) {
                boot.guest(guest, NOTICE);
            }
            if (fault == Fault.NONE) {
                boot.passing(guest, release);
            } else if (fault == Fault.PANIC) {
                boot.guest(guest, "[    0.000000] Linux version " + release + " (farm@farm)", panic());
                boot.report("ended " + guest.name());
            }
        }
    }

    private static String panic() {
        return "[    1.000000] Kernel panic - not syncing: the fake machine was told to let this cell fail";
    }

    private synchronized Fault fault(String cell, byte[] image) {
        boolean flaky = Cell.isNamed(cell, faults.flaky());
        boolean silent = Cell.isNamed(cell, faults.silent());
        boolean told = flaky || silent || Cell.isNamed(cell, faults.fail());
        if (!told || !cell.endsWith("-" + machine)) { // A guest that only shows what dom0 does is of no machine.
            return Fault.NONE;
        }
        String sha256 = Digest.sha256(image);
        Subject subject = subjects.computeIfAbsent(cell, first -> new Subject(sha256, 0));
        if (!subject.sha256().equals(sha256)) {
            return Fault.NONE;
        }
        subjects.put(cell, new Subject(sha256, subject.boots() + 1));
        if (flaky && subject.boots() > 0) {
            return Fault.NONE;
        }
        return silent ? Fault.SILENCE : Fault.PANIC;
    }
}
