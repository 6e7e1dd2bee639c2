package io.kernelfarm.configs;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs the configuration targets of the kernel's own Makefile, on this host. */
final class KconfigTool {
    private static final String LOG = ".kernel-farm-kconfig.log";
    private static final int LINES_IN_MESSAGE = 15;
    private static final int SECONDS_TO_END = 5;

    private KconfigTool() {}

    /** The call that makes targets. */
    static List<String> command(KernelTree tree, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of("make", "-C", tree.source().toString(), "O=" + tree.objects(), "ARCH=" + tree.arch()));
        if (!tree.toolPrefix().isEmpty()) {
            command.add("CROSS_COMPILE=" + tree.toolPrefix());
        }
        command.addAll(arguments);
        return command;
    }

    /**
     * Runs such a call.
     *
     * @throws KconfigException if it ends with an error; the message has the end of its output
     * @throws InterruptedException after make and what it started have been ended
     */
    static void run(KernelTree tree, List<String> command) throws IOException, InterruptedException {
        Path log = tree.objects().resolve(LOG);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Kbuild takes orders from its environment (KCONFIG_*, KBUILD_*, LLVM, W, V, MAKEFLAGS): what is resolved must
        // not depend on the terminal that somebody happened to start us from.
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR"));
        builder.environment().put("LC_ALL", "C");
        Process make;
        try {
            make = builder.start();
        } catch (IOException e) {
            throw new KconfigException("cannot start make; install the packages make, gcc, flex and bison", e);
        }
        try {
            int status = make.waitFor();
            if (status != 0) {
                throw new KconfigException("make " + command.get(command.size() - 1) + " ended with status " + status
                        + " in " + tree.source() + ":\n" + end(log));
            }
        } finally {
            end(make);
        }
    }

    private static String end(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_IN_MESSAGE), lines.size()));
    }

    /** Ends {@code process} and all that it started, the gentle way first. */
    private static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> family =
                new ArrayList<>(process.toHandle().descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroy);
        boolean isInterrupted = Thread.interrupted();
        try {
            process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            isInterrupted = true;
        } finally {
            family.forEach(ProcessHandle::destroyForcibly);
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
