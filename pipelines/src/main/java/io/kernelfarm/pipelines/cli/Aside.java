package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Hands things on in a thread of its own, in their order. Whoever boots machines never waits for a reader of what is told of
 * it: a terminal that was stopped, or a pipe that nobody empties, would make boots run into their time-outs.
 */
final class Aside<T> {

    private final Consumer<T> consumer;
    private final Queue<T> waiting = new ArrayDeque<>();
    private boolean busy;

    Aside(String name, Consumer<T> consumer) {
        this.consumer = consumer;
        Thread thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code listener} in a thread of its own. When the run is over, it has heard everything. */
    static RunListener listener(String name, RunListener listener) {
        Aside<RunEvent> aside = new Aside<>(name, listener::on);
        return event -> {
            aside.put(event);
            aside.drainAtTheEnd(event);
        };
    }

    synchronized void put(T thing) {
        waiting.add(thing);
        notifyAll();
    }

    /** Waits until all is handed on, {@code patience} at most. */
    synchronized void drain(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (busy || !waiting.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits if {@code event} is a run's last. Who was interrupted has no time for a reader that does not read. */
    void drainAtTheEnd(RunEvent event) {
        if (event instanceof RunEvent.RunFinished) {
            drain(Duration.ofDays(1));
        } else if (event instanceof RunEvent.RunInterrupted) {
            drain(Duration.ofSeconds(2));
        }
    }

    private void work() {
        try {
            while (true) {
                consumer.accept(next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized T next() throws InterruptedException {
        busy = false;
        notifyAll();
        while (waiting.isEmpty()) {
            wait();
        }
        busy = true;
        return waiting.remove();
    }
}
