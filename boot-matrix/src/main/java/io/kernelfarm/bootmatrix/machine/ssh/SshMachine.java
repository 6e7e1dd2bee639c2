package io.kernelfarm.bootmatrix.machine.ssh;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.LineReader;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A Xen host that stands: it is never turned on or off, and has other domains than the farm's. For each boot it gets a folder
 * with the guests' files and a process that makes them with the host's own {@code xl}, tells what comes of them, and removes
 * all of it when it is told to, or when the farm is silent for a minute. Whoever uses the machine has its lease.
 */
public final class SshMachine implements Machine {

    private static final Pattern NONCE = Pattern.compile("(?:^| )farm\\.nonce=([0-9a-f]+)(?: |$)");

    /** More than the host's dom0 takes to copy, on a slow line. */
    private static final Duration COPY = Duration.ofMinutes(15);

    private static final Duration SHORT = Duration.ofSeconds(60);

    /** What ending guests takes at most. */
    private static final Duration CLEAR = Duration.ofSeconds(150);

    private static final long BEAT_MILLIS = 10_000;

    private final SshHost host;
    private final Duration silence;
    private final Inspection found;
    private volatile String trouble;

    private SshMachine(SshHost host, Duration silence, Inspection found) {
        this.host = host;
        this.silence = silence;
        this.found = found;
    }

    /**
     * The machine at {@code host}.
     *
     * @throws IOException one sentence on why it cannot be used
     */
    public static SshMachine at(SshHost host) throws IOException {
        return at(host, Duration.ofSeconds(60));
    }

    /**
     * The same.
     *
     * @param silence how long it may be silent before it is taken for dead
     */
    static SshMachine at(SshHost host, Duration silence) throws IOException {
        try (SshConnection connection = SshConnection.open(host, silence)) {
            return new SshMachine(host, silence, inspect(host, connection, silence));
        }
    }

