package io.kernelfarm.bootmatrix.machine.fake;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.initramfs.Tools;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.report.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What a boot puts on the serial lines, worked out from what the machine was really given: the nonce and the checks on its command
 * line, the data on its disks, the guests in dom0's payload. So a boot file that is wrong makes a scripted boot fail as well.
 */
public final class ScriptedBoot {

    private static final MachineEvent OFF = new MachineEvent.Stopped(true, "the machine turned itself off or reset");

    private static final Pattern XEN = Pattern.compile("xen-(?:hypervisor-)?(\\d+\\.\\d+)");

    private final BootMedia media;
    private final List<MachineEvent> events = new ArrayList<>();
    private boolean firmware = true;

    /**
     * A guest as dom0's payload describes it.
     *
     * @param name its cell's
     * @param cmdline of its kernel
     * @param data its data disk
     */
    public record Guest(String name, Mode mode, int domain, String cmdline, Path data) {
        /** By which its answers are known. */
        public String nonce() {
            return ScriptedBoot.nonce(cmdline);
        }
    }

    private ScriptedBoot(BootMedia media) {
        this.media = media;
    }

    public static ScriptedBoot of(BootMedia media) {
        return new ScriptedBoot(media);
    }

    public List<MachineEvent> events() {
        return events;
    }

    // ---- a bare machine, or dom0 ----

    /** A machine whose kernel says nothing of the firmware that booted it. */
    public ScriptedBoot withoutFirmware() {
        firmware = false;
        return this;
    }

    public ScriptedBoot console(String... lines) {
        for (String line : lines) {
            if (firmware && media.platform().uefi() && line.contains(":state=userspace")) {
                console("[    5.5] farm:" + nonce() + ":dmesg=[    0.000000] efi: EFI v2.70 by EDK II");
            }
            events.add(new MachineEvent.Line(0, line));
        }
        return this;
    }

    public ScriptedBoot kernel(String release) {
        return console(
                "[    0.000000] Linux version " + release + " (farm@farm) (gcc 12.2.0) #1 SMP",
                "[    0.000000] Command line: " + media.cmdline());
    }

    /** The whole life of a bare machine that passes. */
    public ScriptedBoot metal(String release) throws IOException {
        kernel(release);
        console(answering(
                proof(Mode.METAL, release, nonce(), media.disks().get(0).image()),
                inside(Mode.METAL, media.cmdline(), "checks", release)));
        return off();
    }

    public ScriptedBoot xen() {
        return console(
                "(XEN) Xen version " + xenVersion() + " (farm@farm) debug=n",
                "(XEN) Command line: console=com1",
                "(XEN) System RAM: " + CheckAnswers.MACHINE_MIB + "MB",
                "(XEN) Brought up 1 CPUs",
                "(XEN) Dom0 has maximum 1 VCPUs",
                "(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)");
    }

    /** dom0 up to its last answer. */
    public ScriptedBoot dom0(String release) throws IOException {
        xen().kernel(release);
        return console(answering(
                proof(mode(), release, nonce(), media.disks().get(2).image()),
                inside(mode(), media.cmdline(), "checks", release)));
    }

    /** dom0 with its toolstack, ready to make guests. */
    public ScriptedBoot host(String release) throws IOException {
        dom0(release);
        report("ready " + xenVersion());
        report("image " + guestImageSha256() + "  -");
        return this;
    }

    /** The same of a dom0 that is not done yet: it is asked more beside its guests, or when they are gone. */
    public ScriptedBoot hostThatIsAskedMore(String release) throws IOException {
        host(release);
        events.removeIf(event -> event instanceof MachineEvent.Line line
                && line.port() == 0
                && line.text().endsWith(":done"));
        return this;
    }

    /** What such a dom0 answers, up to its last answer. */
    public ScriptedBoot lastAnswers(String release) throws IOException {
        List<String> answers = inside(mode(), media.cmdline(), "beside", release);
        answers.addAll(inside(mode(), media.cmdline(), "late", release));
        answers.add("done");
        return console(marked(nonce(), answers));
    }

    /** Whether dom0 is asked something beside its guests, or when they are gone. */
    public boolean isAskedMore() {
        return media.cmdline().matches(".*\\bfarm\\.(beside|late)=.*");
    }

    /** In which mode the machine's own kernel boots. */
    public Mode mode() {
        return media.hypervisor()
                .map(xen -> xen.cmdline().contains("dom0=pvh") ? Mode.DOM0_PVH : Mode.DOM0_PV)
                .orElse(Mode.METAL);
    }

    /** The hypervisor as cells name it, for example {@code xen-4.17}. */
    public String hypervisor() {
        return media.hypervisor().map(xen -> "xen-" + shortVersion(xen.image())).orElse("none");
    }

    private String xenVersion() {
        return shortVersion(media.hypervisor().orElseThrow().image()) + ".0";
    }

    private static String shortVersion(Path image) {
        Matcher version = XEN.matcher(image.getFileName().toString());
        if (!version.find()) {
            throw new IllegalArgumentException(image + " does not say in its name which Xen it is");
        }
        return version.group(1);
    }

    public ScriptedBoot off() {
        events.add(OFF);
        return this;
    }

    public ScriptedBoot killed() {
        events.add(new MachineEvent.Stopped(false, "the emulator was killed by signal 9"));
        return this;
    }

    /** The nonce of the machine's own kernel. */
    public String nonce() {
        return nonce(media.cmdline());
    }

    // ---- the toolstack and its guests ----

    public ScriptedBoot report(String event) {
        events.add(new MachineEvent.Line(1, "farm:" + nonce() + ":" + event));
        return this;
    }

