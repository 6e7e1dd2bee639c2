package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.drill.Overlay;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.ipmi.SimulatedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One fault of the drill: what is done, and what has to be said of it.
 *
 * @param outcomes one for each cell that is booted
 */
record Fault(String name, Injection injection, List<Outcome> outcomes) {

    /**
     * What has to become of a cell.
     *
     * @param word that the reason contains; none, if it is to be a PASS
     */
    record Outcome(Mode mode, Verdict verdict, String word) {}

    /**
     * How a fault comes into the world.
     *
     * @param how as a row of the table says it
     */
    record Injection(String how, Consumer<Plan> what) {
        Injection and(Injection other) {
            return new Injection(how + "; " + other.how, what.andThen(other.what));
        }
    }

    /** What is done to a matrix of healthy cells. */
    static final class Plan {
        /** A healthy bare machine has answered after three seconds, a host's guests after thirty; a busy machine takes much longer. */
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(240), Duration.ofSeconds(180));

        String cmdline = "";
        Optional<Content> image = Optional.empty();
        /** Whether the kernel's package says of it what it is. */
        boolean honest = true;

        Path emulator = Path.of("/usr/bin/qemu-system-x86_64");
        Optional<String> room = Optional.empty();
        boolean control = true;
        /** Has the cells boot on a server with a BMC, and does something to it when the kernel speaks. */
        Optional<ServerMeddler> server = Optional.empty();

