package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import io.kernelfarm.bootmatrix.machine.Processor;
import io.kernelfarm.bootmatrix.xen.Dom0Image;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Somebody's Xen host with an SSH server on a port of this computer's loopback: an emulated machine with real Xen, a dom0 of
 * Debian's packages and the distribution's kernel. The farm knows nothing of it but the way to it.
 */
final class StandingXenHost implements AutoCloseable {

    static final String VERSION = "4.17";
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final Path folder;
    private final int port;
    private final Process emulator;

    private StandingXenHost(Path folder, int port, Process emulator) {
        this.folder = folder;
        this.port = port;
        this.emulator = emulator;
    }

    /** Makes the root file system of its dom0 in {@code image}. */
    static void makeDom0(Path image) throws IOException {
        String suite = "bookworm";
        Dom0Image.make(
                image,
                suite,
                VERSION,
                Processor.X86_64,
                Architecture.AMD64.deb(),
                List.of("openssh-server"),
                AptPackages.sources(suite));
    }

    /** A host that is up. */
    static StandingXenHost start(Path folder, BootFiles files, Path dom0) throws Exception {
        Files.createDirectories(folder);
        Kernel kernel = files.control();
        XenHost.Assets xen = files.xen("xen-" + VERSION, false);
        Path overlay = Files.createDirectories(folder.resolve("overlay"));
        Path farm = Files.createDirectories(overlay.resolve("farm"));
        Path ssh = Files.createDirectories(farm.resolve("ssh"));
        key(folder.resolve("identity"));
        key(folder.resolve("host_key"));
        Files.copy(folder.resolve("host_key"), ssh.resolve("host_key"));
        Files.copy(folder.resolve("identity.pub"), ssh.resolve("authorized_keys"));
        for (String script : List.of("dom0.sh", "host-of-its-own.sh")) {
            try (InputStream in = StandingXenHost.class.getResourceAsStream("standing/" + script)) {
                Files.copy(in, farm.resolve(script));
            }
        }
        Path network = Files.createDirectories(farm.resolve("network"));
        List<String> modules = List.of("failover", "net_failover", "virtio_net");
        for (int i = 0; i < modules.size(); i++) {
            String name = modules.get(i) + ".ko";
            try (Stream<Path> all = Files.walk(kernel.root().resolve("lib/modules"))) {
                Path module =
                        all.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
                Files.copy(module, network.resolve(i + "-" + name)); // Loaded in the order of their names.
            }
        }
        Path initrd = folder.resolve("initrd.gz");
        Initramfs.write(initrd, kernel, Initramfs.Role.DOM0, files.busybox());
        run(
                "sh",
                "-c",
                "cd \"$1\" && find . | cpio --quiet -o -H newc | gzip >> \"$2\"",
                "sh",
                overlay.toString(),
                initrd.toString());
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process emulator = ChildProcesses.start(new ProcessBuilder(
                        "qemu-system-x86_64",
                        "-accel",
                        "tcg",
                        "-cpu",
                        "qemu64,+svm,+npt",
                        "-smp",
                        "1",
                        "-m",
                        "3072",
                        "-nodefaults",
                        "-no-user-config",
                        "-display",
                        "none",
                        "-no-reboot",
                        "-device",
                        "virtio-rng-pci",
                        "-serial",
                        "file:" + folder.resolve("console.log"),
                        "-drive",
                        "file=" + dom0 + ",if=none,id=disk0,format=raw,cache=unsafe,snapshot=on",
                        "-device",
                        "virtio-blk-pci,drive=disk0",
                        "-netdev",
                        "user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:" + port + "-:22",
                        "-device",
                        "virtio-net-pci,netdev=net0",
                        "-kernel",
                        xen.hypervisor().toString(),
                        "-append",
                        "console=com1 com1=115200,8n1 dom0_mem=1024M,max:1024M",
                        "-initrd",
                        kernel.image() + " console=hvc0 farm.role=dom0 farm.nonce=0," + initrd)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("emulator.log").toFile()));
        StandingXenHost host = new StandingXenHost(folder, port, emulator);
        host.awaitUp();
        return host;
    }

    private void awaitUp() throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!console().contains("standing\n") && !console().contains("standing\r")) {
            if (!emulator.isAlive() || Instant.now().isAfter(end)) {
                close();
                throw new IOException(
                        "the host did not come up: " + Files.readString(folder.resolve("emulator.log")) + console());
            }
            Thread.sleep(500);
        }
    }

    private String console() throws IOException {
        Path log = folder.resolve("console.log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    }

    private static void key(Path file) throws Exception {
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file.toString());
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(command[0]).isZero();
    }

    /** As machines.yaml has it. */
    List<String> entry(String name) throws IOException {
        String[] key = Files.readString(folder.resolve("host_key.pub")).split(" ", -1);
        return List.of(
                "  - name: " + name,
                "    ssh:",
                "      host: 127.0.0.1",
                "      port: " + port,
                "      identity: " + folder.resolve("identity"),
                "      hostkey: " + key[0] + " " + key[1]);
    }

    /** What the administrator sees who runs {@code command}. */
    String shell(String command) throws Exception {
        Process process = new ProcessBuilder(
                        "ssh",
                        "-F",
                        "none",
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "-o",
                        "LogLevel=ERROR",
                        "-i",
                        folder.resolve("identity").toString(),
                        "-p",
                        Integer.toString(port),
                        "root@127.0.0.1",
                        command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** As if its power was cut. */
    void die() {
        emulator.destroyForcibly();
    }

    @Override
    public void close() {
        emulator.destroyForcibly();
    }
}
