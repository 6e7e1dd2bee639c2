package io.kernelfarm.pipelines;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Every process that the farm starts carries a mark in its environment, so that all of them and their children can be
 * found and ended: also those whose parent died first and that no longer hang on the farm's process tree.
 */
public final class ChildProcesses {

    private static final String MARK_NAME = "KERNEL_FARM_PROCESS";
    private static final String MARK = ProcessHandle.current().pid() + "-"
            + ProcessHandle.current()
                    .info()
                    .startInstant()
                    .map(start -> start.toEpochMilli())
                    .orElse(0L);

    private static boolean stopping;

    /** What else is to be ended: see {@link #alsoEnding}. */
    private static final Set<Runnable> OTHERS = new LinkedHashSet<>();

    /** How long after a child's death the farm's own signal may come. */
    static final Duration SIGNALS_APART = Duration.ofSeconds(1);

    private ChildProcesses() {}

    /** Thrown where a process would be started or was waited for while the farm is being stopped. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public StoppedException() {
            super("stopped on request");
        }
    }

    /** Starts {@code builder}'s process without an input of its own: the terminal stays the farm's. */
    public static synchronized Process start(ProcessBuilder builder) throws IOException {
        if (stopping) {
            throw new StoppedException();
        }
        builder.redirectInput(new File("/dev/null"));
        builder.environment().put(MARK_NAME, MARK);
        return builder.start();
    }

    /** Has {@link #stopAll} call {@code end} as well, for what is at work and is no process of this one: a container. */
    public static synchronized void alsoEnding(Runnable end) {
        if (stopping) {
            throw new StoppedException();
        }
        OTHERS.add(end);
    }

    /** What {@code end} ends is at its end. */
    public static synchronized void ended(Runnable end) {
        OTHERS.remove(end);
    }

    /**
     * Looks at the end of a child.
     *
     * @param exit its exit code
     * @throws StoppedException if it was ended because the farm is
     */
    public static void checkEnd(int exit) {
        if (exit == 0 ? stopping() : stoppingWithin(SIGNALS_APART)) {
            throw new StoppedException();
        }
    }

    public static synchronized boolean stopping() {
        return stopping;
    }

    /**
     * Whether the farm is being stopped, or will be within {@code patience}: Ctrl-C and Jenkins' abort end the children
     * at the same time as the farm, or before it, and a child that died of that is nobody's fault.
     */
    public static synchronized boolean stoppingWithin(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toMillis(); !stopping && left > 0; ) {
                ChildProcesses.class.wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return stopping;
    }

    /**
     * Ends all children and their children: TERM, and KILL for whoever is left after {@code grace}. No process can be
     * started through this class from then on.
     *
     * @return whether none is left
     */
    public static boolean stopAll(Duration grace) {
        List<Runnable> others;
        synchronized (ChildProcesses.class) {
            stopping = true;
            ChildProcesses.class.notifyAll();
            others = List.copyOf(OTHERS);
        }
        others.forEach(Runnable::run);
        return end(ChildProcesses::alive, grace);
    }

    /**
     * Ends whomever {@code alive} finds, which is asked again and again: TERM, and KILL for whoever is left after {@code grace}, or when
     * this thread is interrupted.
     *
     * @return whether none is left
     */
    static boolean end(Supplier<Set<ProcessHandle>> alive, Duration grace) {
        long start = System.nanoTime();
        Set<ProcessHandle> asked = new LinkedHashSet<>();
        while (true) {
            Set<ProcessHandle> left = alive.get();
            if (left.isEmpty()) {
                return true;
            }
            long waited = System.nanoTime() - start;
            if (waited > grace.multipliedBy(2).toNanos()) {
                return false;
            }
            for (ProcessHandle process : left) {
                if (waited > grace.toNanos()) {
                    process.destroyForcibly();
                } else if (asked.add(process)) {
                    process.destroy();
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                alive.get().forEach(ProcessHandle::destroyForcibly);
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** The living processes that this farm, directly or not, has started. */
    static Set<ProcessHandle> alive() {
        Set<ProcessHandle> alive = new LinkedHashSet<>();
        ProcessHandle.current().descendants().forEach(alive::add);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (carriesMark(process)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(alive::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        alive.remove(ProcessHandle.current());
        alive.removeIf(process -> !runs(process));
        return alive;
    }

    /** Whether {@code process} still runs. A zombie does not: it only waits for whoever inherited it to ask (proc(5)). */
    static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"), ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    /** Whoever of {@code family} and its children still runs; they join it, for an orphan is nobody's child any more. */
    static Set<ProcessHandle> alive(Set<ProcessHandle> family) {
        List.copyOf(family).forEach(process -> process.descendants().forEach(family::add));
        family.removeIf(process -> !runs(process));
        return Set.copyOf(family);
    }

    private static boolean carriesMark(Path process) {
        try {
            String environment = "\0" + Files.readString(process.resolve("environ"), ISO_8859_1);
            return environment.contains("\0" + MARK_NAME + "=" + MARK + "\0");
        } catch (IOException e) {
            return false; // Another user's, or gone in the meantime.
        }
    }
}
