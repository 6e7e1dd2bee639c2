package io.kernelfarm.bootmatrix.machine.ssh;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One connection to a host by ssh(1), over which any number of commands run: its control socket is in a folder that only this user
 * can enter. It ends with this process, whatever ends it, and the host hears of that.
 */
final class SshConnection implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private static final Pattern NO_HOST_KEY = Pattern.compile("No \\S+ host key is known for");

    private final SshHost host;
    private final Path folder;
    private final Process master;

    private SshConnection(SshHost host, Path folder, Process master) {
        this.host = host;
        this.folder = folder;
        this.master = master;
    }

    /**
     * Connects to {@code host}.
     *
     * @param silence how long the host may be silent before it is taken for dead
     * @throws IOException one sentence on why there is no connection
     */
    static SshConnection open(SshHost host, Duration silence) throws IOException {
        if (!Files.isReadable(host.identity())) {
            throw new IOException(
                    host.of("there is no key file " + host.identity() + " that can be read; make it, or name another"));
        }
        // For its owner alone, as createTempDirectory makes it; a socket's path may have 107 bytes at most (unix(7)).
        Path folder = Files.createTempDirectory("farm-ssh");
        SshConnection connection = null;
        try {
            Process master = start(master(host, folder, silence), folder.resolve("said"));
            connection = new SshConnection(host, folder, master);
            connection.awaitOpen();
            return connection;
        } catch (IOException e) {
            if (connection == null) {
                FileTrees.delete(folder);
            } else {
                connection.close();
            }
            throw e;
        }
    }

    private static Process start(List<String> command, Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        return ChildProcesses.start(english(builder));
    }

    /** What the system says of failed connections is read. */
    private static ProcessBuilder english(ProcessBuilder builder) {
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static List<String> master(SshHost host, Path folder, Duration silence) throws IOException {
        Path known = folder.resolve("known");
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-N", "-T"));
        if (host.hostKey() instanceof SshHost.HostKey.Pinned pinned) {
            Files.writeString(known, "pinned " + pinned.key() + "\n");
            options(command, "HostKeyAlias=pinned");
        } else if (host.hostKey() instanceof SshHost.HostKey.InFile file) {
            try {
                Files.copy(file.file(), known);
            } catch (IOException e) {
                throw new IOException(
                        host.of("there is no file of known hosts " + file.file()
                                + " that can be read; put the host's key there, or name another"),
                        e);
            }
        }
        options(
                command,
                "ControlMaster=yes",
                "ControlPath=" + quoted(folder.resolve("control")),
                "ControlPersist=no",
                "StrictHostKeyChecking=yes",
                "UserKnownHostsFile=" + quoted(known),
                "GlobalKnownHostsFile=/dev/null",
                "UpdateHostKeys=no",
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "PreferredAuthentications=publickey",
                "BatchMode=yes",
                "ConnectTimeout=20",
                "ServerAliveInterval=" + Math.max(1, silence.toSeconds() / 4),
                "ServerAliveCountMax=4");
        command.addAll(List.of("-i", host.identity().toString().replace("%", "%%")));
        command.addAll(List.of("-p", Integer.toString(host.port()), "-l", host.user(), "--", host.host()));
        return command;
    }

    private static void options(List<String> command, String... options) {
        for (String option : options) {
            command.addAll(List.of("-o", option));
        }
    }

    /** As ssh_config(5) has a path with spaces; "%" begins a token in it. */
    private static String quoted(Path path) {
        return '"' + path.toString().replace("%", "%%") + '"';
    }

    /** The control socket is there as soon as the server has let the user in. */
    private void awaitOpen() throws IOException {
        long end = System.nanoTime() + CONNECT.toNanos();
        while (!Files.exists(folder.resolve("control"))) {
            if (!master.isAlive()) {
                throw refused(Files.readString(folder.resolve("said"), StandardCharsets.ISO_8859_1));
            }
            if (System.nanoTime() > end) {
                throw unreachable("it took longer than " + CONNECT.toSeconds() + " s");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(host.of("interrupted while connecting"), e);
            }
        }
    }

    private IOException refused(String said) {
        if (NO_HOST_KEY.matcher(said).find() && host.hostKey() instanceof SshHost.HostKey.InFile file) {
            return new IOException(host.of("its " + host + " has no key in " + file.file()
                    + "; ask its administrator for the host's public key, and put it there"));
        }
        if (said.contains("Host key verification failed")) {
            String expected = host.hostKey() instanceof SshHost.HostKey.InFile file
                    ? "that " + file.file() + " has"
                    : "that 'hostkey' says";
            return new IOException(host.of("its " + host + " shows another host key than the one " + expected
                    + "; find out why before it is trusted"));
        }
        if (said.contains("UNPROTECTED PRIVATE KEY FILE")) {
            return new IOException(host.of("others than its owner can read the key file " + host.identity()
                    + "; run 'chmod 600 " + host.identity() + "'"));
        }
        if (said.contains("Permission denied") || said.contains("Too many authentication failures")) {
            return new IOException(host.of("its " + host + " refuses user '" + host.user() + "' with the key in "
                    + host.identity() + "; the key must have no passphrase, and its public half has to be among that"
                    + " user's authorized keys there"));
        }
        return unreachable(lastLine(said, "it gives no reason"));
    }

    private IOException unreachable(String why) {
        return new IOException(host.of(
                "its " + host + " cannot be reached (" + why + "); see that it runs, and that this is its address"));
    }

    /** The last of {@code said}'s lines that says something. */
    static String lastLine(String said, String otherwise) {
        return said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((a, b) -> b)
                .orElse(otherwise);
    }

    /** How a command ended, and what it said. */
    record Outcome(int status, Path output, String errors) {
        String text() throws IOException {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Starts {@code command} in the user's shell on the host; who starts it has its pipes.
     *
     * @param errors where its error output goes
     */
    Process start(String command, Path errors) throws IOException {
        return ChildProcesses.start(english(new ProcessBuilder(client(command)).redirectError(errors.toFile())));
    }

    private List<String> client(String command) {
        List<String> client = new ArrayList<>(List.of("ssh", "-F", "none", "-T"));
        options(
                client,
                "ControlMaster=no",
                "ControlPath=" + quoted(folder.resolve("control")),
                "BatchMode=yes",
                // If the connection has gone, no other is made.
                "ProxyCommand=false");
        client.addAll(List.of("-p", Integer.toString(host.port()), "-l", host.user(), "--", host.host(), command));
        return client;
    }

    /**
     * Runs {@code command} to its end, and does not end earlier for an interrupt: nobody would know what is on the host then.
     *
     * @param input what it reads
     * @throws IOException if the connection broke off, or nothing came of it in {@code patience}
     */
    Outcome run(String command, Path input, Duration patience) throws IOException {
        Path output = Files.createTempFile(folder, "output", "");
        Path errors = Files.createTempFile(folder, "errors", "");
        Process process = ChildProcesses.start(english(new ProcessBuilder(client(command))
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())));
        boolean interrupted = false;
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                try {
                    if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        throw new IOException(host.of("its " + host + " did not do within " + patience.toSeconds()
                                + " s what it was told; see what keeps it busy"));
                    }
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            process.destroyForcibly();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (process.exitValue() == 255 && !isOpen()) {
            throw new IOException(brokenOff());
        }
        return new Outcome(process.exitValue(), output, Files.readString(errors, StandardCharsets.ISO_8859_1));
    }

    /** Whether the host can still be told something, as far as is known. */
    boolean isOpen() {
        try {
            // ssh tells its clients a moment before it ends itself.
            return !master.waitFor(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return master.isAlive();
        }
    }

    /** One sentence on a connection that is no more. */
    String brokenOff() {
        return host.of("the connection to its " + host + " broke off; see that the host is well and the network is");
    }

    /** A folder that only this user can enter, for as long as the connection lasts. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        master.destroy();
        boolean interrupted = false;
        try {
            if (!master.waitFor(5, TimeUnit.SECONDS)) {
                master.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            master.destroyForcibly();
        }
        try {
            FileTrees.delete(folder);
        } catch (IOException e) {
            // Only its owner can read what is left.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