    private static Inspection inspect(SshHost host, SshConnection connection, Duration silence) throws IOException {
        String script = "folder='" + host.folder() + "'\n" + resource("clean.sh") + resource("inspect.sh");
        return Inspection.of(host, connection, text(connection, script), silence.plus(silence.dividedBy(2)));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SshMachine.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path text(SshConnection connection, String text) throws IOException {
        return Files.writeString(Files.createTempFile(connection.folder(), "text", ""), text);
    }

    @Override
    public String kind() {
        return "ssh";
    }

    @Override
    public String description() {
        return "Xen host '" + host.machine() + "' behind its " + host + ", Xen " + found.xen() + ", dom0 Linux "
                + found.dom0();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public Optional<String> standing() {
        return Optional.of(found.hypervisor());
    }

    @Override
    public int guestsMib() {
        return host.memoryMib();
    }

    /** Why a Xen host that stands, called {@code name}, has no cell of {@code mode}; empty if it has. */
    public static Optional<String> senseless(String name, Mode mode) {
        return mode.isGuest()
                ? Optional.empty()
                : Optional.of("machine '" + name + "' is a standing Xen host, which boots guests only");
    }

    @Override
    public Optional<String> obstacle(Cell cell) {
        if (!cell.mode().isGuest()) {
            return senseless(host.machine(), cell.mode());
        }
        if (!cell.hypervisor().equals(found.hypervisor())) {
            return Optional.of(host.of("it runs Xen " + found.xen() + ", and the cell asks for " + cell.hypervisor()));
        }
        if (cell.isUefi()) {
            return Optional.of(host.of("its guests do not see the host's firmware; ask for bios"));
        }
        String kind = cell.mode() == Mode.PV ? "pv" : "hvm";
        return found.kinds().contains(kind)
                ? Optional.empty()
                : Optional.of(host.of(
                        "its hypervisor can make no domains of the kind " + kind + ", as 'xl info' says in virt_caps"));
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
        Matcher nonce = NONCE.matcher(media.cmdline());
        if (!nonce.find()) {
            throw new IllegalArgumentException("no farm.nonce in '" + media.cmdline() + "'");
        }
        SshConnection connection = null;
        Session session = null;
        boolean started = false;
        try {
            connection = SshConnection.open(host, silence);
            requireRoom(connection, media);
            session = new Session(connection, "farm-" + nonce.group(1), media.disks(), consoleLog);
            session.start();
            started = true;
            return session;
        } finally {
            if (!started) {
                if (session != null) {
                    session.close();
                } else if (connection != null) {
                    connection.close();
                }
            }
        }
    }

    /** What is free may have changed since the machine was first looked at. */
    private void requireRoom(SshConnection connection, BootMedia media) throws IOException {
        Inspection now;
        try {
            now = inspect(host, connection, silence);
            trouble = null;
        } catch (Inspection.LeftDomainException e) {
            trouble = e.getMessage();
            throw e;
        }
        if (!now.hypervisor().equals(found.hypervisor())) {
            throw new IOException(host.of("it runs Xen " + now.xen() + " now, and ran " + found.xen() + " before"));
        }
        if (media.memoryMib() > host.memoryMib()) {
            throw new IOException(host.of("the guests need " + media.memoryMib() + " MiB, and the list of machines"
                    + " allows " + host.memoryMib() + " MiB; raise 'memory' there"));
        }
        if (now.freeMib() < media.memoryMib()) {
            throw new IOException(host.of("the guests need " + media.memoryMib() + " MiB, and the host has "
                    + now.freeMib() + " MiB free; end domains there, or give its dom0 less (dom0_mem)"));
        }
        long bytes = 0;
        for (BootMedia.Disk disk : media.disks()) {
            bytes += Files.size(disk.image());
        }
        if (now.diskKib() < bytes / 1024) {
            throw new IOException(host.of("the guests' files take " + (bytes >> 20) + " MiB, and " + host.folder()
                    + " on the host has " + (now.diskKib() >> 10) + " MiB free; make room there"));
        }
    }

    /** One boot on the host. */
    private final class Session implements PoweredMachine {

        private static final String OPEN = "farm-session open";

        private final SshConnection connection;
        private final String label;
        private final List<BootMedia.Disk> disks;
        private final String place;
        private final Path errors;
        private final Process process;
        private final BlockingQueue<MachineEvent> events = new LinkedBlockingQueue<>();
        private final Thread reader;
        private final Thread pulse;
        private volatile boolean closing;

        Session(SshConnection connection, String label, List<BootMedia.Disk> disks, Path consoleLog)
                throws IOException {
            this.connection = connection;
            this.label = label;
            this.disks = disks;
            this.place = host.folder() + "/" + label;
            this.errors = connection.folder().resolve("session");
            this.process = connection.start(opening(), errors);
            this.reader = thread("ssh-" + host.machine(), () -> read(consoleLog));
            this.pulse = thread("ssh-pulse-" + host.machine(), this::beat);
            reader.start();
        }

        /**
         * The process that has the folder: says who it is, waits until the files are there, and becomes the farm's script. It
         * leads its process group, as whatever a server starts without a terminal.
         */
        private String opening() {
            return "exec sh -c '"
                    + String.join(
                            "\n",
                            "umask 077",
                            "cd " + host.folder() + " && mkdir " + label + " && cd " + label + " || exit",
                            "echo $$ $(cut -d\" \" -f22 /proc/$$/stat) $(cat /proc/sys/kernel/random/boot_id)"
                                    + " > owner.new && mv owner.new owner && mkdir payload disks || exit",
                            "echo " + OPEN,
                            "go=$(timeout " + COPY.toSeconds() + " dd bs=1 count=1 2> /dev/null)",
                            "[ \"$go\" != g ] || exec payload/busybox sh payload/host.sh",
                            "cd / && rm -rf " + place)
                    + "'";
        }

        private static Thread thread(String name, Runnable work) {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        }

        private void read(Path log) {
            try (InputStream in = process.getInputStream();
                    OutputStream out = Files.newOutputStream(log)) {
                new LineReader().copy(in, out, text -> events.add(new MachineEvent.Line(1, text)));
            } catch (IOException e) {
                events.add(new MachineEvent.Stopped(false, "console cannot be kept: " + e.getMessage()));
                return;
            }
            events.add(new MachineEvent.Stopped(false, closing ? "it was told to end" : why()));
        }

        private String why() {
            if (!connection.isOpen()) {
                return connection.brokenOff();
            }
            try {
                return host.of("the farm's part on the host ended: "
                        + SshConnection.lastLine(
                                Files.readString(errors, StandardCharsets.ISO_8859_1), "it gives no reason"));
            } catch (IOException e) {
                return host.of("the farm's part on the host ended");
            }
        }

        /** Lets the host know that somebody wants to hear of it. */
        private void beat() {
            try {
                while (true) {
                    tell('.');
                    Thread.sleep(BEAT_MILLIS);
                }
            } catch (InterruptedException | IOException e) {
                // Over; the reader hears of it as well.
            }
        }

        private synchronized void tell(char word) throws IOException {
            process.getOutputStream().write(word);
            process.getOutputStream().flush();
        }

        /** Copies what is needed, and has it started. */
        void start() throws IOException {
            if (!heard(OPEN, SHORT)) {
                throw new IOException(host.of("no folder can be made on the host: "
                        + SshConnection.lastLine(
                                Files.readString(errors, StandardCharsets.ISO_8859_1), "it gives no reason")));
            }
            put(
                    "cd " + place + "/payload && tar -xf - && chmod +x busybox",
                    disks.get(0).image());
            put(
                    "cat > " + place + "/payload/ground.sh",
                    text(connection, resource("clean.sh") + resource("ground.sh")));
            for (int i = 1; i < disks.size(); i++) {
                Path packed = connection.folder().resolve("packed");
                pack(disks.get(i).image(), packed);
                put(place + "/payload/busybox gzip -dc > " + disk(i), packed);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException(host.of("interrupted before its guests were made"));
            }
            tell('g');
            pulse.start();
        }

        /** The letter is the one that the disk has in a dom0 that the farm boots. */
        private String disk(int index) {
            return place + "/disks/" + (char) ('a' + index);
        }

        private void put(String command, Path input) throws IOException {
            SshConnection.Outcome outcome = connection.run(command, input, COPY);
            if (outcome.errors().contains("No space left on device")) {
                throw new IOException(
                        host.of("the disk with " + host.folder() + " on the host is full; make room there"));
            }
            if (outcome.status() != 0) {
                throw new IOException(host.of("files cannot be copied to the host: "
                        + SshConnection.lastLine(outcome.errors(), "status " + outcome.status())));
            }
        }

        private static void pack(Path file, Path packed) throws IOException {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed), 65536) {
                {
                    def.setLevel(Deflater.BEST_SPEED);
                }
            }) {
                Files.copy(file, out);
            }
        }

