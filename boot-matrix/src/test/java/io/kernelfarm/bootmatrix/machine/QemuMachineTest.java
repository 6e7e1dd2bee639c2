package io.kernelfarm.bootmatrix.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real emulator, with the smallest thing that boots: {@code hello.s} prints its command lines, and resets or hangs. */
@Tag("real")
@Timeout(60)
class QemuMachineTest {

    private static final String QEMU = "qemu-system-x86_64";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private static Path temporary;

    /** With a blank and a comma in its name, since both mean something to QEMU. */
    private static Path folder;

    private static Path hello;

    @BeforeAll
    static void assemble() throws Exception {
        folder = Files.createDirectory(temporary.resolve("boot, files"));
        Path source = folder.resolve("hello.s");
        try (InputStream in = QemuMachineTest.class.getResourceAsStream("hello.s")) {
            Files.copy(in, source);
        }
        hello = folder.resolve("hello, world");
        run("as", "--32", "-o", folder.resolve("hello.o").toString(), source.toString());
        run(
                "ld",
                "-m",
                "elf_i386",
                "-Ttext=0x100000",
                "-o",
                hello.toString(),
                folder.resolve("hello.o").toString());
    }

    @AfterEach
    void noEmulatorIsLeft() {
        assertThat(emulators()).isEmpty();
    }

    @Test
    void linesComeFromBothSerialLinesAndTheEndComesLast() throws Exception {
        Path log = folder.resolve("console.log");
        List<MachineEvent> events = new ArrayList<>();
        try (PoweredMachine machine = powerOn("com1=115200,8n1 reset!", log)) {
            do {
                events.add(machine.next(PATIENCE));
            } while (!(events.get(events.size() - 1) instanceof MachineEvent.Stopped));
        }

        assertThat(lines(events, 0)).hasSize(2);
        assertThat(lines(events, 0).get(0)).endsWith(" com1=115200,8n1 reset!");
        assertThat(lines(events, 0).get(1)).endsWith(" console=hvc0,1 a,,b");
        assertThat(lines(events, 1)).hasSize(1);
        assertThat(lines(events, 1).get(0)).endsWith(" console=hvc0,1 a,,b");
        assertThat(events.get(3))
                .as("a reset is the machine's own doing")
                .isEqualTo(new MachineEvent.Stopped(true, "the machine turned itself off or reset"));
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
                .isEqualTo(String.join("\r\n", lines(events, 0)) + "\r\n");
    }

