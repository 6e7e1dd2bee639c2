package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real program in a process of its own. */
public final class FarmProcess {

    /** What came of a call. */
    public record Result(int exit, String out, String err) {}

    private final Path folder;
    private final Process process;

    private FarmProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts a Java class of the farm, or of its tests, in {@code folder}. */
    public static FarmProcess start(Path folder, Map<String, String> environment, Class<?> main, String... words)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout.txt").toFile())
                .redirectError(folder.resolve("stderr.txt").toFile());
        builder.environment().putAll(environment);
        return new FarmProcess(folder, builder.start());
    }

    /** Runs the farm with its cache and its results below {@code folder}, unless {@code words} say otherwise. */
    public static Result run(Path folder, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        return start(folder, environment, io.kernelfarm.pipelines.cli.Farm.class, words)
                .result();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean endsWithin(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    public Result result() throws IOException, InterruptedException {
        int exit = process.waitFor();
        return new Result(exit, read("stdout.txt"), read("stderr.txt"));
    }

    /** Whoever carries this process' mark: its children and theirs, wherever they hang in the process tree. */
    public List<String> offspring() throws IOException {
        List<String> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path other : processes) {
                try {
                    String environment = Files.readString(other.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains("KERNEL_FARM_PROCESS=" + process.pid() + "-")) {
                        found.add(other.getFileName() + ": "
                                + Files.readString(other.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                        .replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // It ended while being looked at.
                }
            }
        }
        return found;
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }
}
