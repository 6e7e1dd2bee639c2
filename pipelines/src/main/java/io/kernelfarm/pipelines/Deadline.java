package io.kernelfarm.pipelines;

import java.time.Duration;
import java.util.Optional;

/** Ends what takes longer than it may. */
public final class Deadline implements AutoCloseable {

    private final Thread watch;
    private volatile boolean passed;

    private Deadline(Optional<Duration> limit, Runnable end) {
        watch = new Thread(
                () -> {
                    try {
                        Thread.sleep(limit.orElseThrow().toMillis());
                    } catch (InterruptedException e) {
                        return; // It came to its own end.
                    }
                    passed = true;
                    end.run();
                },
                "deadline");
        watch.setDaemon(true);
        if (limit.isPresent()) {
            watch.start();
        }
    }

    /** Calls {@code end} on a thread of its own if {@code limit} passes before this is closed. Without one nothing happens. */
    public static Deadline in(Optional<Duration> limit, Runnable end) {
        return new Deadline(limit, end);
    }

    public boolean hasPassed() {
        return passed;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
