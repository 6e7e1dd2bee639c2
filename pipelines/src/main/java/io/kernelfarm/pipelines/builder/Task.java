package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.FarmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One call of a program in a build. It has nothing of the caller's environment but for what a builder gives it.
 *
 * @param words the program and what it is given
 * @param environment what is set for it
 * @param reads folders that it reads
 * @param writes folders that it writes into, which are there
 * @param limit how long it may take; whatever it takes if empty
 */
public record Task(
        List<String> words,
        SortedMap<String, String> environment,
        List<Path> reads,
        List<Path> writes,
        Optional<Duration> limit) {

    public Task {
        words = List.copyOf(words);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
    }

    public static Task of(String... words) {
        return new Task(List.of(words), new TreeMap<>(), List.of(), List.of(), Optional.empty());
    }

    public Task and(String... more) {
        return new Task(Stream.concat(words.stream(), Stream.of(more)).toList(), environment, reads, writes, limit);
    }

    public Task with(Map<String, String> variables) {
        SortedMap<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        return new Task(words, all, reads, writes, limit);
    }

    public Task reading(Path... folders) {
        return new Task(
                words,
                environment,
                Stream.concat(reads.stream(), Stream.of(folders)).toList(),
                writes,
                limit);
    }

    public Task writing(Path... folders) {
        return new Task(
                words,
                environment,
                reads,
                Stream.concat(writes.stream(), Stream.of(folders)).toList(),
                limit);
    }

    public Task within(Optional<Duration> time) {
        return new Task(words, environment, reads, writes, time);
    }

    /** What to say of a task that was ended because it took too long. */
    FarmException tookTooLong() {
        return FarmException.farm(
                "the build took longer than the " + limit.orElseThrow().toSeconds()
                        + " s that 'compile.timeout' gives it, and was ended; raise that, or see in the log at what it stood still");
    }
}
