package io.kernelfarm.pipelines;

import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a page of the dashboard takes in a real Chromium, over HTTP as {@code farm serve} sends it, with nothing of it kept from
 * before. A page beside it holds it in a frame and reports what the browser says of it.
 *
 * @param interactive milliseconds until the page could be used
 * @param shown milliseconds until what was looked for was there
 * @param bytes that went over the wire, headers included
 */
public record PageTiming(double interactive, double shown, long bytes) {

    private static final String PROGRAM = "chromium";
    private static final long PATIENCE_SECONDS = 120;
    private static final String FRAME = "timing.html";

    /**
     * Opens a page once.
     *
     * @param page its address below the dashboard's
     * @param shown selector of what is waited for
     */
    static PageTiming of(OutLayout out, String page, String shown, Path work) throws IOException {
        Path frame = out.dashboard().root().resolve(FRAME);
        CompletableFuture<String> report = new CompletableFuture<>();
        HttpServer reports = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        reports.createContext("/", exchange -> {
            report.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        reports.start();
        try (FileServer pages = FileServer.start(out, "127.0.0.1", 0)) {
            Files.writeString(frame, html(page, shown, reports.getAddress().getPort()));
            Process browser = ChildProcesses.start(new ProcessBuilder(
                            PROGRAM,
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--no-first-run",
                            "--window-size=1280,900",
                            "--user-data-dir=" + Files.createTempDirectory(work, "profile"),
                            pages.url() + "/" + FRAME)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD));
            try {
                String[] told = report.get(PATIENCE_SECONDS, TimeUnit.SECONDS).split(" ", -1);
                return new PageTiming(
                        Double.parseDouble(told[0]), Double.parseDouble(told[1]), Long.parseLong(told[2]));
            } finally {
                browser.descendants().forEach(ProcessHandle::destroyForcibly);
                browser.destroyForcibly();
                // It writes to its profile until it is gone.
                browser.waitFor();
            }
        } catch (ExecutionException | TimeoutException e) {
            throw FarmException.farm("Chromium did not show " + page + " within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildProcesses.StoppedException();
        } finally {
            reports.stop(0);
            Files.deleteIfExists(frame);
        }
    }

    private static String html(String page, String shown, int port) {
        return """
                <!doctype html>
                <title>Timing</title>
                <iframe src="%s" width="1280" height="900"></iframe>
                <script>
                const { contentWindow: page } = document.querySelector("iframe");
                const look = () => {
                  const [one] = page.performance.getEntriesByType("navigation");
                  if (!one || !one.loadEventEnd || !page.document.querySelector("%s")) {
                    setTimeout(look, 2);
                    return;
                  }
                  const now = page.performance.now();
                  const all = [one, ...page.performance.getEntriesByType("resource")];
                  const bytes = all.reduce((sum, { transferSize }) => sum + transferSize, 0);
                  fetch("http://127.0.0.1:%d/", { method: "POST", mode: "no-cors", body: `${one.domInteractive} ${now} ${bytes}` });
                };
                look();
                </script>
                """.formatted(page, shown, port);
    }
}
