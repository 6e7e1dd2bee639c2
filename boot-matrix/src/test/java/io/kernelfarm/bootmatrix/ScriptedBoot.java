package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What a boot puts on the serial lines, worked out from what the machine was really given: the nonce on its command line,
 * the data on its disks, the guests in dom0's payload. So a boot file that is wrong makes a scripted boot fail as well.
 */
final class ScriptedBoot {

    private static final MachineEvent OFF = new MachineEvent.Stopped(true, "the machine turned itself off or reset");

    private final BootMedia media;
    private final List<MachineEvent> events = new ArrayList<>();
    private boolean firmware = true;

    /** A guest as dom0's payload describes it. */
    record Guest(String name, Mode mode, int domain, String nonce, Path data) {}

    private ScriptedBoot(BootMedia media) {
        this.media = media;
    }

    static ScriptedBoot of(BootMedia media) {
        return new ScriptedBoot(media);
    }

    List<MachineEvent> events() {
        return events;
    }

    // ---- a bare machine, or dom0 ----

    /** A machine whose kernel says nothing of the firmware that booted it. */
    ScriptedBoot withoutFirmware() {
        firmware = false;
        return this;
    }

    ScriptedBoot console(String... lines) {
        for (String line : lines) {
            if (firmware && media.platform().uefi() && line.contains(":state=userspace")) {
                console("[    5.5] farm:" + nonce() + ":dmesg=[    0.000000] efi: EFI v2.70 by EDK II");
            }
            events.add(new MachineEvent.Line(0, line));
        }
        return this;
    }

    ScriptedBoot kernel(String release) {
        return console(
                "[    0.000000] Linux version " + release + " (farm@farm) (gcc 12.2.0) #1 SMP",
                "[    0.000000] Command line: " + media.cmdline());
    }

    /** The whole life of a bare machine that passes. */
    ScriptedBoot metal(String release) throws IOException {
        kernel(release);
        console(proof(Mode.METAL, release, nonce(), media.disks().get(0).image()));
        return off();
    }

    ScriptedBoot xen() {
        return console(
                "(XEN) Xen version 4.17.7 (Debian 4.17.7) debug=n",
                "(XEN) Command line: console=com1",
                "(XEN) Dom0 has maximum 1 VCPUs",
                "(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)");
    }

    /** dom0 up to its last answer. */
    ScriptedBoot dom0(String release) throws IOException {
        xen().kernel(release);
        boolean pvh = media.hypervisor().orElseThrow().cmdline().contains("dom0=pvh");
        return console(proof(
                pvh ? Mode.DOM0_PVH : Mode.DOM0_PV,
                release,
                nonce(),
                media.disks().get(2).image()));
    }

    /** dom0 with its toolstack, ready to make guests. */
    ScriptedBoot host(String release) throws IOException {
        dom0(release);
        report("ready 4.17.7");
        report("image " + guestImageSha256() + "  -");
        return this;
    }

    /** The same of a dom0 that is not done yet: it is asked more when its guests are gone. */
    ScriptedBoot hostThatIsAskedMore(String release) throws IOException {
        host(release);
        events.removeIf(event -> event instanceof MachineEvent.Line line
                && line.port() == 0
                && line.text().endsWith(":done"));
        return this;
    }

    ScriptedBoot off() {
        events.add(OFF);
        return this;
    }

    ScriptedBoot killed() {
        events.add(new MachineEvent.Stopped(false, "the emulator was killed by signal 9"));
        return this;
    }

    /** The nonce of the machine's own kernel. */
    String nonce() {
        return nonce(media.cmdline());
    }

    // ---- the toolstack and its guests ----

    ScriptedBoot report(String event) {
        events.add(new MachineEvent.Line(1, "farm:" + nonce() + ":" + event));
        return this;
    }

    ScriptedBoot created(Guest guest) {
        return report("created " + guest.name() + " " + guest.domain());
    }

    /** Lines of a guest, by the way that they take in its mode. */
    ScriptedBoot guest(Guest guest, String... lines) {
        for (String line : lines) {
            events.add(
                    guest.mode() == Mode.HVM || guest.mode() == Mode.PVHVM
                            ? new MachineEvent.Line(0, "(d" + guest.domain() + ") " + line)
                            : new MachineEvent.Line(1, guest.name() + "|" + line));
        }
        return this;
    }

    /** The whole life of a guest that passes. */
    ScriptedBoot passingGuest(Guest guest, String release) throws IOException {
        created(guest);
        guest(guest, "[    0.000000] Linux version " + release + " (farm@farm)");
        guest(guest, proof(guest.mode(), release, guest.nonce(), guest.data()));
        return report("ended " + guest.name());
    }

    ScriptedBoot passingGuests(String release) throws IOException {
        for (Guest guest : guests()) {
            passingGuest(guest, release);
        }
        return this;
    }