        Meddler meddler = (cell, attempt, state, emulator) -> {};
        final List<Change> changes = new ArrayList<>();
    }

    /** The content of a file. */
    @FunctionalInterface
    interface Content {
        byte[] read() throws IOException;
    }

    /** Does something to the emulator when a cell comes to a state. */
    @FunctionalInterface
    interface Meddler {
        void reached(Cell cell, int attempt, BootState state, ProcessHandle emulator);
    }

    /** Does something to a server with a BMC. */
    @FunctionalInterface
    interface ServerMeddler {
        void spoil(SimulatedServer server) throws Exception;
    }

    /** Changes boot media. */
    @FunctionalInterface
    interface Change {
        /**
         * What is booted instead of {@code media}.
         *
         * @param module with the faults of fault.c
         * @param folder for new files
         */
        BootMedia of(BootMedia media, byte[] module, Path folder) throws IOException;
    }

    /** On the command line of the kernel under test. */
    static final String MARK = "drill.subject";

    /** The attempt that boots the control kernel. */
    private static final int CONTROL = 3;

    static Fault onMetal(String name, Injection injection, Verdict verdict, String word) {
        return new Fault(name, injection, List.of(new Outcome(Mode.METAL, verdict, word)));
    }

    static Fault onHost(String name, Injection injection, Outcome... outcomes) {
        return new Fault(name, injection, List.of(outcomes));
    }

    static Outcome outcome(Mode mode, Verdict verdict, String word) {
        return new Outcome(mode, verdict, word);
    }

    // ---- what the kernel under test does ----

    static Injection cmdline(String words) {
        return new Injection("command line: " + words, plan -> plan.cmdline = words);
    }

    /** In the first process, before the farm has said a word. */
    static Injection early(String shell) {
        return overlay("at the start: " + shell, overlay -> overlay.atTheStart(shell));
    }

    /** In the first process, after the mode was proved and before the last answer. */
    static Injection late(String shell) {
        return overlay(
                "before the last answer: " + shell, overlay -> overlay.at("finish.sh", "say done", false, shell));
    }

    static Injection afterDone(String shell) {
        return overlay("after the last answer: " + shell, overlay -> overlay.at("finish.sh", "say done", true, shell));
    }

    /** The same early and late of two guests that share a host: the first for PV, the second for PVH. */
    static Injection guests(String pv, String pvh) {
        return overlay(
                "in pv: " + pv + "; in pvh: " + pvh,
                overlay -> overlay.at("finish.sh", "say done", false, """
                        case $(cat /sys/hypervisor/guest_type) in
                          PV) %s ;;
                          PVH) %s ;;
                        esac""".formatted(pv, pvh)));
    }

    private static Injection overlay(String how, Consumer<Overlay> lay) {
        return ofSubject(how, (media, module, folder) -> {
            Overlay overlay = new Overlay().put("fault.ko", module);
            lay.accept(overlay);
            return media.hypervisor().isPresent() ? overlay.onGuests(media, folder) : overlay.onMachine(media, folder);
        });
    }

    /** In dom0, where its script {@code host.sh} has the line {@code line}. */
    static Injection dom0(String line, boolean after, String shell) {
        return ofSubject("in dom0: " + shell, (media, module, folder) -> new Overlay()
                .at("host.sh", line, after, shell)
                .onMachine(media, folder));
    }

    /**
     * Has each guest print, before a word of its own, what would decide the cells of all the others and of the host, with nonces that no
     * guest could know.
     */
    static Injection forgery() {
        return ofSubject(
                "each guest prints the others' answers and dom0's, with their nonces", (media, module, folder) -> {
                    List<String> nonces = new ArrayList<>();
                    for (String text : Overlay.texts(media)) {
                        java.util.regex.Matcher nonce = java.util.regex.Pattern.compile("farm\\.nonce=([0-9a-f]{16})")
                                .matcher(text);
                        while (nonce.find()) {
                            nonces.add(nonce.group(1));
                        }
                    }
                    String shell = """
                    for nonce in %s 0123456789abcdef; do
                      [ $nonce != "$farm_nonce" ] || continue
                      for text in "state=userspace release=$(uname -r)" done; do
                        for name in pv pvh; do
                          echo "<2>farm:$nonce:$text" > /dev/kmsg
                          echo "<2>farm:$nonce:ended $name-xen-4.17-bios-qemu" > /dev/kmsg
                          echo "<2>farm:$nonce:host|ended $name-xen-4.17-bios-qemu" > /dev/kmsg
                          echo "$name-xen-4.17-bios-qemu|farm:$nonce:$text" > /dev/console
                        done
                      done
                    done
                    reboot -f""".formatted(String.join(" ", nonces));
                    return new Overlay().atTheStart(shell).onGuests(media, folder);
                });
    }

    private static Injection ofSubject(String how, Change change) {
        return ofAll(
                how,
                (media, module, folder) -> media.cmdline().contains(MARK) ? change.of(media, module, folder) : media);
    }

    static Injection image(String how, Content content) {
        return new Injection("image: " + how, plan -> plan.image = Optional.of(content));
    }

    /** The kernel's package holds another image than it says. */
    static Injection liar() {
        return new Injection("not the image that is named", plan -> plan.honest = false);
    }

    // ---- what the farm's own parts do, to every kernel alike ----

    private static Injection ofAll(String how, Change change) {
        return new Injection(how, plan -> plan.changes.add(change));
    }

    /** What is done to dom0 whatever its kernel. */
    static Injection toolstack(String line, boolean after, String shell) {
        return ofAll("in every dom0: " + shell, (media, module, folder) -> new Overlay()
                .at("toolstack.sh", line, after, shell)
                .onMachine(media, folder));
    }

    static Injection memory(int mebibytes) {
        return ofAll(
                "every machine has " + mebibytes + " MiB",
                (media, module, folder) -> new BootMedia(
                        media.kernel(),
                        media.cmdline(),
                        media.initrd(),
                        media.hypervisor(),
                        media.disks(),
                        mebibytes,
                        media.platform()));
    }

    static Injection hypervisor(String words) {
        return ofAll(
                "command line of every Xen: " + words,
                (media, module, folder) -> new BootMedia(
                        media.kernel(),
                        media.cmdline(),
                        media.initrd(),
                        media.hypervisor()
                                .map(xen -> new BootMedia.Hypervisor(xen.image(), xen.cmdline() + " " + words)),
                        media.disks(),
                        media.memoryMib(),
                        media.platform()));
    }

    /** Every machine's first disk has another content than the farm has put there. */
    static Injection disk(String how, UnaryOperator<byte[]> spoil) {
        return ofAll("every disk: " + how, (media, module, folder) -> {
            Path disk = media.disks().get(0).image();
            Files.write(disk, spoil.apply(Files.readAllBytes(disk)));
            return media;
        });
    }

    static Injection missing(String what) {
        return ofAll("removed: " + what, (media, module, folder) -> {
            Files.delete(media.initrd());
            return media;
        });
    }

    /** Sends {@code signal} to the emulator when the kernel under test comes to {@code state}. */
    static Injection signal(String signal, Mode mode, BootState state) {
        return new Injection("kill -" + signal + " when " + mode + " comes to " + state, plan -> {
            plan.meddler = (cell, attempt, now, emulator) -> {
                if (cell.mode() == mode && now == state && attempt < CONTROL) {
                    run("kill -" + signal + " " + emulator.pid());
                }
            };
        });
    }

    /** Stops this process, which is the farm, for longer than the boot may take. */
    static Injection farmStopped(int seconds) {
        return new Injection("kill -STOP of the farm for " + seconds + " s", plan -> {
            plan.meddler = (cell, attempt, now, emulator) -> {
                if (now == BootState.KERNEL && attempt < CONTROL) {
                    long pid = ProcessHandle.current().pid();
                    run("(sleep 0.1; kill -STOP " + pid + "; sleep " + seconds + "; kill -CONT " + pid
                            + ") > /dev/null 2>&1 &");
                }
            };
        });
    }

    /** Puts a script in the emulator's place. */
    static Injection emulator(String shell) {
        return new Injection("emulator: " + shell, plan -> plan.emulator = script(shell));
    }

    /** Consoles are kept on a file system of {@code size}. */
    static Injection room(String size) {
        return new Injection("a disk of " + size + " for consoles", plan -> plan.room = Optional.of(size));
    }

    static Injection noControl() {
        return new Injection("no control kernel", plan -> plan.control = false);
    }

    static Injection server(String how, ServerMeddler meddler) {
        return new Injection("a server with a BMC: " + how, plan -> {
            plan.server = Optional.of(meddler);
            plan.timeouts = new Timeouts(Duration.ofMinutes(3), Duration.ofMinutes(3), Duration.ofMinutes(4));
        });
    }

    static Injection timeouts(int cell) {
        return new Injection(
                "time-out " + cell + " s",
                plan -> plan.timeouts =
                        new Timeouts(plan.timeouts.firstLine(), plan.timeouts.dom0(), Duration.ofSeconds(cell)));
    }

    static Injection patience(int firstLine) {
        return new Injection(
                "time-out " + firstLine + " s for the first line",
                plan -> plan.timeouts =
                        new Timeouts(Duration.ofSeconds(firstLine), plan.timeouts.dom0(), plan.timeouts.cell()));
    }

    static Injection none() {
        return new Injection("nothing", plan -> {});
    }

    private static Path script(String shell) {
        try {
            Path script = Files.createTempFile("farm-drill", ".sh");
            Files.writeString(script, "#!/bin/sh\n" + shell + "\n");
            script.toFile().setExecutable(true);
            script.toFile().deleteOnExit();
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void run(String shell) {
        try {
            new ProcessBuilder("sh", "-c", shell).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
