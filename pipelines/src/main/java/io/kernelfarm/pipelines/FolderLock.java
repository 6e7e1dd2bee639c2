package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other farm processes away from a folder of the cache. The operating system ends the lock if this one dies. */
public final class FolderLock {

    private FolderLock() {}

    /** Waits until nobody else has {@code folder}, and does {@code work}. The lock file lies beside the folder. */
    public static <T> T holding(Path folder, Progress progress, FileWork<T> work) throws IOException {
        Files.createDirectories(folder.getParent());
        Path file = folder.resolveSibling(folder.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
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
