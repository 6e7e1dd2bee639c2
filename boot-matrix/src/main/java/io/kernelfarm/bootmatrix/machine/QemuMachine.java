package io.kernelfarm.bootmatrix.machine;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * An emulated machine that needs no hardware virtualization: a PC, or the {@link QemuBoard} of another processor. One virtual CPU each,
 * because multi-threaded emulation of nested SVM corrupts state (QEMU 7.2). Where hardware virtualization works it carries what it can.
 */
public final class QemuMachine implements Machine {

    private static final Duration POWER_OFF_PATIENCE = Duration.ofSeconds(3);

    /**
     * Seen with 10.0.2 and 10.0.13 of Debian, whatever the kernel: PVH, HVM and PVHVM guests end at its entry, and a PVH dom0
     * halts before it.
     */
    private static final Pattern WITHOUT_HVM = Pattern.compile("version 10\\.0\\b");

    private static final Set<Mode> HARDWARE_ASSISTED = EnumSet.of(Mode.DOM0_PVH, Mode.PVH, Mode.HVM, Mode.PVHVM);

    private final QemuBoard board;
    private final Path binary;
    private final String version;
    private final Acceleration acceleration;

    private QemuMachine(QemuBoard board, Path binary, String version, Acceleration acceleration) {
        this.board = board;
        this.binary = binary;
        this.version = version;
        this.acceleration = acceleration;
    }

    /**
     * The emulator of machines with {@code processor}, with as much of hardware virtualization as works; finding out takes a second or two.
     *
     * @throws IOException if it is not there or does not run; one sentence
     */
    public static QemuMachine fastest(Processor processor) throws IOException, InterruptedException {
        QemuBoard board = QemuBoard.of(processor);
        if (!Files.isExecutable(board.program())) {
            throw new IOException(
                    "there is no emulator " + board.program() + "; install the package " + board.debian());
        }
        // What tells how good hardware virtualization is, is a program for PCs.
        Acceleration found = processor == Processor.X86_64 ? Acceleration.of(board.program()) : Acceleration.NONE;
        return new QemuMachine(board, board.program(), version(board.program()), found);
    }

    /**
     * The emulator of PCs at {@code binary}, without hardware virtualization.
     *
     * @throws IOException if it does not run
     */
    public static QemuMachine at(Path binary) throws IOException {
        return of(binary, version(binary), Acceleration.NONE);
    }

