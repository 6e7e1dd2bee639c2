package io.kernelfarm.bootmatrix.machine.ipmi;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.netboot.BootPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A bare machine: its BMC turns it on and off, has it boot from the network once, and shows its console (serial-over-LAN).
 * It has what memory and disks it has; the disks are left alone, and those of {@link BootMedia} come in its initramfs.
 * Whoever uses it has its lease.
 */
public final class IpmiMachine implements Machine {

    /** A kernel's, or a hypervisor's, first words. Saying them again, the machine has been reset meanwhile. */
    private static final List<Pattern> FIRST_WORDS = List.of(
            Pattern.compile("^(\\[ *0\\.0+\\] )?Linux version "),
            Pattern.compile("^\\(XEN\\) (\\[.*?\\] )?Xen version "));

    private static final Duration POLL = Duration.ofSeconds(1);

    private final Bmc bmc;
    private final BootPlace place;
    private final Settings settings;
    private final String description;
    private boolean consoleLeftOpen;
    private volatile String trouble;

    /**
     * How a machine is treated.
     *
     * @param efi whether its firmware is UEFI
     * @param console the serial line that the BMC shows
     * @param powerPatience how long it may take to go on or off before it is told again
     * @param watch how long between two looks at whether it is on and its console still ours
     */
    public record Settings(boolean efi, SerialLine console, Duration powerPatience, Duration watch) {

        public static Settings standard(boolean efi, SerialLine console) {
            return new Settings(efi, console, Duration.ofSeconds(20), Duration.ofSeconds(3));
        }
    }

    /**
     * The machine behind {@code bmc}.
     *
     * @param place where it finds boot files
     * @param consoleLeftOpen whether a farm that was killed may have left the console open; if not, whoever has it open is
     *     somebody else, and is not thrown out
     * @throws IOException if there is no ipmitool
     */
    public IpmiMachine(Bmc bmc, BootPlace place, Settings settings, boolean consoleLeftOpen) throws IOException {
        this.bmc = bmc;
        this.place = place;
        this.settings = settings;
        this.consoleLeftOpen = consoleLeftOpen;
        this.description = "bare machine '" + bmc.machine() + "' behind its " + bmc + ", " + Ipmitool.version();
    }

