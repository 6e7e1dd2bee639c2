package io.kernelfarm.pipelines.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException.Blame;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tarball by path and by URL; the server is on loopback. */
class TarballSourceTest {

    @TempDir
    private Path folder;

    private final FakeKernel.Notes notes = new FakeKernel.Notes();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Path kernel;
    private Path file;
    private byte[] bytes;
    private String sha256;
    private CacheLayout cache;
    private HttpServer server;

    @BeforeEach
    void make() throws IOException {
        kernel = FakeKernel.make(folder.resolve("linux-6.1-rc4"));
        file = folder.resolve("linux-6.1-rc4.tar.gz");
        FakeKernel.run(folder, "tar", "--create", "--gzip", "--file", file.toString(), "linux-6.1-rc4");
        bytes = Files.readAllBytes(file);
        sha256 = Sha256.of(file);
        cache = new CacheLayout(folder.resolve("cache"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFileBesideTheSpecIsUnpackedAndDescribed() throws IOException {
        KernelSource source = fetch(file.getFileName().toString(), sha256);

        assertThat(FakeKernel.content(source.tree())).isEqualTo(FakeKernel.content(kernel));
        assertThat(source.identity()).isEqualTo("tarball:linux-6.1-rc4.tar.gz@sha256:" + sha256);
        assertThat(source.version()).isEqualTo("6.1.0~rc4-1");
        assertThat(source.timestamp()).isEqualTo(FakeKernel.RELEASED);
        assertThat(source.origin())
                .isEqualTo(new Provenance.Source(
                        "linux",
                        "6.1.0~rc4",
                        "pkg:generic/linux@6.1.0~rc4",
                        new TreeMap<>(Map.of("sha256", sha256)),
                        List.of()));
        assertThat(files(cache.temporary())).isEmpty();
        Files.delete(file);
        assertThat(fetch(file.toString(), sha256)).as("from the cache").isEqualTo(source);
    }

    @Test
    void aWrongFileIsRefusedWithBothDigestsBeforeItIsUnpacked() {
        String other = "ab".repeat(32);

        FakeKernel.assertRefused(Blame.USAGE, () -> fetch(file.toString(), other), sha256, other, file.toString());
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch("nowhere.tar", other), "there is no tarball " + folder.resolve("nowhere.tar"));
        assertThat(cache.tarball(other)).doesNotExist();
    }

    @Test
    void whatIsNoKernelIsRefused() throws IOException {
        for (List<String> without : List.of(List.of("Kconfig"), List.of("Makefile"))) {
            Path other = FakeKernel.make(folder.resolve("other"));
            Files.delete(other.resolve(without.get(0)));
            Path tar = folder.resolve("other.tar");
            FakeKernel.run(folder, "tar", "--create", "--file", tar.toString(), "other");
            FakeKernel.run(folder, "rm", "-r", "other");

            FakeKernel.assertRefused(
                    Blame.USAGE, () -> fetch("other.tar", Sha256.of(tar)), "other.tar is not a kernel's source");
            assertThat(cache.tarball(Sha256.of(tar))).doesNotExist();
        }
    }

    @Test
    void aUrlIsDownloadedOnceAndNothingSecretOfItIsToldOrKept() throws IOException {
        serve(exchange -> {
            if (!("Basic " + Base64.getEncoder().encodeToString("ada:pass word".getBytes(UTF_8)))
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else {
                answer(exchange, bytes, 0, bytes.length);
            }
        });
        String url = url("ada:pass%20word@") + "?token=s3cret";

        KernelSource source = fetch(url, sha256);
        fetch(url, sha256);

        assertThat(asked).containsExactly("/linux-6.1-rc4.tar.gz?token=s3cret");
        assertThat(FakeKernel.content(source.tree())).isEqualTo(FakeKernel.content(kernel));
        assertThat(source.origin().uri()).isEqualTo(url(""));
        assertThat(source.toString() + notes.sentences + new Location(url, folder))
                .doesNotContain("ada", "pass", "s3cret");
        assertThat(files(cache.root().resolve("downloads"))).isEmpty();
        assertThat(files(cache.temporary())).isEmpty();
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch(url("ada:wrong@"), "cd".repeat(32)), url("") + " (HTTP 401)", "password");
    }

    @Test
    void aConnectionThatBreaksIsGoneOnWith() throws IOException {
        serve(exchange -> answer(exchange, bytes, start(exchange), asked.size() < 3 ? bytes.length / 3 : bytes.length));

        assertThat(fetch(url(""), sha256).version()).isEqualTo("6.1.0~rc4-1");
        assertThat(asked).hasSize(3);
        assertThat(notes.sentences).anyMatch(note -> note.contains("broke off"));
    }

    @Test
    void whatAFarmThatWasEndedLeftIsGoneOnWith() throws IOException {
        Files.createDirectories(cache.download(sha256).getParent());
        Files.write(cache.download(sha256), Arrays.copyOf(bytes, 100));
        serve(exchange -> {
            assertThat(start(exchange)).isEqualTo(100);
            answer(exchange, bytes, 100, bytes.length);
        });

        assertThat(fetch(url(""), sha256).version()).isEqualTo("6.1.0~rc4-1");
        assertThat(asked).hasSize(1);
        assertThat(cache.download(sha256)).doesNotExist();
    }

    @Test
    void whatIsLeftOfAnotherFileIsThrownAway() throws IOException {
        serve(exchange -> answer(exchange, bytes, start(exchange), bytes.length));
        Files.createDirectories(cache.download(sha256).getParent());
        for (byte[] left : List.of("of another".getBytes(UTF_8), new byte[2 * bytes.length])) {
            Files.write(cache.download(sha256), left);

            assertThat(fetch(url(""), sha256).version()).isEqualTo("6.1.0~rc4-1");
            FakeKernel.run(folder, "rm", "-r", cache.tarball(sha256).toString());
        }
    }

    @Test
    void aServerThatSendsFilesFromTheirBeginOnlyWillDo() throws IOException {
        Files.createDirectories(cache.download(sha256).getParent());
        Files.write(cache.download(sha256), Arrays.copyOf(bytes, 100));
        serve(exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });

        assertThat(fetch(url(""), sha256).version()).isEqualTo("6.1.0~rc4-1");
    }

    @Test
    void aFileOfTheServersIsRefusedWithBothDigests() throws IOException {
        serve(exchange -> answer(exchange, bytes, start(exchange), bytes.length));
        String other = "ab".repeat(32);

        FakeKernel.assertRefused(Blame.USAGE, () -> fetch(url(""), other), url(""), sha256, other);
        assertThat(cache.download(other)).doesNotExist();
        assertThat(cache.tarball(other)).doesNotExist();
    }

    @Test
    void eachFaultOfTheNetworkHasItsSentence() throws IOException {
        serve(exchange -> exchange.sendResponseHeaders(asked.size() > 4 ? 404 : 503, -1));
        FakeKernel.assertRefused(
                Blame.FARM, () -> fetch(url(""), sha256), "cannot download " + url(""), "503", "check the network");
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch(url(""), sha256), "no file for us at " + url("") + " (HTTP 404)");
        server.stop(0);
        FakeKernel.assertRefused(
                Blame.FARM, () -> fetch(url(""), sha256), "cannot download " + url(""), "check the network");
    }

