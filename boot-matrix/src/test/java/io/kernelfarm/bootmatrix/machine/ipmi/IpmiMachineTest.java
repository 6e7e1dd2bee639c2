package io.kernelfarm.bootmatrix.machine.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.netboot.BootPlace;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real BMC ({@code ipmi_sim}) that is driven by the real ipmitool, with a QEMU as its hardware that boots {@code hello.s}
 * from the network; and everything that can be wrong with such a machine.
 */
@Tag("real")
@Timeout(300)
class IpmiMachineTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final IpmiMachine.Settings QUICK =
            new IpmiMachine.Settings(false, SerialLine.FIRST, Duration.ofSeconds(4), Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    private Path hello;
    private InetSocketAddress boot;
    private SimulatedServer server;
    private List<Path> temporaryBefore;

    @BeforeEach
    void makeServer() throws Exception {
        temporaryBefore = temporaryFolders();
        hello = folder.resolve("hello");
        Path source = folder.resolve("hello.s");
        try (InputStream in = IpmiMachineTest.class.getResourceAsStream("/io/kernelfarm/bootmatrix/machine/hello.s")) {
            Files.copy(in, source);
        }
        run("as", "--32", "-o", folder.resolve("hello.o").toString(), source.toString());
        run(
                "ld",
                "-m",
                "elf_i386",
                "-Ttext=0x200000",
                "-o",
                hello.toString(),
                folder.resolve("hello.o").toString());
        boot = SimulatedServer.freePort();
        // The emulator's network shows the host's loopback as 10.0.2.2.
        server = SimulatedServer.make(
                folder.resolve("server"), 64, "bootfile=http://10.0.2.2:" + boot.getPort() + "/boot.ipxe");
    }

    @AfterEach
    void scrapServer() throws Exception {
        server.close();
    }

    @Test
    void bootsFromTheNetworkShowsItsConsoleAndGoesOff() throws Exception {
        Path log = folder.resolve("console.log");
        List<String> lines = new ArrayList<>();
        IpmiMachine machine = machine();
        try (PoweredMachine powered = machine.powerOn(media("com1=115200,8n1 hang"), log)) {
            awaitLine(powered, "console=hvc0,1 a,,b", lines);
            assertThat(server.isOn()).isTrue();
        }
        assertThat(lines)
                .anyMatch(line -> line.contains("iPXE"))
                .anyMatch(line -> line.endsWith(" com1=115200,8n1 hang"));
        assertThat(server.isOn()).isFalse();
        assertThat(machine.trouble()).isEmpty();
        assertThat(Files.readAllBytes(log))
                .as("what came over the network is what the machine sent")
                .isEqualTo(server.serialLog());
        assertThat(server.calls()).contains("set boot pxe", "set power 1", "set power 0");

        // Nobody has to clean up between two boots.
        try (PoweredMachine powered = machine.powerOn(media("again hang"), log)) {
            awaitLine(powered, " again hang", lines);
        }
        assertThat(temporaryFolders()).isEqualTo(temporaryBefore);
    }

    @Test
    void aMachineThatGoesOffStoppedInOrder() throws Exception {
        try (PoweredMachine powered = machine().powerOn(media("hang"), folder.resolve("log"))) {
            awaitLine(powered, "console=hvc0,1 a,,b", new ArrayList<>());
            server.turnOff();
            assertThat(awaitStop(powered)).isEqualTo(new MachineEvent.Stopped(true, "the machine turned itself off"));
        }
    }

    @Test
    void thePasswordIsOnNoCommandLineAndInNoEnvironment() throws Exception {
        try (PoweredMachine powered = machine().powerOn(media("hang"), folder.resolve("log"))) {
            awaitLine(powered, "hang", new ArrayList<>());
            List<ProcessHandle> tools = ProcessHandle.current()
                    .descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("ipmitool"))
                    .toList();
            assertThat(tools).isNotEmpty();
            for (ProcessHandle tool : tools) {
                for (String file : List.of("cmdline", "environ")) {
                    String text = Files.readString(
                            Path.of("/proc", Long.toString(tool.pid()), file), StandardCharsets.ISO_8859_1);
                    assertThat(text).doesNotContain(SimulatedServer.PASSWORD);
                }
            }
        }
    }

    @Test
    void wrongCredentialsAreToldFromASilentBmc() throws Exception {
        assertThatThrownBy(() -> turnOn(machine(server.bmc(SimulatedServer.USER, "wrong"), false)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "machine 'rack1-a': its BMC at 127.0.0.1:\\d+ refuses the password of user 'admin'; put"
                                + " the right one into environment variable RACK1");
        assertThatThrownBy(() -> turnOn(machine(server.bmc("nobody", SimulatedServer.PASSWORD), false)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "machine 'rack1-a': its BMC at 127.0.0.1:\\d+ knows no user 'nobody'; name one that it"
                                + " knows");
        server.killBmc();
        assertThatThrownBy(() -> turnOn(machine()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "machine 'rack1-a': its BMC at 127.0.0.1:\\d+ does not answer; see that it has power"
                                + " and network, and that this is its address");
        assertThat(server.isOn()).isFalse();
        assertThat(temporaryFolders()).isEqualTo(temporaryBefore);
    }

    @Test
    void aBmcThatDiesOrFreezesInMidRunIsNoticed() throws Exception {
        IpmiMachine machine = machine();
        for (boolean freeze : new boolean[] {true, false}) {
            try (PoweredMachine powered = machine.powerOn(media("hang"), folder.resolve("log"))) {
                awaitLine(powered, "hang", new ArrayList<>());
                if (freeze) {
                    server.freezeBmc();
                } else {
                    server.killBmc();
                }
                MachineEvent.Stopped stopped = awaitStop(powered);
                assertThat(stopped.orderly()).isFalse();
                assertThat(stopped.detail())
                        .startsWith("machine 'rack1-a': its BMC at ")
                        .contains(" does not answer; ");
                if (freeze) {
                    server.thawBmc();
                }
            }
        }
    }

    @Test
    void aConsoleThatAnotherClientHoldsIsLeftToItUnlessAKilledFarmMayHaveIt() throws Exception {
        Process other = server.client("sol", "activate").start();
        try {
            awaitHolder(other);
            assertThatThrownBy(() -> turnOn(machine()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "machine 'rack1-a': another client holds its console (serial-over-LAN); end that client, or"
                                    + " throw it out with 'ipmitool … sol deactivate'");
            assertThat(server.calls()).as("it was not even turned on").doesNotContain("set power 1");

            turnOn(machine(server.bmc(), true));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConsoleThatAnotherClientTakesAwayIsNoticed(boolean endsUnheard) throws Exception {
        try (PoweredMachine powered = machine().powerOn(media("hang"), folder.resolve("log"))) {
            awaitLine(powered, "hang", new ArrayList<>());
            assertThat(server.client("sol", "deactivate").start().waitFor()).isZero();
            if (endsUnheard) {
                server.turnOff();
            }

            assertThat(awaitStop(powered))
                    .isEqualTo(new MachineEvent.Stopped(
                            false,
                            "machine 'rack1-a': another client took its console (serial-over-LAN) away; see that nobody"
                                    + " else uses the machine"));
        }
    }

    @Test
    void aMachineThatDoesNotTurnOffIsInTrouble() throws Exception {
        IpmiMachine machine = machine();
        try (PoweredMachine powered = machine.powerOn(media("hang"), folder.resolve("log"))) {
            awaitLine(powered, "hang", new ArrayList<>());
            server.beStubborn(true);
        }
        String trouble =
                "machine 'rack1-a': it does not turn off, though its BMC at 127\\.0\\.0\\.1:\\d+ was told so three"
                        + " times; cut its power by hand, and see what ails it";
        assertThat(machine.trouble().orElseThrow()).matches(trouble);
        assertThatThrownBy(() -> turnOn(machine))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(trouble);
        assertThat(server.calls()).anyMatch(call -> call.startsWith("set shutdown"));

        server.beStubborn(false);
        turnOn(machine);
        assertThat(machine.trouble()).isEmpty();
    }

    @Test
    void aBootDeviceThatWasNotTakenIsNoticed() throws Exception {
        server.bootOnlyFromDisk(true);
        assertThatThrownBy(() -> turnOn(machine()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "machine 'rack1-a': its BMC at 127\\.0\\.0\\.1:\\d+ did not take the network as the next"
                                + " boot device, and says 'Boot Device Selector : No override'; allow network boot in its firmware's"
                                + " settings");
        assertThat(server.isOn()).isFalse();
    }

    private void turnOn(IpmiMachine machine) throws IOException {
        machine.powerOn(media("hang"), folder.resolve("log")).close();
    }

    private IpmiMachine machine() throws IOException {
        return machine(server.bmc(), false);
    }

    private IpmiMachine machine(Bmc bmc, boolean consoleLeftOpen) throws IOException {
        BootPlace place = new BootServer(boot);
        return new IpmiMachine(bmc, place, QUICK, consoleLeftOpen);
    }

    private BootMedia media(String cmdline) {
        return new BootMedia(
                hello,
                "console=hvc0,1 a,,b",
                hello,
                Optional.of(new BootMedia.Hypervisor(hello, cmdline)),
                List.of(),
                64);
    }

    private static void awaitLine(PoweredMachine powered, String end, List<String> lines) throws InterruptedException {
        while (true) {
            MachineEvent event = powered.next(PATIENCE);
            assertThat(event).as("what comes after " + lines).isInstanceOf(MachineEvent.Line.class);
            String text = ((MachineEvent.Line) event).text();
            lines.add(text);
            if (text.endsWith(end)) {
                return;
            }
        }
    }

    private static MachineEvent.Stopped awaitStop(PoweredMachine powered) throws InterruptedException {
        while (true) {
            MachineEvent event = powered.next(PATIENCE);
            assertThat(event).isNotNull();
            if (event instanceof MachineEvent.Stopped stopped) {
                return stopped;
            }
        }
    }

    /** Waits until {@code other} has the console. */
    private void awaitHolder(Process other) throws Exception {
        while (true) {
            assertThat(other.isAlive()).as("the other client goes on").isTrue();
            Process process = server.client("raw", "0x06", "0x4a", "0x01").start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            process.waitFor();
            if (said.startsWith(" 01 01")) {
                return;
            }
            Thread.sleep(100);
        }
    }

    /** What the farm has left in the folder for temporary files. */
    private static List<Path> temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("farm-(ipmi|netboot|sol).*"))
                    .sorted()
                    .toList();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(command[0]).isZero();
    }
}
