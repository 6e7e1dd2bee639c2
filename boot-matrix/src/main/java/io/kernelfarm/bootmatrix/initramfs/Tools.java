package io.kernelfarm.bootmatrix.initramfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs small programs of the distribution to their end. */
public final class Tools {

    private Tools() {}

    /**
     * Runs {@code command} without input and waits for it.
     *
     * @throws IOException with the program's last words, if it cannot be run or does not end with 0
     */
    public static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (Thread.interrupted()) { // Of a program that has ended, waitFor does not look.
                throw new InterruptedException();
            }
            if (status != 0) {
                throw new IOException(
                        String.join(" ", List.of(command)) + " ended with status " + status + ": " + lastLine(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command[0], e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lastLine(String output) {
        return output.substring(output.lastIndexOf('\n') + 1);
    }
}
