package io.kernelfarm.bootmatrix.xen;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.Ending;
import io.kernelfarm.bootmatrix.boot.EventPump;
import io.kernelfarm.bootmatrix.boot.MetalBoot;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.checks.ShutdownCheck;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.Processor;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One boot of Xen that serves several cells: dom0's own and its guests'. OFF → POWERED → HYPERVISOR → KERNEL → USERSPACE →
 * DONE for dom0, then the toolstack, then all guests at once. On a machine that is a Xen host already, the guests alone.
 */
public final class XenHost {

    private static final int DOM0_MIB = 1024;
    private static final int XEN_MIB = 256;
    /** What a guest costs beside its memory: page tables, the device model's video memory. */
    private static final int GUEST_OVERHEAD_MIB = 64;

    /** What an emulated host takes of the memory of the machine that emulates it, with the guests of a usual one. */
    public static final long USUAL_BYTES = (DOM0_MIB + XEN_MIB + 3L * guestMib()) << 20;

    /** Where disks are files of the initramfs they are in dom0's memory, packed first and then unpacked. */
    private static final int DOM0_WITH_DISKS_MIB = 2048;

    /** In place of a machine's name, what a guest is there for. */
    private static final String SERVED = "served";

    /** How long dom0 may take for what it is asked when its guests are gone, beside the seconds that they are given. */
    private static final Duration LAST_QUESTIONS = Duration.ofMinutes(2);

    /** A domain's line on the hypervisor's console: written by the domain, or about it. */
    private static final Pattern ABOUT_DOMAIN = Pattern.compile(
            "^\\(d(\\d{1,5})\\) |^\\(XEN\\).*?(?:\\bd(\\d{1,5})(?:v\\d+)?\\b|\\b[Dd]om(?:ain)? ?(\\d{1,5})\\b)");

    /** The first one is the cause, and what the toolstack says afterwards of its tidying up is not. */
    private static final Pattern TOOLSTACK_ERROR = Pattern.compile("^xl: .*\\berror: ");

    /** The toolstack's own patience, with its device model or a script, is for machines that are not emulated (libxl_exec.c); -9 is libxl's ERROR_TIMEDOUT (libxl_types.idl). */
    private static final Pattern TOOLSTACK_TIMEOUT =
            Pattern.compile("^xl: .*\\berror: .*(timed out|because of timeout|xswait timeout|rc=-9$)");

    private final Optional<Assets> assets;
    private final Path busybox;
    private final Kernel dom0;
    private final Kernel guestKernel;
    private final BootWatch host;
    private final boolean verbose;
    private final Timeouts timeouts;
    private final CheckPlan checks;
    private final Map<String, BootWatch> guests = new LinkedHashMap<>();
    private final Map<String, DataDisk> dataDisks = new HashMap<>();
    private final Map<Integer, BootWatch> byDomain = new HashMap<>();
    private boolean bare;
    private boolean controlled;
    private Processor processor;
    private boolean standing;
    private String dom0Release;
    /** What guests' domains are called before their cells' names: a standing host has domains of others. */
    private String label = "";

    private boolean ready;
    private long readySince;

    /**
     * What every Xen host is made from, whatever the kernel.
     *
     * @param hypervisor the Xen image: a multiboot ELF file, on arm64 an Image
     * @param efi Xen as an EFI program, for machines with UEFI; empty where no cell asks for one
     * @param dom0Disk made by {@link Dom0Image}
     */
    public record Assets(Path hypervisor, Optional<Path> efi, Path dom0Disk) {}

    /**
     * A host whose dom0 runs {@code dom0} and whose guests run {@code guestKernel}.
     *
     * @param assets empty for a machine that is a Xen host already
     * @param busybox a statically linked busybox
     * @param dom0 unused on such a machine
     * @param host watches dom0
     * @param guests watch the guests, each of a cell of its own
     * @param verbose whether guests print their whole kernel log as it comes, which is slow, but keeps what a dying
     *     kernel said last
     * @param checks what is asked in dom0 and in guests
     */
    public XenHost(
            Optional<Assets> assets,
            Path busybox,
            Kernel dom0,
            Kernel guestKernel,
            BootWatch host,
            List<BootWatch> guests,
            boolean verbose,
            Timeouts timeouts,
            CheckPlan checks) {
        this.assets = assets;
        this.busybox = busybox;
        this.dom0 = dom0;
        this.dom0Release = dom0.id().release();
        this.guestKernel = guestKernel;
        this.host = host;
        this.verbose = verbose;
        this.timeouts = timeouts;
        this.checks = checks;
        guests.forEach(guest -> this.guests.put(guest.cell().id(), guest));
    }

