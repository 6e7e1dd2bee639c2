package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Keeps other farm processes away from a folder of the cache. The operating system ends the lock if this one dies. The lock file lies beside the
 * folder, stays there, and its time is when somebody last took it.
 */
public final class FolderLock {

    static final String SUFFIX = ".lock";

    private FolderLock() {}

    /** Work with files that has no result. */
    @FunctionalInterface
    interface Doing {
        void run() throws IOException;
    }

    /** The lock file of {@code folder}. */
    static Path file(Path folder) {
        return folder.resolveSibling(folder.getFileName() + SUFFIX);
    }

    /**
     * Does {@code work} if nobody else has {@code folder}.
     *
     * @return whether it was done
     */
    static boolean tryHolding(Path folder, Doing work) throws IOException {
        try (FileChannel channel = FileChannel.open(file(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockNow(channel)) {
            if (lock == null) {
                return false;
            }
            work.run();
            return true;
        }
    }

    /** Null if somebody has it, in this process or another. */
    private static FileLock lockNow(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Waits until nobody else has {@code folder}, and does {@code work}. */
    public static <T> T holding(Path folder, Progress progress, FileWork<T> work) throws IOException {
        Files.createDirectories(folder.getParent());
        Path file = file(folder);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Before it is locked: Java opens the file for this, and a process that closes a file loses its locks
            // (fcntl(2)).
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            FileLock lock = channel.tryLock();
            if (lock == null) {
                progress.note("waiting for another farm that is using " + folder);
                lock = channel.lock();
            }
            try {
                return work.run();
            } finally {
                lock.release();
            }
        }
    }
}
