package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's Chromium, without a window. Each call is a browser of its own with an empty profile. */
final class Chromium {

    private static final String PROGRAM = "chromium";
    private static final long PATIENCE_SECONDS = 120;

    private final Path work;

    /** @param work a folder for profiles and outputs */
    Chromium(Path work) {
        this.work = work;
    }

    /** What a page became in the browser, and what the browser wrote to its console meanwhile. */
    record Opened(String dom, List<String> console) {}

    Opened open(String url) throws IOException, InterruptedException {
        Path out = Files.createTempFile(work, "dom", ".html");
        List<String> console = run(out, url, "--dump-dom");
        return new Opened(Files.readString(out), console);
    }

    /** Writes a picture of {@code width} by {@code height} CSS pixels, and returns the browser's console. */
    List<String> screenshot(String url, Path png, int width, int height, boolean dark)
            throws IOException, InterruptedException {
        Files.createDirectories(png.getParent());
        return run(
                Files.createTempFile(work, "screenshot", ".out"),
                url,
                "--screenshot=" + png.toAbsolutePath(),
                "--window-size=" + width + "," + height,
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + (dark ? "0" : "1"));
    }

    private List<String> run(Path out, String url, String... options) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory(work, "profile");
        Path log = Files.createTempFile(work, "chromium", ".log");
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // Whatever a page asks of another host fails, and the console says so.
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add(url);
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("chromium did not come to an end with " + url);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("chromium failed with " + url + ": " + Files.readString(log));
        }
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(":CONSOLE"))
                .toList();
    }
}
