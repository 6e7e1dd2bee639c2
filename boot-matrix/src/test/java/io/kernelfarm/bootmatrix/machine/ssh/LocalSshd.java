package io.kernelfarm.bootmatrix.machine.ssh;

import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real sshd on a free port of loopback, with keys of its own, that lets in the user who runs the tests. That user finds
 * programs of {@link #program} before the system's: Xen's are not to be had here.
 */
final class LocalSshd implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process server;

    private LocalSshd(Path folder, int port, Process server) {
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    static LocalSshd start(Path folder) throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        key(folder.resolve("host_key"));
        key(folder.resolve("identity"));
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // Where sshd keeps its children without rights.
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path configuration = Files.writeString(
                folder.resolve("sshd_config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + folder.resolve("host_key"),
                        "AuthorizedKeysFile " + folder.resolve("identity.pub"),
                        "PidFile none",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "UsePAM no",
                        "StrictModes no",
                        "SetEnv PATH=" + folder.resolve("bin") + ":/usr/bin:/bin",
                        ""));
        Process server =
                ChildProcesses.start(new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile()));
        LocalSshd sshd = new LocalSshd(folder, port, server);
        sshd.awaitUp();
        return sshd;
    }

    private void awaitUp() throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (tries == 200 || !server.isAlive()) {
                    throw new IOException("sshd does not start: " + Files.readString(folder.resolve("log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    static void key(Path file) throws Exception {
        Process process = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("ssh-keygen failed");
        }
    }

    /** Puts a program in front of the system's. */
    void program(String name, String... lines) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * A toolstack that says {@code info}, knows the domains of the file {@link #domains}, and writes what it is told to the file
     * {@link #calls}.
     */
    void xl(Map<String, String> info) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(info).forEach((key, value) -> text.append("%-23s: %s%n".formatted(key, value)));
        Files.writeString(folder.resolve("info"), text.toString());
        if (!Files.exists(domains())) {
            Files.createFile(domains());
        }
        program(
                "xl",
                "cd " + folder,
                "case $1 in",
                "  info) cat info ;;",
                "  list) echo 'Name ID Mem VCPUs State Time(s)'; cat domains ;;",
                "  destroy) echo \"$*\" >> calls; sed -i \"/ $2 /d\" domains ;;",
                "esac");
    }

    Path domains() {
        return folder.resolve("domains");
    }

    Path calls() {
        return folder.resolve("calls");
    }

    int port() {
        return port;
    }

    Path identity() {
        return folder.resolve("identity");
    }

    /** Kind and key, without the remark. */
    String hostKey() throws IOException {
        String[] words = Files.readString(folder.resolve("host_key.pub")).split(" ", -1);
        return words[0] + " " + words[1];
    }

    /** Ends the connections that there are; the server goes on. */
    void cut() {
        server.children().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly();
    }
}
