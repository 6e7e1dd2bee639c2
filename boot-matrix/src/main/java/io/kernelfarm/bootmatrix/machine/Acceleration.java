package io.kernelfarm.bootmatrix.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * How much an emulator has of hardware virtualization (KVM). A device node says nothing: KVM below another hypervisor can be
 * there and hang, or take minutes for what emulation does in seconds. So a boot sector is booted both ways, and KVM has to
 * bring it to its end, and sooner.
 */
public enum Acceleration {
    /** There is none, or it is slower than emulation: everything is emulated. */
    NONE("emulated"),
    /** A machine's own kernel runs on it, and a hypervisor in the machine finds no hardware virtualization. */
    KVM("KVM for bare machines"),
    /** A hypervisor in the machine finds hardware virtualization as well. */
    NESTED_KVM("KVM");

    private static final Path NODE = Path.of("/dev/kvm");
    /** Emulation takes half a second for it on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the boot sector says, as the debug-exit device makes an exit code of it: twice the value and one. */
    private static final int ARRIVED = 2 * 0x10 + 1;

    private static final int ARRIVED_NESTED = 2 * 0x11 + 1;

    private final String words;

    Acceleration(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }

    /**
     * Tries what the emulator at {@code binary} has on this machine.
     *
     * @throws IOException if the emulator cannot be tried
     */
    static Acceleration of(Path binary) throws IOException, InterruptedException {
        if (!Files.isReadable(NODE) || !Files.isWritable(NODE)) {
            return NONE;
        }
        Path sector = Files.createTempFile("farm-probe", ".img");
        try (InputStream in = Acceleration.class.getResourceAsStream("probe.img")) {
            Files.write(sector, in.readAllBytes());
            long start = System.nanoTime();
            if (run(binary, "tcg", "qemu64", sector, PATIENCE).isEmpty()) {
                return NONE; // Nothing to measure KVM by.
            }
            Duration emulated = Duration.ofNanos(System.nanoTime() - start);
            OptionalInt said = run(binary, "kvm", "host", sector, emulated);
            return said.isEmpty() ? NONE : said.getAsInt() == ARRIVED_NESTED ? NESTED_KVM : KVM;
        } finally {
            Files.delete(sector);
        }
    }

    /** What the boot sector said, unless it did not come to that in time. */
    private static OptionalInt run(Path binary, String accelerator, String cpu, Path sector, Duration patience)
            throws IOException, InterruptedException {
        Process process = ChildProcesses.start(new ProcessBuilder(List.of(
                        binary.toString(),
                        "-accel",
                        accelerator,
                        "-cpu",
                        cpu,
                        "-m",
                        "128",
                        "-nodefaults",
                        "-no-user-config",
                        "-display",
                        "none",
                        "-no-reboot",
                        "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=1",
                        "-drive",
                        "file=" + sector + ",if=ide,format=raw,snapshot=on"))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
        try {
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            int status = ended ? process.exitValue() : -1;
            return status == ARRIVED || status == ARRIVED_NESTED ? OptionalInt.of(status) : OptionalInt.empty();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