        /** Whether {@code line} comes within {@code patience}; what comes before is dropped. */
        private boolean heard(String line, Duration patience) throws IOException {
            long end = System.nanoTime() + patience.toNanos();
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        MachineEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                        if (event == null || event instanceof MachineEvent.Stopped) {
                            return false;
                        }
                        if (event instanceof MachineEvent.Line said
                                && said.text().equals(line)) {
                            return true;
                        }
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public MachineEvent next(Duration patience) throws InterruptedException {
            return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Ends the guests, brings back the disks that are kept, and sees that nothing is left. */
        @Override
        public void close() {
            closing = true;
            try {
                if (pulse.isAlive()) {
                    tell('q');
                    if (heard("farm:" + label.replaceFirst("^farm-", "") + ":cleared", CLEAR)) {
                        bringBack();
                    }
                }
            } catch (IOException e) {
                // The connection has gone: then the host removes everything by itself.
            } finally {
                end();
                connection.close();
            }
        }

        private void bringBack() throws IOException {
            for (int i = 1; i < disks.size(); i++) {
                BootMedia.Disk disk = disks.get(i);
                if (disk.kept()) {
                    SshConnection.Outcome outcome =
                            connection.run(place + "/payload/busybox gzip -c < " + disk(i), text(connection, ""), COPY);
                    try (InputStream in = new GZIPInputStream(Files.newInputStream(outcome.output()))) {
                        Files.copy(in, disk.image(), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }

        /** The end of its input is the sign for the process on the host to remove everything and end. */
        private void end() {
            boolean interrupted = Thread.interrupted();
            pulse.interrupt();
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // It has ended.
            }
            try {
                if (!process.waitFor(CLEAR.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                reader.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
