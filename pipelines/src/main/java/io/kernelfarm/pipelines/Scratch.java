package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder in which something is made before it is moved, whole, to its place in the cache. Its name starts with the
 * process id of the farm that made it, so that the next farm can remove what a dead one left.
 */
public final class Scratch implements AutoCloseable {

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /** A new one. */
    public static Scratch in(CacheLayout cache) throws IOException {
        Files.createDirectories(cache.temporary());
        return new Scratch(Files.createTempDirectory(
                cache.temporary(), ProcessHandle.current().pid() + "-"));
    }

    public Path folder() {
        return folder;
    }

    /** Moves {@code made}, something in this folder, to {@code place}, in one step. */
    public static void deliver(Path made, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        FileTrees.delete(folder);
    }

    /** Removes the folders of this process. */
    static void closeAll(CacheLayout cache) throws IOException {
        for (Path folder : folders(cache)) {
            if (owner(folder) == ProcessHandle.current().pid()) {
                FileTrees.delete(folder);
            }
        }
    }

    /**
     * Removes the folders of processes that are no more.
     *
     * @return whether there was one: a farm died at its work
     */
    static boolean sweep(CacheLayout cache) throws IOException {
        boolean found = false;
        for (Path folder : folders(cache)) {
            if (ProcessHandle.of(owner(folder)).isEmpty()) {
                FileTrees.delete(folder);
                found = true;
            }
        }
        return found;
    }

    private static List<Path> folders(CacheLayout cache) throws IOException {
        if (!Files.isDirectory(cache.temporary())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(cache.temporary())) {
            return folders.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long owner(Path folder) {
        String name = folder.getFileName().toString();
        try {
            return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('-'))));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