    Guest guest(Mode mode) throws IOException {
        return guests().stream()
                .filter(guest -> guest.mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    /** The guests in the payload, with the domain numbers that the toolstack would give them. */
    List<Guest> guests() throws IOException {
        Map<String, byte[]> payload = payload();
        List<Guest> guests = new ArrayList<>();
        for (String line : text(payload.get("guests")).lines().toList()) {
            String name = line.split(" ", -1)[0];
            String config = text(payload.get(name + ".cfg"));
            Mode mode = Arrays.stream(Mode.values())
                    .filter(each -> name.startsWith(each.id() + "-xen"))
                    .findFirst()
                    .orElseThrow();
            boolean bootsFromDisk = mode == Mode.HVM || mode == Mode.PVHVM;
            String cmdline = bootsFromDisk ? loaderConfiguration(disk(config, bus(mode) + "a")) : config;
            guests.add(new Guest(name, mode, guests.size() + 1, nonce(cmdline), disk(config, bus(mode) + "b")));
        }
        return guests;
    }

    /** SHA-256 of the kernel that the guests boot. */
    String guestImageSha256() throws IOException {
        return sha256(payload().get("vmlinuz"));
    }

    /** The command line of a guest, from wherever its mode keeps it. */
    String cmdline(Mode mode) throws IOException {
        String config = text(payload().get(guest(mode).name() + ".cfg"));
        return mode == Mode.HVM || mode == Mode.PVHVM ? loaderConfiguration(disk(config, bus(mode) + "a")) : config;
    }

    private static String bus(Mode mode) {
        return switch (mode) {
            case HVM -> "hd";
            case PVHVM -> "sd";
            default -> "xvd";
        };
    }

    private Path disk(String config, String name) {
        Matcher target =
                Pattern.compile("vdev=" + name + ",[^']*target=/dev/vd([a-z])'").matcher(config);
        if (!target.find()) {
            throw new AssertionError("no disk " + name + " in " + config);
        }
        return media.disks().get(target.group(1).charAt(0) - 'a').image();
    }

    private static String loaderConfiguration(Path bootDisk) throws IOException {
        Process mtype = new ProcessBuilder("mtype", "-i", bootDisk.toString(), "::syslinux.cfg").start();
        return text(mtype.getInputStream().readAllBytes());
    }

    private Map<String, byte[]> payload() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(media.disks().get(1).image());
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    // ---- what a kernel says of itself ----

    /** The answers of a kernel that found itself in {@code mode} and read the disk {@code data}. */
    static String[] proof(Mode mode, String release, String nonce, Path data) throws IOException {
        return proof(mode, mode, release, nonce, data);
    }

    /** The same, but read through the driver of another mode. */
    static String[] proof(Mode mode, Mode driver, String release, String nonce, Path data) throws IOException {
        List<String> lines = new ArrayList<>(List.of("state=userspace release=" + release));
        String disk = "disk=xvdb driver=vbd";
        switch (driver) {
            case METAL -> disk = "disk=vda driver=virtio_blk";
            case DOM0_PV, DOM0_PVH -> disk = "disk=vdc driver=virtio_blk";
            case HVM -> disk = "disk=sdb driver=sd";
            default -> {
                // blkfront
            }
        }
        switch (mode) {
            case METAL ->
                lines.addAll(List.of(
                        "dmesg=[    0.066250] Booting paravirtualized kernel on bare hardware", "guest_type=absent"));
            case DOM0_PV, PV ->
                lines.addAll(List.of(
                        "dmesg=[    0.000000] Hypervisor detected: Xen PV",
                        "dmesg=[    1.193227] Booting kernel on Xen",
                        "guest_type=PV",
                        "capabilities=" + (mode == Mode.PV ? "" : "control_d")));
            case DOM0_PVH, PVH ->
                lines.addAll(List.of(
                        "dmesg=[    0.000000] Hypervisor detected: Xen HVM",
                        "dmesg=[    3.494835] Booting kernel on Xen PVH",
                        "dmesg=[    3.547345] xen:events: Xen HVM callback vector for event delivery is enabled",
                        "guest_type=PVH",
                        "capabilities=" + (mode == Mode.PVH ? "" : "control_d")));
            case HVM ->
                lines.addAll(List.of(
                        "dmesg=[    0.000000] Hypervisor detected: Xen HVM",
                        "dmesg=[    0.000000] Booting paravirtualized kernel on bare hardware",
                        "guest_type=absent"));
            case PVHVM ->
                lines.addAll(List.of(
                        "dmesg=[    0.000000] Hypervisor detected: Xen HVM",
                        "dmesg=[    0.000000] platform_pci_unplug: Blkfront and the Xen platform PCI driver have been"
                                + " compiled for this kernel: unplug emulated disks.",
                        "dmesg=[    0.050323] Booting paravirtualized kernel on Xen HVM",
                        "guest_type=HVM",
                        "capabilities="));
        }
        byte[] sectors = Files.readAllBytes(data);
        lines.add(disk + " sha256=" + sha256(Arrays.copyOfRange(sectors, 512, 513 * 512)));
        lines.add("done");
        return lines.stream()
                .map(line -> "[    5.567972] farm:" + nonce + ":" + line)
                .toArray(String[]::new);
    }

    private static String nonce(String text) {
        Matcher nonce = Pattern.compile("farm\\.nonce=([0-9a-f]+)").matcher(text);
        if (!nonce.find()) {
            throw new AssertionError("no nonce in: " + text);
        }
        return nonce.group(1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
