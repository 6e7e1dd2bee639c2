package io.kernelfarm.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder in which something is made before it is moved, whole, to its place in the cache. Its name starts with the
 * process id of the farm that made it, so that the next farm can remove what a dead one left.
 */
final class Scratch implements AutoCloseable {

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch in(CacheLayout cache) throws IOException {
        Files.createDirectories(cache.temporary());
        return new Scratch(Files.createTempDirectory(
                cache.temporary(), ProcessHandle.current().pid() + "-"));
    }

    Path folder() {
        return folder;
    }

    /** Moves {@code made}, something in this folder, to {@code place}, in one step. */
    static void deliver(Path made, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    /** Removes the folders of this process. */
    static void closeAll(CacheLayout cache) throws IOException {
        for (Path folder : folders(cache)) {
            if (owner(folder) == ProcessHandle.current().pid()) {
                delete(folder);
            }
        }
    }

    /** Removes the folders of processes that are no more. */
    static void sweep(CacheLayout cache) throws IOException {
        for (Path folder : folders(cache)) {
            if (ProcessHandle.of(owner(folder)).isEmpty()) {
                delete(folder);
            }
        }
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

    /** Removes {@code tree} and all in it, if it is there. */
    static void delete(Path tree) throws IOException {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Nothing there: as wished.
        }
    }
}
