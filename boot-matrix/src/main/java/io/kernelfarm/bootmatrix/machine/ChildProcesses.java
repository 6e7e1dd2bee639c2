package io.kernelfarm.bootmatrix.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Starts processes that must not outlive the farm, whatever ends it: {@code setpriv --pdeathsig} has the kernel kill them
 * when their parent goes. The signal comes when the <em>thread</em> that started them ends (prctl(2)), so one thread that
 * never ends starts them all.
 */
public final class ChildProcesses {

    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "process-starter");
        thread.setDaemon(true);
        return thread;
    });

    private ChildProcesses() {}

    /**
     * Starts a process. An interrupt does not keep it from starting; the thread stays marked as interrupted.
     *
     * @throws IOException if the program cannot be run
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        command.addAll(builder.command());
        builder.command(command);
        Future<Process> started = STARTER.submit(builder::start);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException e) {
                    // Starting takes a moment, and a process that nobody holds could not be stopped.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
