package io.kernelfarm.artifacts;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same work on several things at once, one for each processor. */
public final class SideBySide {
    private SideBySide() {}

    /** The work on one thing. */
    public interface Work<T, R> {
        R on(T one) throws IOException;
    }

    /**
     * The results, in the order of the things.
     *
     * @throws IOException what the work on one of them threw; none is still being worked on then
     */
    public static <T, R> List<R> map(Collection<T> things, Work<T, R> work) throws IOException {
        int threads = Math.min(things.size(), Runtime.getRuntime().availableProcessors());
        List<R> results = new ArrayList<>();
        if (threads < 2) {
            for (T one : things) {
                results.add(work.on(one));
            }
            return results;
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<R>> underway = executor.invokeAll(
                    things.stream().<Callable<R>>map(one -> () -> work.on(one)).toList());
            for (Future<R> one : underway) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while several things were worked on");
        } finally {
            executor.shutdownNow();
        }
    }
}