    private static String version(Path binary) throws IOException {
        Process process = new ProcessBuilder(binary.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines().findFirst().orElse("QEMU of unknown version");
    }

    static QemuMachine of(Path binary, String version, Acceleration acceleration) {
        return new QemuMachine(QemuBoard.of(Processor.X86_64), binary, version, acceleration);
    }

    @Override
    public String kind() {
        return "qemu";
    }

    @Override
    public String description() {
        return acceleration == Acceleration.NONE ? version : version + ", " + acceleration;
    }

    @Override
    public Processor processor() {
        return board.processor();
    }

    @Override
    public SerialLine console() {
        return board.console();
    }

    @Override
    public boolean hasControlLine() {
        return board.hasControlLine();
    }

    /** How much hardware virtualization it uses. */
    public Acceleration acceleration() {
        return acceleration;
    }

    @Override
    public Optional<String> obstacle(Cell cell) {
        if (cell.isUefi()) {
            if (board.uefi().isEmpty()) {
                return Optional.of(
                        "emulated arm64 machines boot without UEFI here, whose firmware takes no gzipped image"
                                + " from the emulator; ask for bios, which stands for that");
            }
            Optional<Path> missing = board.uefi().stream()
                    .filter(file -> !Files.isReadable(file))
                    .findFirst();
            if (missing.isPresent()) {
                return Optional.of(noFirmware(missing.get()));
            }
        }
        Optional<String> senseless = board.processor().senseless(cell.mode());
        if (senseless.isPresent()) {
            return senseless;
        }
        if (acceleration != Acceleration.NESTED_KVM
                && HARDWARE_ASSISTED.contains(cell.mode())
                && WITHOUT_HVM.matcher(version).find()) {
            return Optional.of(version + " without KVM ends every " + cell.mode()
                    + " kernel at its entry; use another version, such as 7.2, or a host whose KVM works for"
                    + " hypervisors");
        }
        return Optional.empty();
    }

    private static String noFirmware(Path file) {
        return "the emulator's UEFI firmware " + file + " is missing; install the package ovmf";
    }

    @Override
    public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
        List<Path> files = new ArrayList<>(List.of(media.kernel(), media.initrd()));
        media.hypervisor().ifPresent(xen -> files.add(xen.image()));
        media.disks().forEach(disk -> files.add(disk.image()));
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new IOException("boot file " + file + " is missing or unreadable");
            }
        }
        for (Path file : media.platform().uefi() ? board.uefi() : List.<Path>of()) {
            if (!Files.isReadable(file)) {
                throw new IOException(noFirmware(file));
            }
        }
        return new Emulator(media, consoleLog);
    }

    /**
     * The emulator's arguments for {@code media}.
     *
     * @param serialSockets that the serial lines connect to, in order
     * @param loader the disk that UEFI finds the hypervisor on; used only where there are both
     */
    static List<String> arguments(
            QemuBoard board, BootMedia media, List<Path> serialSockets, Path loader, Acceleration acceleration) {
        // A PVH dom0's addresses are not the machine's: a device that passes the IOMMU by reads and writes elsewhere.
        boolean hypervisor = media.hypervisor().isPresent();
        String virtio = (media.platform().iommu() ? ",disable-legacy=on,iommu_platform=on" : "")
                + (hypervisor ? board.dom0Virtio() : "");
        boolean kvm = hypervisor ? acceleration == Acceleration.NESTED_KVM : acceleration != Acceleration.NONE;
        List<String> arguments = new ArrayList<>(List.of(
                "-accel",
                kvm ? "kvm" : "tcg",
                "-cpu",
                kvm ? "host" : hypervisor ? board.hypervisorCpu() : board.cpu(),
                "-smp",
                "1",
                "-m",
                Integer.toString(media.memoryMib()),
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-no-reboot",
                // Without a source of randomness libuuid waits a second for each domain's UUID.
                "-device",
                "virtio-rng-pci" + virtio));
        (hypervisor ? board.hypervisorType() : board.type())
                .ifPresent(type -> arguments.addAll(List.of("-machine", type)));
        if (media.platform().iommu()) {
            arguments.addAll(List.of("-machine", "q35", "-device", "amd-iommu"));
        }
        if (media.platform().uefi()) {
            arguments.addAll(List.of(
                    "-drive",
                    "if=pflash,format=raw,readonly=on,file=" + board.uefi().get(0),
                    "-drive",
                    "if=pflash,format=raw,snapshot=on,file=" + board.uefi().get(1)));
        }
        for (int i = 0; i < serialSockets.size(); i++) {
            arguments.addAll(List.of(
                    "-chardev",
                    "socket,id=serial" + i + ",path="
                            + comma(serialSockets.get(i).toString()),
                    "-serial",
                    "chardev:serial" + i));
        }
        for (int i = 0; i < media.disks().size(); i++) {
            BootMedia.Disk disk = media.disks().get(i);
            arguments.addAll(List.of(
                    "-drive",
                    "file=" + comma(disk.image().toString()) + ",if=none,id=disk" + i
                            + ",format=raw,cache=unsafe,snapshot=" + (disk.kept() ? "off" : "on"),
                    "-device",
                    "virtio-blk-pci,drive=disk" + i + virtio));
        }
        if (media.hypervisor().isPresent() && media.platform().uefi()) {
            // No virtio disk: those are dom0's, by their order.
            arguments.addAll(List.of(
                    "-drive",
                    "file=" + comma(loader.toString()) + ",if=none,id=loader,format=raw,snapshot=on",
                    "-device",
                    "ide-hd,drive=loader,bootindex=0"));
        } else if (media.hypervisor().isPresent()) {
            BootMedia.Hypervisor xen = media.hypervisor().get();
            arguments.addAll(List.of("-kernel", xen.image().toString(), "-append", xen.cmdline()));
            arguments.addAll(board.dom0(
                    comma(media.kernel().toString()),
                    comma(media.cmdline()),
                    comma(media.initrd().toString())));
        } else {
            arguments.addAll(List.of(
                    "-kernel", media.kernel().toString(),
                    "-append", kvm ? media.cmdline() : (board.cmdline() + " " + media.cmdline()).strip(),
                    "-initrd", media.initrd().toString()));
        }
        return arguments;
    }

    /** QEMU's way of saying that a comma does not end the value. */
    private static String comma(String value) {
        return value.replace(",", ",,");
    }

    /** One running emulator. */
    private final class Emulator implements PoweredMachine {

        private final BlockingQueue<MachineEvent> events = new LinkedBlockingQueue<>();
        private final Path sockets;
        private final List<ServerSocketChannel> listeners = new ArrayList<>();
        private final List<Thread> readers = new ArrayList<>();
        private final Process process;
        private volatile boolean closing;

        Emulator(BootMedia media, Path consoleLog) throws IOException {
            // A folder of its own with a short name: a socket's path may have 107 bytes at most (unix(7)).
            sockets = Files.createTempDirectory("farm-qemu");
            List<Path> paths = List.of(sockets.resolve("s0"), sockets.resolve("s1"));
            Path errors = sockets.resolve("stderr");
            try {
                for (Path path : paths) {
                    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    listener.bind(UnixDomainSocketAddress.of(path));
                    listeners.add(listener);
                }
                Path loader = sockets.resolve("loader");
                if (media.hypervisor().isPresent() && media.platform().uefi()) {
                    EfiDisk.make(loader, media);
                }
                List<String> command = new ArrayList<>(List.of(binary.toString()));
                command.addAll(arguments(
                        board, media.hypervisor().isPresent() ? linked(media) : media, paths, loader, acceleration));
                process = ChildProcesses.start(new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors.toFile()));
            } catch (IOException e) {
                cleanUp();
                throw e;
            }
            read(0, consoleLog);
            read(1, consoleLog.resolveSibling(consoleLog.getFileName() + ".control"));
            Thread watcher = new Thread(() -> watch(errors), "qemu-" + process.pid());
            watcher.setDaemon(true);
            watcher.start();
        }

        /** QEMU ends a Multiboot module's path at its first space: gives it links in a folder whose path has none. */
        private BootMedia linked(BootMedia media) throws IOException {
            return new BootMedia(
                    Files.createSymbolicLink(
                            sockets.resolve("kernel"), media.kernel().toAbsolutePath()),
                    media.cmdline(),
                    Files.createSymbolicLink(
                            sockets.resolve("initrd"), media.initrd().toAbsolutePath()),
                    media.hypervisor(),
                    media.disks(),
                    media.memoryMib(),
                    media.platform());
        }

        private void read(int port, Path log) {
            ServerSocketChannel listener = listeners.get(port);
            Thread reader = new Thread(
                    () -> {
                        try (listener;
                                InputStream in = new BufferedInputStream(Channels.newInputStream(listener.accept()));
                                OutputStream out = Files.newOutputStream(log)) {
                            new LineReader().copy(in, out, text -> events.add(new MachineEvent.Line(port, text)));
                        } catch (ClosedChannelException e) {
                            // The emulator ended before it connected; the watcher says so.
                        } catch (LineReader.FloodException e) {
                            events.add(new MachineEvent.Stopped(true, e.getMessage()));
                        } catch (IOException e) {
                            events.add(new MachineEvent.Stopped(false, "console cannot be kept: " + e.getMessage()));
                        }
                    },
                    "serial-" + port);
            reader.setDaemon(true);
            reader.start();
            readers.add(reader);
        }

        /** Waits for the end, so that "stopped" comes after the last line. */
        private void watch(Path errors) {
            try {
                int status = process.waitFor();
                for (ServerSocketChannel listener : listeners) {
                    listener.close();
                }
                for (Thread reader : readers) {
                    reader.join(2000);
                }
                String complaint =
                        Files.readString(errors, StandardCharsets.UTF_8).strip();
                events.add(stopped(status, complaint));
            } catch (IOException e) {
                events.add(new MachineEvent.Stopped(false, "the emulator's end could not be read: " + e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private MachineEvent stopped(int status, String complaint) {
            // QEMU ends with 0 when it is told to by a signal, and says so.
            if (complaint.contains("terminating on signal")) {
                return new MachineEvent.Stopped(false, "the emulator was ended from outside: " + complaint);
            }
            if (status == 0) {
                return new MachineEvent.Stopped(true, "the machine turned itself off or reset");
            }
            // A shell's convention, which Java follows: 128 + signal.
            String how = status > 128 ? "was killed by signal " + (status - 128) : "ended with status " + status;
            String said = complaint.isEmpty() || closing
                    ? ""
                    : ": " + complaint.lines().reduce((a, b) -> b).orElse("");
            return new MachineEvent.Stopped(false, "the emulator " + how + said);
        }

        @Override
        public MachineEvent next(Duration patience) throws InterruptedException {
            return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** A process that a signal has stopped is in state T, or t under a debugger (proc(5)). */
        @Override
        public Optional<String> standstill() {
            try {
                String stat =
                        Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                return state == 'T' || state == 't'
                        ? Optional.of("the emulator's process " + process.pid() + " is stopped by a signal")
                        : Optional.empty();
            } catch (IOException e) {
                return Optional.empty(); // It has ended, and that will be told.
            }
        }

        @Override
        public void close() {
            closing = true;
            process.destroy();
            try {
                if (!process.waitFor(POWER_OFF_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                for (Thread reader : readers) {
                    reader.join(2000);
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            cleanUp();
        }

        private void cleanUp() {
            try {
                for (ServerSocketChannel listener : listeners) {
                    listener.close();
                }
                for (String name : List.of("s0", "s1", "stderr", "kernel", "initrd", "loader")) {
                    Files.deleteIfExists(sockets.resolve(name));
                }
                Files.deleteIfExists(sockets);
            } catch (IOException e) {
                // A leftover in the temporary folder harms nobody.
            }
        }
    }
}
