package io.kernelfarm.bootmatrix.machine.ipmi;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs ipmitool(1) against one BMC. The password goes by a file that only this user can read, in a folder that only this
 * user can enter: on a command line, and in the environment, others see it.
 */
final class Ipmitool implements AutoCloseable {

    /** More than any command's own retries take. */
    private static final long LONGEST_SECONDS = 40;

    private final Bmc bmc;
    private final Path folder;
    private final Path password;

    /** How a command ended, and what it said. */
    private record Outcome(int status, String output, String errors) {}

    Ipmitool(Bmc bmc) throws IOException {
        this.bmc = bmc;
        // For its owner alone, as createTempDirectory makes it.
        folder = Files.createTempDirectory("farm-ipmi");
        password = folder.resolve("password");
        FileAttribute<?> owned = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(password, owned);
        Files.writeString(password, bmc.password().text() + "\n");
    }

    /** The first line of what the program says of itself, for example {@code ipmitool version 1.8.19}. */
    static String version() throws IOException {
        try {
            Process process = new ProcessBuilder("ipmitool", "-V")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return said.lines().findFirst().orElse("ipmitool of unknown version");
        } catch (IOException e) {
            throw new IOException("there is no program 'ipmitool', which drives BMCs; install Debian's ipmitool", e);
        }
    }

    /**
     * Runs a command to its end, and does not end earlier for an interrupt: that would leave nobody knowing what the machine
     * was told.
     *
     * @return its output
     * @throws IOException one sentence on what is wrong with the BMC, the credentials or the command
     */
    String run(String... words) throws IOException {
        Outcome outcome = call(List.of("-N", "1", "-R", "3"), words);
        if (outcome.status() != 0) {
            throw fault(outcome, words);
        }
        return outcome.output();
    }

    /** Runs a command that may fail without harm. */
    void tryRun(String... words) throws IOException {
        call(List.of("-N", "1", "-R", "1"), words);
    }

    /** The program that shows the console: raw bytes come on its output as soon as they are there. */
    ProcessBuilder console() {
        List<String> command = new ArrayList<>(List.of("stdbuf", "-o0"));
        command.addAll(command(List.of(), "sol", "activate"));
        return new ProcessBuilder(command);
    }

    private IOException fault(Outcome outcome, String... words) throws IOException {
        if (outcome.errors().contains("Unable to establish")) {
            // A BMC that does not answer and one that refuses are the same to ipmitool, unless it is asked for more.
            Outcome again = call(List.of("-v", "-N", "1", "-R", "1"), words);
            if (again.errors().contains("RAKP 2 HMAC is invalid")) {
                return new IOException(of("its " + bmc + " refuses the password of user '" + bmc.user()
                        + "'; put the right one into " + bmc.password().origin()));
            }
            if (again.errors().contains("unauthorized name")) {
                return new IOException(
                        of("its " + bmc + " knows no user '" + bmc.user() + "'; name one that it knows"));
            }
            return new IOException(of("its " + bmc
                    + " does not answer; see that it has power and network, and that this is its address"));
        }
        String last = outcome.errors()
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((a, b) -> b)
                .orElse("status " + outcome.status());
        return new IOException(of("its " + bmc + " did not do '" + String.join(" ", words) + "': " + last.strip()));
    }

    /** A sentence about the machine. */
    String of(String sentence) {
        return "machine '" + bmc.machine() + "': " + sentence;
    }

    private List<String> command(List<String> options, String... words) {
        // Without -C ipmitool 1.8.19 first asks for the suites that there are; many BMCs let it wait for 10 s.
        List<String> command = new ArrayList<>(
                List.of("ipmitool", "-I", "lanplus", "-C", "3", "-H", bmc.host(), "-p", Integer.toString(bmc.port())));
        command.addAll(List.of("-U", bmc.user(), "-f", password.toString()));
        command.addAll(options);
        command.addAll(List.of(words));
        return command;
    }

    private Outcome call(List<String> options, String... words) throws IOException {
        Path output = Files.createTempFile(folder, "output", "");
        Path errors = Files.createTempFile(folder, "errors", "");
        boolean interrupted = false;
        try {
            Process process = ChildProcesses.start(new ProcessBuilder(command(options, words))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile()));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (true) {
                try {
                    if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        process.destroyForcibly().waitFor();
                        return new Outcome(-1, "", "Unable to establish a session in time");
                    }
                    return new Outcome(
                            process.exitValue(),
                            Files.readString(output, StandardCharsets.ISO_8859_1),
                            Files.readString(errors, StandardCharsets.ISO_8859_1));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        try {
            FileTrees.delete(folder);
        } catch (IOException e) {
            // Only its owner can read what is left.
        }
    }
}