    /** The content digest of the data disk of the cell called {@code cell}; dom0's is its own cell's. */
    public Optional<String> dataDigest(Cell cell) {
        return Optional.ofNullable(dataDisks.get(cell.id())).map(DataDisk::sha256);
    }

    /** What {@code uname -r} says in dom0, as far as is known. */
    public String dom0Release() {
        return dom0Release;
    }

    /** MiB that a host needs for each guest. */
    public static int guestMib() {
        return GuestConfig.MEMORY_MIB + GUEST_OVERHEAD_MIB;
    }

    /**
     * Boots the host and returns when every watch has an ending and the machine is off.
     *
     * @param work a folder for boot files
     */
    public void run(Machine machine, Path work) throws InterruptedException {
        host.start(BootState.OFF);
        bare = machine.isBare();
        controlled = machine.hasControlLine();
        processor = machine.processor();
        standing = machine.standing().isPresent();
        if (standing) {
            label = "farm-" + host.nonce() + "-";
            dom0Release = ""; // It is the host's own.
        }
        try (PoweredMachine powered = machine.powerOn(prepare(work, machine.console()), host.log())) {
            host.start(BootState.POWERED);
            EventPump pump = new EventPump(powered, this::leaveOut);
            while (!everythingEnded()) {
                MachineEvent event = pump.next();
                if (event instanceof MachineEvent.Line line) {
                    if (line.port() == 0) {
                        console(line.text());
                    } else {
                        control(line.text());
                    }
                } else if (event instanceof MachineEvent.Stopped stopped) {
                    stopped(stopped);
                }
                judgeTime(powered);
            }
        } catch (IOException e) {
            endAll(Ending.INFRASTRUCTURE, e.getMessage());
        }
        for (BootWatch guest : guests.values()) {
            appendKernelLog(guest);
        }
    }

