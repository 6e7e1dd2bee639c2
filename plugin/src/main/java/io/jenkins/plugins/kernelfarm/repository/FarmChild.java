package io.jenkins.plugins.kernelfarm.repository;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The {@code farm} program as a process of its own beside the controller: what it needs, the controller does not have to spare. */
final class FarmChild {
    /** After a TERM, as long as Jenkins gives the programs of its builds. */
    private static final int GRACE_SECONDS = 20;

    /** Of what the program says, as much is kept as somebody reads. */
    private static final int MOST_CHARACTERS = 1 << 18;

    private final List<String> java;
    private final Map<String, String> environment;

    /**
     * @param jar of the program
     * @param mebibytes of memory that it may take
     * @param home where the program looks for a user's own settings; the controller's user has none that count
     */
    FarmChild(Path jar, int mebibytes, Path home, Map<String, String> environment) {
        this.java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + mebibytes + "m",
                "-XX:+UseSerialGC",
                "-Dfile.encoding=UTF-8",
                "-jar",
                jar.toString());
        this.environment = new HashMap<>(environment);
        this.environment.put("HOME", home.toString());
        this.environment.put("LANG", "C.UTF-8");
        this.environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    }

    /**
     * What came of it.
     *
     * @param code that the program ended with
     * @param out its standard output, or the beginning of it
     * @param err the same of the other
     */
    record Result(int code, String out, String err) {}

    /**
     * Runs the program to its end; who is interrupted takes it along.
     *
     * @param lines gets all that it says as it says it
     */
    Result run(List<String> words, Consumer<String> lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            CompletableFuture<String> out = collect(process.getInputStream(), lines);
            CompletableFuture<String> err = collect(process.getErrorStream(), lines);
            return new Result(process.waitFor(), out.get(), err.get());
        } catch (ExecutionException e) {
            throw new IOException("the program's output cannot be read", e);
        } finally {
            end(process);
        }
    }

    private static CompletableFuture<String> collect(InputStream stream, Consumer<String> lines) {
        CompletableFuture<String> all = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    StringBuilder kept = new StringBuilder();
                    try (BufferedReader text =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = text.readLine(); line != null; line = text.readLine()) {
                            if (kept.length() + line.length() < MOST_CHARACTERS) {
                                kept.append(line).append('\n');
                            }
                            lines.accept(line);
                        }
                        all.complete(kept.toString());
                    } catch (IOException | UncheckedIOException e) {
                        all.completeExceptionally(e);
                    }
                },
                "Kernel Farm program");
        reader.setDaemon(true);
        reader.start();
        return all;
    }

    private static void end(Process process) throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
