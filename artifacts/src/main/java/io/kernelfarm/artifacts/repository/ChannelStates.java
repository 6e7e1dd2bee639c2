package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.DirectoryTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The states of channels: each a directory {@code states/<channel>/<number>}, never changed once it is whole; a link leads to
 * the one that clients see. Whoever is killed leaves a directory that no link leads to, and the next publisher removes it.
 *
 * @param links the directory of the links, which have the channels' names
 */
record ChannelStates(Path root, Path links, Duration superseded) {
    /** Files of the pool that the state's publisher meant to add; it stands in every state. */
    private static final String ADDING = ".adding";

    /** Files of the pool that the state before names, and this one does not. */
    private static final String DROPPED = ".dropped";

    /** Files that clients may ask for by what an older state told them. */
    private static final String LASTING = ".lasting";

    private static final String RECORDS = ".records";
    private static final String UNFINISHED = ".new-";
    private static final String EXPIRED = ".old-";

    private Path states() {
        return root.resolve("states");
    }

    Path record(Path state, String shelf) {
        return state.resolve(RECORDS).resolve(shelf);
    }

    /** The shelves of a state. */
    List<String> shelves(Path state) throws IOException {
        return names(state.resolve(RECORDS));
    }

    /** The state that clients see. */
    Optional<Path> current(String channel) throws IOException {
        Path link = links.resolve(channel);
        if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(link + " was made by an older Kernel Farm; remove " + root + " and publish again");
        }
        return Files.exists(link) ? Optional.of(link.toRealPath()) : Optional.empty();
    }

    /** Whether the state has what this program keeps beside the lists; a copy made without hidden files has not. */
    boolean isRecorded(Path state) {
        return Files.exists(state.resolve(LASTING));
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** The number of the next state: milliseconds since 1970, and higher than any before. */
    long next(String channel) throws IOException {
        long now = Instant.now().toEpochMilli();
        List<Path> finished = finished(channel);
        return finished.isEmpty() ? now : Math.max(now, number(finished.get(finished.size() - 1)) + 1);
    }

    private static long number(Path state) {
        return Long.parseLong(state.getFileName().toString());
    }

    private List<Path> finished(String channel) throws IOException {
        Path directory = states().resolve(channel);
        return names(directory).stream()
                .filter(name -> !name.startsWith("."))
                .sorted()
                .map(directory::resolve)
                .toList();
    }

    private static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    /** Starts a state that nobody sees yet. */
    Path begin(String channel, long number, Collection<String> adding) throws IOException {
        Path state = states().resolve(channel).resolve(UNFINISHED + String.format("%013d", number));
        Files.createDirectories(state);
        Files.write(state.resolve(ADDING), adding);
        return state;
    }

    /**
     * Shows the state to clients.
     *
     * @param lasting its files that stay when it is superseded
     * @param dropped files of the pool that it no longer names
     */
    void show(Path begun, String channel, Collection<String> lasting, Collection<String> dropped) throws IOException {
        Files.write(begun.resolve(LASTING), lasting);
        Files.write(begun.resolve(DROPPED), dropped);
        date(begun, channel);
        Path state = begun.resolveSibling(begun.getFileName().toString().substring(UNFINISHED.length()));
        List<Path> all = new ArrayList<>(finished(channel));
        all.add(state);
        for (int i = 0; i + 1 < all.size(); i++) {
            if (!isOver(all.get(i + 1))) {
                Path before = all.get(i);
                for (String file : lines(before.resolve(LASTING))) {
                    carry(before.resolve(file), begun.resolve(file));
                }
            }
        }
        Files.move(begun, state, StandardCopyOption.ATOMIC_MOVE);
        Files.createDirectories(links);
        Path link = links.resolve("." + channel + ".new");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, links.relativize(state));
        Files.move(link, links.resolve(channel), StandardCopyOption.ATOMIC_MOVE);
    }

    /** HTTP dates files by whole seconds: a client takes a newer state of the same second for the one that it has. */
    private void date(Path begun, String channel) throws IOException {
        Instant date = Instant.now();
        Optional<Path> last = current(channel).map(state -> state.resolve(LASTING));
        if (last.isPresent() && Files.exists(last.get())) {
            Instant next = Files.getLastModifiedTime(last.get())
                    .toInstant()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .plusSeconds(1);
            date = next.isAfter(date) ? next : date;
        }
        try (Stream<Path> files = Files.walk(begun)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.setLastModifiedTime(file, FileTime.from(date));
            }
        }
    }

    private static void carry(Path file, Path into) throws IOException {
        Files.createDirectories(into.getParent());
        try {
            Files.createLink(into, file);
        } catch (FileAlreadyExistsException e) {
            // The same bytes under the name of their digest.
        }
    }

    /** Removes what was never shown, with what was pooled for it. */
    void removeUnfinished() throws IOException {
        for (String channel : names(states())) {
            Optional<Path> current = current(channel);
            for (String name : names(states().resolve(channel))) {
                Path state = states().resolve(channel).resolve(name);
                if (name.startsWith(EXPIRED)) {
                    DirectoryTree.delete(state);
                } else if (name.startsWith(UNFINISHED) || current.isEmpty() || number(state) > number(current.get())) {
                    abandon(state);
                }
            }
        }
    }

    /** Removes a state that was never shown. */
    void abandon(Path state) throws IOException {
        removeUnnamed(lines(state.resolve(ADDING)), Set.of(state));
        if (Files.exists(state)) {
            DirectoryTree.delete(state);
        }
    }

    /** Removes states whose time is over, and files of the pool that no state names any more. */
    void removeExpired(String channel) throws IOException {
        List<Path> finished = finished(channel);
        Set<Path> expired = new HashSet<>();
        List<String> dropped = new ArrayList<>();
        for (int i = 0; i + 1 < finished.size(); i++) {
            Path after = finished.get(i + 1);
            if (isOver(after)) {
                expired.add(finished.get(i));
                dropped.addAll(lines(after.resolve(DROPPED)));
            }
        }
        removeUnnamed(dropped, expired);
        for (Path state : expired) {
            Path old = state.resolveSibling(EXPIRED + state.getFileName());
            Files.move(state, old, StandardCopyOption.ATOMIC_MOVE);
            DirectoryTree.delete(old);
        }
    }

    /** Whether what this state superseded has stayed long enough. */
    private boolean isOver(Path state) {
        return number(state) <= Instant.now().minus(superseded).toEpochMilli();
    }

    private void removeUnnamed(Collection<String> paths, Set<Path> without) throws IOException {
        if (paths.isEmpty()) {
            return;
        }
        Set<String> unnamed = new HashSet<>(paths);
        for (String channel : names(states())) {
            for (Path state : finished(channel)) {
                if (!without.contains(state)) {
                    if (!isRecorded(state)) {
                        return;
                    }
                    for (String shelf : shelves(state)) {
                        unnamed.removeAll(Shelf.paths(record(state, shelf)));
                    }
                }
            }
        }
        for (String path : unnamed) {
            Path directory = root.resolve(path).getParent();
            if (Files.isDirectory(directory)) {
                DirectoryTree.delete(directory);
                removeEmpty(directory.getParent());
            }
        }
    }

    private void removeEmpty(Path directory) throws IOException {
        if (!directory.equals(root) && names(directory).isEmpty()) {
            Files.delete(directory);
            removeEmpty(directory.getParent());
        }
    }
}
