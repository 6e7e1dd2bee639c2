package io.kernelfarm.pipelines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One call of a program: its words, its folder, what is added to its environment, and who sees its lines. */
public final class Command {

    private static final int SHOWN = 20;

    private final List<String> words;
    private final Map<String, String> environment = new TreeMap<>();
    private Path folder;
    private boolean inherits = true;
    private Consumer<String> lines = line -> {};
    private volatile Process process;

    /**
     * What came of a call.
     *
     * @param exit the exit code; 128 + n if signal n ended it
     * @param output all that it wrote to its standard output
     * @param errors all that it wrote to its standard error
     */
    public record Result(int exit, String output, String errors) {

        /** The last line of what it had to say, errors before output. */
        public String lastWords() {
            String said = errors.isBlank() ? output : errors;
            return said.isBlank() ? "no message" : said.strip().lines().reduce("", (before, line) -> line);
        }

        /**
         * What it wrote to its standard output.
         *
         * @param words that were called
         * @param folder in which it worked
         * @throws FarmException the farm's fault, with the program's last words, if it did not end with 0
         */
        public String orFail(List<String> words, Path folder) {
            if (exit == 0) {
                return output;
            }
            if ((errors + output).contains(Disk.FULL)) {
                throw Disk.full(folder);
            }
            throw FarmException.farm("'" + shown(words) + "' ended with " + exit + ": " + lastWords());
        }
    }

    private Command(List<String> words) {
        this.words = words;
        environment.put("LC_ALL", "C.UTF-8"); // Messages are read by this program before a person sees them.
    }

    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    public Command and(String... more) {
        return of(Stream.concat(words.stream(), Arrays.stream(more)));
    }

    /** The same call, made by another program: {@code nice make} for {@code make}. */
    Command by(String... program) {
        return of(Stream.concat(Arrays.stream(program), words.stream()));
    }

    private Command of(Stream<String> allWords) {
        Command longer = new Command(allWords.toList());
        longer.environment.putAll(environment);
        longer.folder = folder;
        longer.inherits = inherits;
        longer.lines = lines;
        return longer;
    }

    String[] words() {
        return words.toArray(String[]::new);
    }

    public Command in(Path folder) {
        this.folder = folder;
        return this;
    }

    public Command with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /**
     * Keeps the caller's environment away, but for where programs, the user's home and temporary files are: make and
     * compilers take orders from dozens of variables.
     */
    public Command withOwnEnvironment() {
        inherits = false;
        return this;
    }

    /** Hands each line of either output to {@code lines} as it comes, one at a time. */
    public Command each(Consumer<String> lines) {
        this.lines = lines;
        return this;
    }

    /**
     * Runs the program to its end.
     *
     * @throws FarmException the farm's fault, if there is no such program
     */
    public Result run() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        if (!inherits) {
            builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR"));
        }
        builder.environment().putAll(environment);
        if (folder != null) {
            builder.directory(folder.toFile());
        }
        Process started;
        try {
            started = ChildProcesses.start(builder);
        } catch (IOException e) {
            throw FarmException.farm(
                    "cannot start '" + words.get(0) + "': " + e.getMessage()
                            + "; './farm doctor' lists what is missing",
                    e);
        }
        process = started;
        StringBuilder errors = new StringBuilder();
        Thread reader = new Thread(() -> read(started.getErrorStream(), errors), "stderr of " + words.get(0));
        reader.setDaemon(true);
        reader.start();
        StringBuilder output = new StringBuilder();
        int exit;
        try {
            read(started.getInputStream(), output);
            exit = started.waitFor();
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            started.destroy();
            throw FarmException.farm("interrupted while '" + words.get(0) + "' was running", e);
        } catch (UncheckedIOException e) {
            started.destroy();
            throw e.getCause();
        }
        ChildProcesses.checkEnd(exit);
        return new Result(exit, output.toString(), errors.toString());
    }

    /** Ends the program, if it runs, and all that it has started: TERM, and KILL for whoever is left after some seconds. */
    public void end() {
        Process program = process;
        if (program != null) {
            Set<ProcessHandle> family = new HashSet<>(Set.of(program.toHandle()));
            ChildProcesses.end(() -> ChildProcesses.alive(family), FarmRun.GRACE);
        }
    }

    /**
     * Runs the program and returns its standard output.
     *
     * @throws FarmException the farm's fault, with the program's last words, if it does not end with 0
     */
    public String output() throws IOException {
        return run().orFail(words, folder == null ? Path.of("") : folder);
    }

    private void read(InputStream stream, StringBuilder all) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (this) {
                    all.append(line).append('\n');
                    lines.accept(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first words, as many as a message bears. */
    @Override
    public String toString() {
        return shown(words);
    }

    private static String shown(List<String> words) {
        return words.stream().limit(SHOWN).collect(Collectors.joining(" ")) + (words.size() > SHOWN ? " ..." : "");
    }
}
