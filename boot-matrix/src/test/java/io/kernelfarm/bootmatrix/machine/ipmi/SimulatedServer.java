package io.kernelfarm.bootmatrix.machine.ipmi;

import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server with a BMC, on loopback: the BMC is a real {@code ipmi_sim}, and what it turns on and off is a QEMU that boots
 * from the network. Its console is to be had through the BMC alone.
 */
public final class SimulatedServer implements AutoCloseable {

    public static final String USER = "admin";
    public static final String PASSWORD = "correct-horse";

    private final Path folder;
    private final int lan;
    private final int vm;
    private final SerialWire wire;
    private Process bmc;

    private SimulatedServer(Path folder) throws IOException {
        this.folder = folder;
        try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            lan = udp.getLocalPort();
        }
        vm = freePort().getPort();
        wire = SerialWire.lay();
    }

    /**
     * A server that is off.
     *
     * @param network further words for QEMU's user-mode network, which tell the card what to boot
     */
    public static SimulatedServer make(Path folder, int memoryMib, String network) throws Exception {
        Files.createDirectories(folder);
        SimulatedServer server = new SimulatedServer(folder);
        server.write(
                "machine.args",
                "-m",
                Integer.toString(memoryMib),
                "-netdev",
                "user,id=net0," + network,
                "-device",
                "virtio-rng-pci",
                "-chardev",
                "socket,id=ipmi0,host=127.0.0.1,port=" + server.vm + ",reconnect=5",
                "-device",
                "ipmi-bmc-extern,id=bmc0,chardev=ipmi0",
                "-device",
                "isa-ipmi-kcs,bmc=bmc0,irq=5",
                "-chardev",
                "socket,id=serial0,host=127.0.0.1,port=" + server.wire.machineEnd() + ",logfile="
                        + folder.resolve("serial.log"),
                "-serial",
                "chardev:serial0");
        server.write("owner", Long.toString(ProcessHandle.current().pid()));
        Path chassis = folder.resolve("chassis.sh");
        try (InputStream in = SimulatedServer.class.getResourceAsStream("chassis.sh")) {
            Files.copy(in, chassis);
        }
        Files.setPosixFilePermissions(chassis, PosixFilePermissions.fromString("rwx------"));
        server.write(
                "lan.conf",
                "name \"simulated\"",
                "set_working_mc 0x20",
                "  startlan 1",
                "    addr 127.0.0.1 " + server.lan,
                "    priv_limit admin",
                "    allowed_auths_callback md5",
                "    allowed_auths_user md5",
                "    allowed_auths_operator md5",
                "    allowed_auths_admin md5",
                "    guid a123456789abcdefa123456789abcdef",
                "  endlan",
                "  serial 15 127.0.0.1 " + server.vm + " codec VM",
                "  chassis_control \"" + chassis + " " + folder + " 0x20\"",
                "  sol \"telnet:127.0.0.1:" + server.wire.bmcEnd() + "\" 115200",
                "  user 1 false \"\" \"\" user 10 none md2 md5 straight",
                "  user 2 true \"" + USER + "\" \"" + PASSWORD + "\" admin 10 none md2 md5 straight");
        // Once: a client that has just started may be reading it.
        server.write("password", PASSWORD);
        server.write(
                "commands",
                "mc_setbmc 0x20",
                "mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr",
                "sel_enable 0x20 1000 0x0a",
                "mc_enable 0x20");
        server.startBmc();
        return server;
    }

    private void write(String name, String... lines) throws IOException {
        Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n", StandardCharsets.US_ASCII);
    }

    /** Starts the BMC, and waits until it answers. */
    private void startBmc() throws Exception {
        // Users that it has saved would override the configuration.
        Path state = Files.createTempDirectory(folder, "state");
        bmc = ChildProcesses.start(new ProcessBuilder(
                        "ipmi_sim",
                        "-c",
                        folder.resolve("lan.conf").toString(),
                        "-f",
                        folder.resolve("commands").toString(),
                        "-s",
                        state.toString(),
                        "-n")
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("bmc.log").toFile()));
        for (int tries = 0; !powerStatus().contains("Chassis Power is"); tries++) {
            if (tries == 20 || !bmc.isAlive()) {
                throw new IOException(
                        "the simulated BMC does not answer: " + Files.readString(folder.resolve("bmc.log")));
            }
        }
    }

    private String powerStatus() throws Exception {
        Process process = client("-N", "1", "-R", "1", "power", "status").start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** Ends the BMC for good: its ports are not free again for a while. */
    public void killBmc() throws Exception {
        bmc.destroyForcibly().waitFor();
    }

    /** Stops the BMC without ending it: it keeps its port, and says nothing. */
    public void freezeBmc() throws Exception {
        new ProcessBuilder("kill", "-STOP", Long.toString(bmc.pid())).start().waitFor();
    }

    public void thawBmc() throws Exception {
        new ProcessBuilder("kill", "-CONT", Long.toString(bmc.pid())).start().waitFor();
    }

    /** Turns the hardware off, as it would itself. */
    public void turnOff() throws IOException {
        ProcessHandle.of(emulator()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Makes the hardware heed no power off. */
    public void beStubborn(boolean stubborn) throws IOException {
        flag("stubborn", stubborn);
    }

    /** Makes the firmware boot from nothing but its disk. */
    public void bootOnlyFromDisk(boolean only) throws IOException {
        flag("homely", only);
    }

    private void flag(String name, boolean set) throws IOException {
        if (set) {
            write(name, "");
        } else {
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    /** Another client of the same BMC. */
    public ProcessBuilder client(String... words) {
        List<String> command = new ArrayList<>(List.of("ipmitool", "-I", "lanplus", "-C", "3", "-H", "127.0.0.1"));
        command.addAll(List.of(
                "-p",
                Integer.toString(lan),
                "-U",
                USER,
                "-f",
                folder.resolve("password").toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** The way to the BMC for whoever knows {@code password}. */
    public Bmc bmc(String user, String password) throws IOException {
        return new Bmc("rack1-a", "127.0.0.1", lan, user, Password.inEnvironment("RACK1", Map.of("RACK1", password)));
    }

    public Bmc bmc() throws IOException {
        return bmc(USER, PASSWORD);
    }

    /** The UDP port of the BMC, on loopback. */
    public int port() {
        return lan;
    }

    /** Whether the hardware is on. */
    public boolean isOn() throws IOException {
        Path pid = folder.resolve("pid");
        if (!Files.exists(pid)) {
            return false;
        }
        Path stat = Path.of("/proc", Files.readString(pid).strip(), "stat");
        try {
            return !Files.readString(stat).contains(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    /** What the hardware was told, one a line. */
    public List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    /** What the hardware sent on its serial line since it was last turned on. */
    public byte[] serialLog() throws IOException {
        return Files.readAllBytes(folder.resolve("serial.log"));
    }

    /** The process id of the emulator; only while it is on. */
    public long emulator() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    }

    /** A TCP port on loopback that is free now. */
    public static InetSocketAddress freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    @Override
    public void close() throws IOException {
        bmc.destroyForcibly();
        wire.close();
        if (isOn()) {
            turnOff();
        }
    }
}