    @Override
    public String kind() {
        return "ipmi";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public SerialLine console() {
        return settings.console();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public Optional<String> obstacle(Cell cell) {
        if (cell.isUefi() != settings.efi()) {
            return Optional.of("machine '" + bmc.machine() + "' has " + (settings.efi() ? "UEFI" : "a BIOS")
                    + "; its list entry says so in 'firmware'");
        }
        return cell.isUefi() && cell.mode() != Mode.METAL
                ? Optional.of("iPXE cannot load Xen under UEFI; boot Xen's cells on a machine with a BIOS")
                : Optional.empty();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
        Ipmitool ipmitool = new Ipmitool(bmc);
        BootPlace.Offer offer = null;
        SolConsole console = null;
        try {
            turnOff(ipmitool);
            offer = place.offer(media);
            bootFromNetworkOnce(ipmitool);
            BlockingQueue<MachineEvent> events = new LinkedBlockingQueue<>();
            Screen screen = new Screen(events);
            console = SolConsole.open(ipmitool, consoleLeftOpen, consoleLog, screen::line, screen::stopped);
            consoleLeftOpen = false;
            ipmitool.run("power", "on");
            if (!reaches(ipmitool, true)) {
                throw new IOException(ipmitool.of(
                        "it does not turn on, though its BMC was told so; see what its BMC's event log says"));
            }
            return new Powered(ipmitool, offer, console, events, screen);
        } catch (IOException | RuntimeException e) {
            try {
                if (console != null) {
                    turnOffAfterUse(ipmitool);
                    consoleLeftOpen = !console.end();
                }
                if (offer != null) {
                    offer.close();
                }
            } finally {
                ipmitool.close();
            }
            throw e;
        }
    }

    /**
     * Turns the machine off and sees that it is: ipmitool's word for it means nothing. What does not heed is told again,
     * then asked as an operator would by its button.
     */
    private void turnOff(Ipmitool ipmitool) throws IOException {
        if (!isOn(ipmitool)) {
            trouble = null;
            return;
        }
        for (String how : List.of("off", "off", "soft")) {
            ipmitool.run("power", how);
            if (reaches(ipmitool, false)) {
                trouble = null;
                return;
            }
        }
        trouble = ipmitool.of("it does not turn off, though its " + bmc
                + " was told so three times; cut its power by hand, and see what ails it");
        throw new IOException(trouble);
    }

    /** What keeps it on then is told to whoever wants to use it next. */
    private void turnOffAfterUse(Ipmitool ipmitool) {
        try {
            turnOff(ipmitool);
        } catch (IOException e) {
            // A machine that stays on is in trouble now; a BMC that is silent says so to whoever comes next.
        }
    }

    private boolean reaches(Ipmitool ipmitool, boolean on) throws IOException {
        long end = System.nanoTime() + settings.powerPatience().toNanos();
        boolean interrupted = false;
        try {
            while (isOn(ipmitool) != on) {
                if (System.nanoTime() > end) {
                    return false;
                }
                try {
                    Thread.sleep(POLL.toMillis());
                } catch (InterruptedException e) {
                    interrupted = true; // A machine is not left half off.
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isOn(Ipmitool ipmitool) throws IOException {
        String status = ipmitool.run("power", "status");
        if (status.contains("Chassis Power is on")) {
            return true;
        }
        if (status.contains("Chassis Power is off")) {
            return false;
        }
        throw new IOException(ipmitool.of("its BMC does not say whether it is on: '" + status.strip() + "'"));
    }

    /** ipmitool ends with 0 where a BMC did not take the device: it is read back. */
    private void bootFromNetworkOnce(Ipmitool ipmitool) throws IOException {
        if (settings.efi()) {
            ipmitool.run("chassis", "bootdev", "pxe", "options=efiboot");
        } else {
            ipmitool.run("chassis", "bootdev", "pxe");
        }
        String flags = ipmitool.run("chassis", "bootparam", "get", "5");
        if (!flags.contains("Boot Device Selector : Force PXE")) {
            String said = flags.lines()
                    .filter(line -> line.contains("Boot Device Selector"))
                    .findFirst()
                    .map(line -> ", and says '" + line.replaceFirst("^[ -]+", "") + "'")
                    .orElse("");
            throw new IOException(ipmitool.of("its " + bmc + " did not take the network as the next boot device" + said
                    + "; allow network boot in its firmware's settings"));
        }
    }

    /** What is seen of the machine, until it stops. */
    private static final class Screen {

        private final BlockingQueue<MachineEvent> events;
        private final boolean[] spoke = new boolean[FIRST_WORDS.size()];
        private boolean over;

        Screen(BlockingQueue<MachineEvent> events) {
            this.events = events;
        }

        synchronized void line(String text) {
            if (over) {
                return;
            }
            for (int i = 0; i < spoke.length; i++) {
                if (FIRST_WORDS.get(i).matcher(text).find()) {
                    if (spoke[i]) {
                        stopped(true, "the machine reset");
                        return;
                    }
                    spoke[i] = true;
                }
            }
            events.add(new MachineEvent.Line(0, text));
        }

        synchronized void stopped(boolean orderly, String detail) {
            if (!over) {
                over = true;
                events.add(new MachineEvent.Stopped(orderly, detail));
            }
        }
    }

    /** The machine while it is on. */
    private final class Powered implements PoweredMachine {

        private final Ipmitool ipmitool;
        private final BootPlace.Offer offer;
        private final SolConsole console;
        private final BlockingQueue<MachineEvent> events;
        private final Screen screen;
        private final Thread watcher;

        Powered(
                Ipmitool ipmitool,
                BootPlace.Offer offer,
                SolConsole console,
                BlockingQueue<MachineEvent> events,
                Screen screen) {
            this.ipmitool = ipmitool;
            this.offer = offer;
            this.console = console;
            this.events = events;
            this.screen = screen;
            this.watcher = new Thread(this::watch, "bmc-" + bmc.machine());
            watcher.setDaemon(true);
            watcher.start();
        }

        /**
         * Looks now and then. Each finding has to come twice: a packet may be lost, and a BMC that has just been restarted
         * calls a running machine off at first.
         */
        private void watch() {
            String before = "";
            try {
                while (true) {
                    Thread.sleep(settings.watch().toMillis());
                    String found = "";
                    boolean off = false;
                    try {
                        // First: a boot that nobody could hear may have come to its end meanwhile.
                        found = console.lost();
                        off = found.isEmpty() && !isOn(ipmitool);
                        if (off) {
                            found = "the machine turned itself off";
                        }
                    } catch (IOException e) {
                        found = e.getMessage();
                    }
                    if (!found.isEmpty() && found.equals(before)) {
                        screen.stopped(off, found);
                        return;
                    }
                    before = found;
                }
            } catch (InterruptedException e) {
                // Nobody wants to know any more.
            }
        }

        @Override
        public MachineEvent next(Duration patience) throws InterruptedException {
            return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            watcher.interrupt();
            joinWatcher();
            turnOffAfterUse(ipmitool);
            consoleLeftOpen = !console.end();
            offer.close();
            ipmitool.close();
        }

        private void joinWatcher() {
            boolean interrupted = false;
            while (watcher.isAlive()) {
                try {
                    watcher.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
