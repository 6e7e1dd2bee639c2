package io.kernelfarm.artifacts.repository;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one publisher after the other into a repository, whether in this program or in another one. */
public final class RepositoryLock {
    /** A file lock is the whole program's: it does not keep its own threads apart. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private RepositoryLock() {}

    /** What is done while nobody else publishes. */
    public interface Publication<T> {
        T run() throws IOException;
    }

    public static <T> T hold(Path root, Publication<T> publication) throws IOException {
        Files.createDirectories(root);
        THREADS.lock();
        try (FileChannel file =
                        FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock on " + root + " was lost");
            }
            return publication.run();
        } finally {
            THREADS.unlock();
        }
    }
}