    public ScriptedBoot created(Guest guest) {
        return report("created " + guest.name() + " " + guest.domain());
    }

    /** Lines of a guest, by the way that they take in its mode. */
    public ScriptedBoot guest(Guest guest, String... lines) {
        for (String line : lines) {
            events.add(
                    guest.mode() == Mode.HVM || guest.mode() == Mode.PVHVM
                            ? new MachineEvent.Line(0, "(d" + guest.domain() + ") " + line)
                            : new MachineEvent.Line(1, guest.name() + "|" + line));
        }
        return this;
    }

    /** The whole life of a guest that passes. */
    public ScriptedBoot passingGuest(Guest guest, String release) throws IOException {
        return created(guest).passing(guest, release);
    }

    /** The same of a guest that was made. */
    ScriptedBoot passing(Guest guest, String release) throws IOException {
        guest(guest, "[    0.000000] Linux version " + release + " (farm@farm)");
        guest(
                guest,
                answering(
                        proof(guest.mode(), release, guest.nonce(), guest.data()),
                        inside(guest.mode(), guest.cmdline(), "checks", release)));
        for (String check : asked(guest.cmdline(), "checks")) {
            CheckAnswers.ofDom0(check).forEach(answer -> report("answer " + guest.name() + " " + check + "." + answer));
        }
        return report("ended " + guest.name());
    }

    public ScriptedBoot passingGuests(String release) throws IOException {
        for (Guest guest : guests()) {
            passingGuest(guest, release);
        }
        return this;
    }

    public Guest guest(Mode mode) throws IOException {
        return guests().stream()
                .filter(guest -> guest.mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    /** The guests in the payload, with the domain numbers that the toolstack would give them. */
    public List<Guest> guests() throws IOException {
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
            guests.add(new Guest(name, mode, guests.size() + 1, cmdline, disk(config, bus(mode) + "b")));
        }
        return guests;
    }

    /** The kernel that the guests boot. */
    byte[] guestImage() throws IOException {
        return payload().get("vmlinuz");
    }

    /** Its SHA-256. */
    public String guestImageSha256() throws IOException {
        return Digest.sha256(guestImage());
    }

    /** The command line of a guest, from wherever its mode keeps it. */
    public String cmdline(Mode mode) throws IOException {
        return guest(mode).cmdline();
    }

    private static String bus(Mode mode) {
        return switch (mode) {
            case HVM -> "hd";
            case PVHVM -> "sd";
            default -> "xvd";
        };
    }

    private Path disk(String config, String name) throws IOException {
        Matcher target =
                Pattern.compile("vdev=" + name + ",[^']*target=/dev/vd([a-z])'").matcher(config);
        if (!target.find()) {
            throw new IOException("no disk " + name + " in " + config);
        }
        return media.disks().get(target.group(1).charAt(0) - 'a').image();
    }

    private static String loaderConfiguration(Path bootDisk) throws IOException {
        Path copy = bootDisk.resolveSibling(bootDisk.getFileName() + ".read");
        Tools.run("mcopy", "-o", "-i", bootDisk.toString(), "::syslinux.cfg", copy.toString());
        return Files.readString(copy);
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
    public static String[] proof(Mode mode, String release, String nonce, Path data) throws IOException {
        return proof(mode, mode, release, nonce, data);
    }

    /** The same, but read through the driver of another mode. */
    public static String[] proof(Mode mode, Mode driver, String release, String nonce, Path data) throws IOException {
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
        lines.add(disk + " sha256=" + Digest.sha256(Arrays.copyOfRange(sectors, 512, 513 * 512)));
        lines.add("done");
        return marked(nonce, lines);
    }

    private static String[] marked(String nonce, List<String> answers) {
        return answers.stream()
                .map(answer -> "[    5.567972] farm:" + nonce + ":" + answer)
                .toArray(String[]::new);
    }

    // ---- what it answers to checks ----

    /** The checks on a command line, of the turn that the word {@code farm.WORD=} stands for. */
    private static List<String> asked(String cmdline, String word) {
        Matcher checks = Pattern.compile("\\bfarm\\." + word + "=([a-z0-9,-]+)").matcher(cmdline);
        return checks.find() ? List.of(checks.group(1).split(",")) : List.of();
    }

    private List<String> inside(Mode mode, String cmdline, String word, String release) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String check : asked(cmdline, word)) {
            answers.add("begin=" + check);
            List<String> served = check.equals("backends") ? guestNames() : List.of();
            String xen = media.hypervisor().isPresent() ? xenVersion() : "";
            new CheckAnswers(mode, release, nonce(cmdline), xen, served)
                    .inside(check)
                    .forEach(answer -> answers.add(check + "." + answer));
            answers.add("end=" + check);
        }
        return answers;
    }

    private List<String> guestNames() throws IOException {
        return guests().stream().map(Guest::name).toList();
    }

    /** {@code proof} with the answers to checks before its last line, {@code done}. */
    private String[] answering(String[] proof, List<String> answers) {
        List<String> lines = new ArrayList<>(List.of(proof));
        String mark = proof[0].substring(0, proof[0].indexOf("state="));
        lines.addAll(lines.size() - 1, answers.stream().map(mark::concat).toList());
        return lines.toArray(String[]::new);
    }

    private static String nonce(String text) {
        Matcher nonce = Pattern.compile("farm\\.nonce=([0-9a-f]+)").matcher(text);
        if (!nonce.find()) {
            throw new IllegalArgumentException("no farm.nonce in: " + text);
        }
        return nonce.group(1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
