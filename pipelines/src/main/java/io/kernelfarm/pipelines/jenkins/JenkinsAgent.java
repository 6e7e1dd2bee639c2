package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.ChildProcesses;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent of a Jenkins, on this machine, that comes to it by WebSocket. */
public final class JenkinsAgent implements AutoCloseable {

    private final Process process;
    private final Path log;

    private JenkinsAgent(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an agent.
     *
     * @param jenkins where Jenkins is, with a slash at the end
     * @param name as Jenkins knows it
     * @param secret that Jenkins wants to hear of it
     * @param folder its own, which is made: its work, its program and its log
     */
    public static JenkinsAgent start(URI jenkins, String name, String secret, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path program = folder.resolve("agent.jar");
        try (InputStream in = jenkins.resolve("jnlpJars/agent.jar").toURL().openStream()) {
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        // Not among the words of the command, which every user of the machine can read.
        Path password = folder.resolve("secret");
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, secret);
        Path log = folder.resolve("agent.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Djava.awt.headless=true",
                        "-jar",
                        program.toString(),
                        "-url",
                        jenkins.toString(),
                        "-name",
                        name,
                        "-secret",
                        "@" + password,
                        "-webSocket",
                        "-workDir",
                        folder.resolve("work").toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new JenkinsAgent(ChildProcesses.start(builder), log);
    }

    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    /** Ends it at once, as a power cut does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