    @Test
    void theProbeIsWhatItsSourceSays() throws Exception {
        Path source = folder.resolve("probe.s");
        Path probe = folder.resolve("probe.img");
        try (InputStream in = Acceleration.class.getResourceAsStream("probe.s")) {
            Files.copy(in, source);
        }
        run("as", "--32", "-o", folder.resolve("probe.o").toString(), source.toString());
        run(
                "ld",
                "-m",
                "elf_i386",
                "-Ttext=0x7c00",
                "-e",
                "_start",
                "--oformat",
                "binary",
                "-o",
                probe.toString(),
                folder.resolve("probe.o").toString());
        try (InputStream in = Acceleration.class.getResourceAsStream("probe.img")) {
            assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(probe));
        }
    }

    @Test
    void hardwareVirtualizationIsUsedOnlyIfAKernelBootsOnItTheSameWay() throws Exception {
        QemuMachine machine = QemuMachine.fastest(Processor.X86_64);
        List<MachineEvent> events = new ArrayList<>();
        try (PoweredMachine powered = machine.powerOn(media(hello, "reset!"), folder.resolve("fastest.log"))) {
            do {
                events.add(powered.next(PATIENCE));
            } while (!(events.get(events.size() - 1) instanceof MachineEvent.Stopped));
        }

        assertThat(lines(events, 0)).hasSize(2);
        assertThat(machine.description().endsWith(machine.acceleration().toString()))
                .isEqualTo(machine.acceleration() != Acceleration.NONE);
    }

    @Test
    void anEmulatorThatIsKilledDidNotStopInOrder() throws Exception {
        try (PoweredMachine machine = powerOn("hang", folder.resolve("killed.log"))) {
            awaitLines(machine);
            emulators().get(0).destroyForcibly();
            assertThat(machine.next(PATIENCE))
                    .isEqualTo(new MachineEvent.Stopped(false, "the emulator was killed by signal 9"));
        }
    }

    @Test
    void anEmulatorThatIsTerminatedDidNotStopInOrder() throws Exception {
        try (PoweredMachine machine = powerOn("hang", folder.resolve("terminated.log"))) {
            awaitLines(machine);
            emulators().get(0).destroy();
            assertThat(machine.next(PATIENCE)).isInstanceOfSatisfying(MachineEvent.Stopped.class, stopped -> {
                assertThat(stopped.orderly()).as("QEMU itself ends with 0 here").isFalse();
                assertThat(stopped.detail())
                        .startsWith("the emulator was ended from outside: ")
                        .contains("signal 15");
            });
        }
    }

    @Test
    void whatQemuComplainsOfIsToldInItsWords() throws Exception {
        Path garbage = Files.write(folder.resolve("garbage"), new byte[4096]);
        try (PoweredMachine machine = qemu().powerOn(
                        new BootMedia(garbage, "", garbage, Optional.empty(), List.of(), 32),
                        folder.resolve("garbage.log"))) {
            assertThat(machine.next(PATIENCE)).isInstanceOfSatisfying(MachineEvent.Stopped.class, stopped -> {
                assertThat(stopped.orderly()).isFalse();
                assertThat(stopped.detail())
                        .startsWith("the emulator ended with status 1: ")
                        .contains("kernel");
            });
        }
    }

    @Test
    void closingTurnsTheMachineOffAndLeavesNothing() throws Exception {
        Path socket;
        try (PoweredMachine machine = powerOn("hang", folder.resolve("closed.log"))) {
            awaitLines(machine);
            String arguments =
                    Arrays.toString(emulators().get(0).info().arguments().orElseThrow());
            socket = Path.of(arguments.replaceFirst(".*id=serial0,path=([^,\\]]+).*", "$1"));
            assertThat(socket).exists();
        }
        assertThat(socket.getParent()).doesNotExist();
    }

    @Test
    void anInterruptWhileTurningOnLosesNoEmulator() throws Exception {
        Thread.currentThread().interrupt();
        try (PoweredMachine machine = powerOn("hang", folder.resolve("interrupted.log"))) {
            assertThatThrownBy(() -> machine.next(PATIENCE)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aFarmThatIsKilledTakesItsEmulatorsWithIt() throws Exception {
        Process farm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // What it cannot clean up goes with the test's own folder.
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Farm.class.getName(),
                        hello.toString(),
                        folder.resolve("orphan.log").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProcessHandle emulator;
        try {
            assertThat(farm.inputReader().readLine()).isEqualTo("on");
            emulator = farm.descendants().findFirst().orElseThrow();
            assertThat(emulator.info().command().orElseThrow()).endsWith(QEMU);
        } finally {
            farm.destroyForcibly().waitFor();
        }
        for (int tries = 0; !hasEnded(emulator); tries++) {
            assertThat(tries)
                    .as("tenths of a second that the emulator lives on")
                    .isLessThan(200);
            Thread.sleep(100);
        }
    }

    /** A zombie has ended as well: it only waits for whoever inherited it to ask, and not every process 1 does. */
    private static boolean hasEnded(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z'; // proc(5)
        } catch (IOException e) {
            return true;
        }
    }

    /** A farm to be killed: turns a machine on, says so, and waits. */
    static final class Farm {
        private Farm() {}

        public static void main(String[] arguments) throws Exception {
            Path hello = Path.of(arguments[0]);
            try (PoweredMachine machine = qemu().powerOn(media(hello, "hang"), Path.of(arguments[1]))) {
                machine.next(PATIENCE);
                System.out.println("on");
                Thread.sleep(PATIENCE.toMillis());
            }
        }
    }

    private static PoweredMachine powerOn(String cmdline, Path log) throws IOException {
        return qemu().powerOn(media(hello, cmdline), log);
    }

    private static QemuMachine qemu() throws IOException {
        return QemuMachine.at(Path.of("/usr/bin", QEMU));
    }

    private static BootMedia media(Path hello, String cmdline) {
        return new BootMedia(
                hello,
                "console=hvc0,1 a,,b",
                hello,
                Optional.of(new BootMedia.Hypervisor(hello, cmdline)),
                List.of(new BootMedia.Disk(hello, false)),
                32);
    }

    private static void awaitLines(PoweredMachine machine) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(machine.next(PATIENCE)).isInstanceOf(MachineEvent.Line.class);
        }
    }

    private static List<String> lines(List<MachineEvent> events, int port) {
        return events.stream()
                .filter(MachineEvent.Line.class::isInstance)
                .map(MachineEvent.Line.class::cast)
                .filter(line -> line.port() == port)
                .map(MachineEvent.Line::text)
                .toList();
    }

    /** The emulators that this process has started and that still run. */
    private static List<ProcessHandle> emulators() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().orElse("").endsWith(QEMU))
                .toList();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(command[0]).isZero();
    }
}
