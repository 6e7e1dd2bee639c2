package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.drill.Overlay;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
        /** A healthy bare machine has answered after two or three seconds, a host after ten. */
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(120), Duration.ofSeconds(60));

        String cmdline = "";
        Optional<byte[]> image = Optional.empty();
        Path emulator = Path.of("/usr/bin/qemu-system-x86_64");
        /** Does something to the process of the emulator. */
        Meddler meddler = (cell, attempt, state, emulator) -> {};

        final List<Change> changes = new ArrayList<>();
    }

    /** Does something from outside when a cell comes to a state. */
    @FunctionalInterface
    interface Meddler {
        void reached(Cell cell, int attempt, BootState state, ProcessHandle emulator);
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

    static Fault onMetal(String name, Injection injection, Verdict verdict, String word) {
        return new Fault(name, injection, List.of(new Outcome(Mode.METAL, verdict, word)));
    }

    static Fault onHost(String name, Injection injection, Outcome... outcomes) {
        return new Fault(name, injection, List.of(outcomes));
    }

    /** The attempt that boots the control kernel. */
    private static final int CONTROL = 3;

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

    private static Injection overlay(String how, Consumer<Overlay> lay) {
        return new Injection(
                how,
                plan -> plan.changes.add((media, module, folder) -> {
                    if (!media.cmdline().contains(MARK)) {
                        return media;
                    }
                    Overlay overlay = new Overlay().put("fault.ko", module);
                    lay.accept(overlay);
                    return media.hypervisor().isPresent()
                            ? overlay.onGuests(media, folder)
                            : overlay.onMachine(media, folder);
                }));
    }

    static Injection image(String how, byte[] content) {
        return new Injection("image: " + how, plan -> plan.image = Optional.of(content));
    }

    // ---- what the farm's own parts do ----

    /** Sends {@code signal} to the emulator when the kernel under test comes to {@code state}. */
    static Injection signal(String signal, Mode mode, BootState state) {
        return new Injection("kill -" + signal + " when " + mode + " comes to " + state, plan -> {
            plan.meddler = (cell, attempt, now, emulator) -> {
                if (cell.mode() == mode && now == state && attempt < CONTROL) {
                    kill(signal, emulator.pid());
                }
            };
        });
    }

    static Injection timeouts(int firstLine, int dom0, int cell) {
        return new Injection(
                "time-out " + cell + " s",
                plan -> plan.timeouts = new Timeouts(
                        Duration.ofSeconds(firstLine), Duration.ofSeconds(dom0), Duration.ofSeconds(cell)));
    }

    private static void kill(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