    private BootMedia prepare(Path work, SerialLine line) throws IOException {
        Files.createDirectories(work);
        Path dom0Initrd = work.resolve("dom0.gz");
        List<BootMedia.Disk> disks = new ArrayList<>();
        Path payload = work.resolve("payload.tar");
        if (assets.isPresent()) {
            Initramfs.write(dom0Initrd, dom0, Initramfs.Role.DOM0, busybox);
            disks.add(new BootMedia.Disk(assets.get().dom0Disk(), false));
        }
        disks.add(new BootMedia.Disk(payload, false));
        if (assets.isPresent()) {
            disks.add(new BootMedia.Disk(dataDisk(work, host), false));
        }

        Path guestInitrd = work.resolve("guest.gz");
        if (!guests.isEmpty()) {
            Initramfs.write(guestInitrd, guestKernel, Initramfs.Role.PROVE, busybox);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        StringBuilder guestList = new StringBuilder();
        int network = 0;
        for (BootWatch guest : guests.values()) {
            Cell cell = guest.cell();
            network++;
            String dataDevice = device(disks.size());
            String name = label + cell.id();
            guestList.append(name).append(' ').append(dataDevice).append('\n');
            disks.add(new BootMedia.Disk(dataDisk(work, guest), true));
            Optional<String> bootDevice = Optional.empty();
            if (cell.mode() == Mode.HVM || cell.mode() == Mode.PVHVM) {
                Path bootDisk = work.resolve(cell.id() + ".boot");
                BootDisk.make(bootDisk, guestKernel.image(), guestInitrd, guestCmdline(guest, network));
                bootDevice = Optional.of(device(disks.size()));
                disks.add(new BootMedia.Disk(bootDisk, false));
            }
            texts.put(
                    name + ".cfg",
                    new GuestConfig(
                                    name,
                                    cell.mode(),
                                    guestCmdline(guest, network),
                                    dataDevice,
                                    bootDevice,
                                    network,
                                    isAsked(cell, "vcpu") ? 2 : 1)
                            .render());
        }
        texts.put("guests", guestList.toString());
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("vmlinuz", guestKernel.image());
        if (!guests.isEmpty()) {
            files.put("initrd.gz", guestInitrd);
        }
        if (standing) {
            files.put("busybox", busybox);
            texts.putAll(Initramfs.hostScripts());
            texts.put("scripts/farm-block", Dom0Image.blockScript());
        }
        Payload.write(payload, files, texts);
        if (standing) {
            return new BootMedia(
                    guestKernel.image(),
                    "farm.nonce=" + host.nonce(),
                    guestInitrd,
                    Optional.empty(),
                    disks,
                    domains() * guestMib());
        }
        return bootMedia(dom0Initrd, disks, line);
    }

    private BootMedia bootMedia(Path dom0Initrd, List<BootMedia.Disk> disks, SerialLine line) throws IOException {
        String cmdline = words(
                "console=hvc0 printk.devkmsg=on farm.role=dom0 farm.nonce=" + host.nonce(),
                controlled ? "" : "farm.control=log",
                checks.cmdline(host.cell().mode()),
                goesOn() ? "farm.patience=" + timeouts.cell().toSeconds() : "",
                dom0.cmdline());
        int dom0Mib = bare ? DOM0_WITH_DISKS_MIB : DOM0_MIB;
        // On arm64 a dom0 has the memory that it begins with, and is of one kind.
        boolean arm = processor == Processor.ARM64;
        String memory = "dom0_mem=" + dom0Mib + "M" + (arm ? "" : ",max:" + dom0Mib + "M");
        String xenCmdline = words(line.xen(), memory, "loglvl=all guest_loglvl=all");
        boolean pvh = host.cell().mode() == Mode.DOM0_PVH && !arm;
        boolean uefi = host.cell().isUefi();
        Path image = uefi ? efi() : assets.orElseThrow().hypervisor();
        return new BootMedia(
                dom0.image(),
                cmdline,
                dom0Initrd,
                Optional.of(new BootMedia.Hypervisor(image, words(xenCmdline, pvh ? "dom0=pvh" : ""))),
                disks,
                dom0Mib + XEN_MIB + domains() * guestMib(),
                new BootMedia.Platform(uefi, pvh));
    }

    /** A guest for {@code dom0} of {@code processor} to serve that is not judged itself. */
    public static Cell servedBy(Cell dom0, Processor processor) {
        return new Cell(processor.guest(), dom0.hypervisor(), dom0.firmware(), SERVED, false);
    }

    private CheckPlan planOf(Cell cell) {
        return cell.machine().equals(SERVED) ? CheckPlan.ofServedGuest() : checks;
    }

    /** Whether dom0 is asked something while it has guests, or afterwards. */
    private boolean goesOn() {
        return checks.goesOnWithGuests(host.cell().mode());
    }

    private Path efi() throws IOException {
        return assets.flatMap(Assets::efi)
                .orElseThrow(() -> new IOException(host.cell().hypervisor() + " has no EFI program to boot with UEFI"));
    }

    /** How many domains there may be at once: a guest that moves to its own host is there twice. */
    private int domains() {
        return guests.size()
                + (int) guests.values().stream()
                        .filter(guest -> isAsked(guest.cell(), "migrate"))
                        .count();
    }

    private Path dataDisk(Path work, BootWatch watch) throws IOException {
        DataDisk disk = DataDisk.make(work.resolve(watch.cell().id() + ".data"), watch.nonce());
        dataDisks.put(watch.cell().id(), disk);
        return disk.image();
    }

    /** Name of the {@code index}th disk in dom0, from 0. */
    private static String device(int index) {
        return "/dev/vd" + (char) ('a' + index);
    }

    private boolean isAsked(Cell cell, String check) {
        return planOf(cell).asks(cell.mode(), check);
    }

    private String guestCmdline(BootWatch guest, int network) {
        String console =
                switch (guest.cell().mode()) {
                    case PV -> "console=hvc0";
                    case PVH -> "console=hvc0 earlyprintk=xen";
                    // Port 0xe9, which the hypervisor takes itself. An emulated UART costs several exits a character;
                    // but what
                    // the hypervisor of a standing host keeps, and shows, is its administrator's to say.
                    case PVHVM ->
                        standing ? "console=hvc0 earlyprintk=ttyS0" : "console=ttyS0 earlyprintk=xen keep_bootcon";
                    case HVM ->
                        (standing ? "console=ttyS0" : "console=ttyS0 earlyprintk=xen keep_bootcon") + " xen_nopv";
                    default -> throw new IllegalArgumentException(guest.cell() + " is no guest");
                };
        return words(
                console,
                printsEverything() ? "" : "quiet",
                "panic=1 printk.devkmsg=on farm.role=prove farm.end=off farm.log=disk farm.nonce=" + guest.nonce(),
                planOf(guest.cell()).cmdline(guest.cell().mode()),
                "farm.net=" + network,
                guestKernel.cmdline());
    }

    /** What a guest of a bare machine writes to its data disk does not come back: it has to say it aloud. */
    private boolean printsEverything() {
        return verbose || bare;
    }

    private static String words(String... words) {
        return String.join(" ", words).strip().replaceAll(" +", " ");
    }

    private void console(String text) {
        int domain = domainOf(text);
        int mark = text.indexOf(controlMark());
        // Whatever a guest prints, it does not speak for dom0.
        if (mark >= 0 && domain <= 0) {
            host.keep(text);
            control(text.substring(mark + controlMark().length()));
            return;
        }
        if (domain <= 0) {
            host.line(text);
            return;
        }
        host.keep(text);
        BootWatch guest = byDomain.get(domain);
        if (guest != null) {
            guest.line(text);
        }
    }

    /** The domain that {@code text} comes from or speaks of; 0 is dom0, -1 is nobody. */
    private static int domainOf(String text) {
        Matcher about = ABOUT_DOMAIN.matcher(text);
        if (about.find()) {
            for (int group = 1; group <= about.groupCount(); group++) {
                if (about.group(group) != null) {
                    return Integer.parseInt(about.group(group));
                }
            }
        }
        return -1;
    }

    /** Stands on the console before what comes over the second serial line elsewhere; see host.sh. */
    private String controlMark() {
        return "farm:" + host.nonce() + ":host|";
    }

    private void control(String text) {
        int bar = text.indexOf('|');
        String mark = "farm:" + host.nonce() + ":";
        if (text.startsWith(mark)) {
            event(text.substring(mark.length()).split(" ", -1));
        } else if (bar > 0 && guest(text.substring(0, bar)) != null) {
            guest(text.substring(0, bar)).line(text.substring(bar + 1));
        }
    }

    /** The guest whose domain is called {@code domain}; null if it is none. */
    private BootWatch guest(String domain) {
        return domain.startsWith(label) ? guests.get(domain.substring(label.length())) : null;
    }

    private void event(String[] words) {
        BootWatch guest = words.length > 1 ? guest(words[1]) : null;
        switch (words[0]) {
            case "ready" -> {
                ready = true;
                readySince = System.nanoTime();
                if (standing) {
                    dom0Release = words.length > 2 ? words[2] : "";
                    host.end(Ending.ANSWERED, "");
                } else if (!goesOn()) {
                    host.answered();
                }
                guests.values().forEach(each -> each.start(BootState.OFF));
            }
            case "image" -> {
                if (!words[1].equals(guestKernel.id().imageSha256())) {
                    endGuests(Ending.INFRASTRUCTURE, "dom0 was handed an image with SHA-256 " + words[1]);
                }
            }
            case "created" -> {
                if (guest != null && words[2].matches("\\d{1,5}")) {
                    byDomain.put(Integer.parseInt(words[2]), guest);
                    guest.reach(BootState.CREATED);
                }
            }
            case "answer" -> {
                if (guest != null) {
                    guest.dom0Answer(String.join(" ", List.of(words).subList(2, words.length)));
                }
            }
            case "refused" -> {
                if (guest != null) {
                    boolean tooSlow = guest.firstLine(TOOLSTACK_TIMEOUT).isPresent();
                    guest.end(
                            tooSlow ? Ending.INFRASTRUCTURE : Ending.REFUSED,
                            "the toolstack refused to make the domain"
                                    + guest.firstLine(TOOLSTACK_ERROR)
                                            .or(guest::lastLine)
                                            .map(line -> ": " + line.text())
                                            .orElse(""));
                }
            }
            case "ended" -> {
                if (guest != null) {
                    guestEnded(guest);
                }
            }
            // What comes next without a working toolstack says nothing: "ready" is not to be believed.
            case "trouble" ->
                host.end(
                        Ending.NO_TOOLSTACK,
                        (standing ? "the Xen host is not fit for guests: " : "dom0's toolstack did not start: ")
                                + String.join(" ", List.of(words).subList(1, words.length)));
            default -> {
                // A word that this version of the farm does not send: somebody else's line.
            }
        }
    }

    private static void guestEnded(BootWatch guest) {
        if (guest.state() == BootState.DONE && guest.fault().isEmpty()) {
            guest.end(Ending.ANSWERED, "");
        } else if (guest.fault().isPresent()) {
            guest.end(Ending.CRASHED, "it crashed in state " + guest.state());
        } else {
            guest.end(Ending.STOPPED, "the domain went away in state " + guest.state());
        }
    }

    private void stopped(MachineEvent.Stopped stopped) {
        if (host.state() == BootState.DONE && !ready) {
            // A dom0 that goes away before its toolstack runs has not done its work.
            host.end(
                    stopped.orderly() ? Ending.STOPPED : Ending.INFRASTRUCTURE,
                    stopped.detail() + " before dom0's toolstack ran");
        } else if (ready && stopped.orderly() && host.fault().isEmpty() && !guestsEnded()) {
            host.end(Ending.STOPPED, stopped.detail() + " under its guests");
        }
        MetalBoot.stopped(host, stopped);
        if (!stopped.orderly()) {
            endGuests(Ending.INFRASTRUCTURE, stopped.detail());
        } else {
            hostLost(stopped.detail());
        }
    }

    private void judgeTime(PoweredMachine powered) {
        // dom0 has passed only when its toolstack runs: until then DONE is not the end of it.
        if (host.state() == BootState.DONE && !host.ended()) {
            if (host.faultIsTold()) {
                host.end(
                        Ending.CRASHED,
                        "it crashed " + (ready ? "while its toolstack ran" : "before its toolstack ran"));
            } else if (ready) {
                // While it has guests, it still has work to do.
                if (guestsEnded() && host.fault().isEmpty()) {
                    host.end(Ending.ANSWERED, "");
                }
            } else if (host.sinceStart().compareTo(timeouts.dom0()) > 0) {
                host.end(
                        Ending.TIMED_OUT,
                        "dom0's toolstack was not up within " + timeouts.dom0().toSeconds() + " s");
            }
        } else {
            Duration afterwards = ready && goesOn() ? timeouts.cell().plus(LAST_QUESTIONS) : Duration.ZERO;
            MetalBoot.judgeTime(host, timeouts, timeouts.dom0().plus(afterwards), powered);
        }
        if (host.ended() && (!ready || host.faultIsTold())) {
            String fault = host.fault().map(line -> ": " + line.text()).orElse("");
            hostLost(ready ? "dom0 or the hypervisor crashed" + fault : host.detail());
        }
        if (ready) {
            for (BootWatch guest : guests.values()) {
                if (!guest.ended()) {
                    judgeGuest(guest, powered);
                }
            }
        }
    }

    private void judgeGuest(BootWatch guest, PoweredMachine powered) {
        boolean done = guest.state() == BootState.DONE;
        boolean late = System.nanoTime() - readySince > timeouts.cell().toNanos();
        if (guest.faultIsTold()) {
            guest.end(Ending.CRASHED, "it crashed in state " + guest.state());
        } else if (done && late && guest.fault().isEmpty()) {
            guest.end(Ending.ANSWERED, "");
        } else if (done && !comesDown(guest)) {
            MetalBoot.farewell(guest);
        } else if (late && !done) {
            MetalBoot.timedOut(guest, timeouts.cell(), powered);
        }
    }

    /** Whether it is still for dom0 to say how the guest came down, after the guest's own last word. */
    private boolean comesDown(BootWatch guest) {
        return isAsked(guest.cell(), ShutdownCheck.NAME)
                && guest.answers(BootWatch.DOM0 + ShutdownCheck.LAST_WORD).isEmpty();
    }

    private void hostLost(String why) {
        if (standing) {
            endGuests(Ending.INFRASTRUCTURE, why);
            return;
        }
        endGuests(
                ready ? Ending.HOST_LOST : Ending.NEVER_MADE,
                (ready ? "the Xen host went down: " : "no Xen host: ") + why);
    }

    private void endGuests(Ending ending, String why) {
        guests.values().forEach(guest -> guest.end(ending, why));
    }

    private void endAll(Ending ending, String why) {
        host.end(ending, why);
        endGuests(ending, why);
    }

    private boolean everythingEnded() {
        return host.ended() && guestsEnded();
    }

    private boolean guestsEnded() {
        return guests.values().stream().allMatch(BootWatch::ended);
    }

    private void leaveOut(Duration lost) {
        host.leaveOut(lost);
        guests.values().forEach(guest -> guest.leaveOut(lost));
        readySince += lost.toNanos();
    }

    /** A quiet guest leaves its kernel's log on its disk; it belongs to what the cell said. */
    private void appendKernelLog(BootWatch guest) {
        DataDisk disk = dataDisks.get(guest.cell().id());
        if (disk == null || printsEverything()) {
            return;
        }
        try {
            List<String> log = disk.kernelLog();
            if (!log.isEmpty()) {
                guest.line("---- the kernel's log, as the guest wrote it to its data disk ----");
                log.forEach(guest::line);
            }
        } catch (IOException e) {
            guest.line("---- the kernel's log could not be read from the data disk: " + e.getMessage() + " ----");
        }
    }
}