    @Test
    void aFullDiskIsNamedAndWhatHasComeIsKept() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small disk");
        byte[] large = new byte[300_000];
        serve(exchange -> answer(exchange, large, start(exchange), large.length));
        Path small = Files.createDirectories(cache.download(sha256).getParent());
        FakeKernel.run(folder, "mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", small.toString());
        try {
            FakeKernel.assertRefused(
                    Blame.FARM, () -> fetch(url(""), sha256), "the disk is full at " + cache.download(sha256));
            assertThat(cache.download(sha256)).isNotEmptyFile();
        } finally {
            FakeKernel.run(folder, "umount", small.toString());
        }
    }

    private KernelSource fetch(String tarball, String wanted) throws IOException {
        return new TarballSource(new Location(tarball, folder), wanted, null).fetch(cache, notes);
    }

    private String url(String user) {
        return "http://" + user + "127.0.0.1:" + server.getAddress().getPort() + "/linux-6.1-rc4.tar.gz";
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private void serve(Handler handler) {
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    /** From where on the client wants the file. */
    private static int start(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    }

    /** Says that all from {@code start} on comes, and breaks off after {@code count} bytes. */
    private static void answer(HttpExchange exchange, byte[] content, int start, int count) throws IOException {
        if (start >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (start > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
        exchange.getResponseBody().write(content, start, Math.min(count, content.length - start));
        exchange.getResponseBody().flush();
    }

    private static List<Path> files(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.toList();
        }
    }
}
