package io.kernelfarm.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.pipelines.Curl;
import io.kernelfarm.pipelines.Curl.Answer;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.OutLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real curl asks. */
class FileServerTest {

    private static final String CONTENT = "0123456789abcdefghij";
    private static final FileTime PAST = FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    private Path folder;

    private OutLayout out;
    private FileServer server;
    private Path index;

    @BeforeEach
    void serve() throws IOException {
        out = new OutLayout(folder.resolve("out"));
        index = put("repository/apt/dists/testing/Release", CONTENT);
        Files.setLastModifiedTime(index, PAST);
        put("dashboard/index.html", "<p>home");
        put("dashboard/runs/r1/index.html", "<p>run");
        put("runs/r1/boot/matrix.json", "{}");
        put("runs/r1/boot/kcidb.json", "{}");
        put("runs/r1/boot/consoles/pv.log", "console");
        put("runs/r1/boot/work/disk", "secret");
        put("runs/r1/packages/kernel.deb", "deb");
        put("runs/r1/config/config", "CONFIG_XEN=y");
        put("runs/r1/config/origins.json", "{}");
        put("runs/r1/run.json", "the spec");
        put("runs/r1/build/build.log", "the log");
        put("secret", "secret");
        put("repository/apt/.lock", "secret");
        put("repository/kernel-farm.asc", "key");
        Files.createSymbolicLink(out.aptRepository().resolve("link"), out.root().resolve("secret"));
        server = FileServer.start(out, "127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path put(String name, String text) throws IOException {
        Path file = out.root().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Answer get(String path, String... options) {
        return Curl.get(server.url() + path, options);
    }

    @Test
    void dashboardRepositoriesAndKeyAreServedWithTheirTypes() throws IOException {
        assertThat(get("/").body()).isEqualTo("<p>home");
        assertThat(get("/").header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(get("/runs/r1/").body()).isEqualTo("<p>run");
        assertThat(get("/runs/r1").status()).isEqualTo(301);
        assertThat(get("/runs/r1").header("Location")).isEqualTo("/runs/r1/");
        assertThat(get("/runs/r1/boot/matrix.json").header("Content-Type")).isEqualTo("application/json");
        assertThat(get("/runs/r1/boot/kcidb.json").status()).isEqualTo(200);
        assertThat(get("/runs/r1/boot/consoles/pv.log").header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(get("/runs/r1/packages/kernel.deb").header("Content-Type"))
                .isEqualTo("application/vnd.debian.binary-package");
        assertThat(get("/runs/r1/config/config").body()).isEqualTo("CONFIG_XEN=y");
        assertThat(get("/kernel-farm.asc").body()).isEqualTo("key");
        for (String path : List.of("/apt/dists/testing/Release", "/repository/apt/dists/testing/Release")) {
            assertThat(get(path).body()).isEqualTo(CONTENT);
            assertThat(get(path).header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret",
                "/../secret",
                "/apt/../../secret",
                "/%2e%2e/secret",
                "/..%2fsecret",
                "/apt/%2e%2e%2f%2e%2e%2fsecret",
                "/apt/link",
                "/apt/.lock",
                "/apt/%2elock",
                "/runs/r1/run.json",
                "/runs/r1/boot/work/disk",
                "/runs/r1/boot",
                "/runs/r1/config/origins.json",
                "/runs/r1/build/build.log",
                "/runs/r1/packages/..%2frun.json",
                "/runs/../../secret",
                "/runs/%2e%2e/boot/matrix.json",
                "/apt/dists",
                "/apt/dists/",
                "/apt/dists/testing/Release/",
                "/apt/%00",
                "/nothing"
            })
    void nothingElseIs(String path) throws IOException {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("nothing here\n");
    }

    @Test
    void aRangeIsServedAndOneBehindTheEndIsRefused() {
        Answer part = get("/apt/dists/testing/Release", "--range", "2-4");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");
        assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/20");
        assertThat(get("/apt/dists/testing/Release", "--range", "-3").body()).isEqualTo("hij");

        Answer behind = get("/apt/dists/testing/Release", "--range", "20-");
        assertThat(behind.status()).isEqualTo(416);
        assertThat(behind.header("Content-Range")).isEqualTo("bytes */20");
        assertThat(behind.body()).isEmpty();
    }

    @Test
    void theRestOfAFileIsGivenOnlyIfItIsStillTheSame() throws IOException {
        Answer whole = get("/apt/dists/testing/Release");
        String tag = whole.header("ETag");
        String modified = whole.header("Last-Modified");
        assertThat(tag).matches("\"[0-9a-f-]+\"");
        assertThat(modified).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
        for (String condition : List.of(tag, modified)) {
            assertThat(rest(condition).status()).as(condition).isEqualTo(206);
        }
        for (String condition :
                List.of("\"another\"", "W/" + tag, "Fri, 02 Jan 2026 03:04:04 GMT", "Fri, 02 Jan 2027 03:04:05 GMT")) {
            assertThat(rest(condition).body()).as(condition).isEqualTo(CONTENT);
        }

        // Of the same size and time, but another file.
        Path other = put("repository/apt/dists/testing/.new", "jihgfedcba9876543210");
        Files.setLastModifiedTime(other, PAST);
        Files.move(other, index, StandardCopyOption.ATOMIC_MOVE);
        assertThat(rest(tag).body()).isEqualTo("jihgfedcba9876543210");

        // What was written in this very second may be written once more in it.
        Files.setLastModifiedTime(index, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(rest(get("/apt/dists/testing/Release").header("Last-Modified"))
                        .status())
                .isEqualTo(200);
    }

    private Answer rest(String condition) {
        return get("/apt/dists/testing/Release", "--range", "10-", "--header", "If-Range: " + condition);
    }

    @Test
    void whatTheClientHasIsNotSentAgain() throws IOException {
        Answer whole = get("/apt/dists/testing/Release");
        String tag = whole.header("ETag");
        for (String condition : List.of(
                "If-None-Match: " + tag,
                "If-None-Match: W/" + tag,
                "If-None-Match: \"x\", " + tag,
                "If-None-Match: *",
                "If-Modified-Since: " + whole.header("Last-Modified"),
                "If-Modified-Since: Fri, 02 Jan 2026 03:04:06 GMT")) {
            Answer same = get("/apt/dists/testing/Release", "--header", condition);
            assertThat(same.status()).as(condition).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(same.header("ETag")).isEqualTo(tag);
        }
        for (String condition : List.of(
                "If-None-Match: \"x\"",
                "If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT",
                "If-Modified-Since: yesterday",
                "If-Match: " + tag,
                "If-Unmodified-Since: " + whole.header("Last-Modified"))) {
            assertThat(get("/apt/dists/testing/Release", "--header", condition).status())
                    .as(condition)
                    .isEqualTo(200);
        }
        for (String condition : List.of(
                "If-Match: \"x\"", "If-Match: W/" + tag, "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT")) {
            assertThat(get("/apt/dists/testing/Release", "--header", condition).status())
                    .as(condition)
                    .isEqualTo(412);
        }
    }

    @Test
    void textIsCompressedForThoseWhoTakeIt() throws IOException {
        String text = "<p>a cell that passed</p>\n".repeat(2000);
        put("dashboard/index.html", text);
        Answer plain = get("/");
        assertThat(plain.header("Content-Encoding")).isEmpty();
        assertThat(plain.header("Content-Length")).isEqualTo(Integer.toString(text.length()));
        assertThat(plain.header("Vary")).isEqualTo("Accept-Encoding");

        Answer small = get("/", "--compressed");
        assertThat(small.body()).isEqualTo(text);
        assertThat(small.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(small.header("Vary")).isEqualTo("Accept-Encoding");
        Path sent = folder.resolve("sent");
        get("/", "--header", "Accept-Encoding: gzip", "--output", sent.toString());
        assertThat(Files.size(sent)).isLessThan(text.length() / 20);
        assertThat(get("/", "--compressed", "--http1.0").body()).isEqualTo(text);

        // Other bytes, another tag, and each is the one that its own client has.
        String tag = small.header("ETag");
        assertThat(tag).matches("\"[0-9a-f-]+-gzip\"").isNotEqualTo(plain.header("ETag"));
        Answer same = get("/", "--compressed", "--header", "If-None-Match: " + tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(tag);
        assertThat(same.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(get("/", "--header", "If-None-Match: " + tag).status()).isEqualTo(200);
        assertThat(get("/", "--compressed", "--header", "If-None-Match: " + plain.header("ETag"))
                        .status())
                .isEqualTo(200);

        Answer head = get("/", "--compressed", "--head");
        assertThat(head.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(head.header("ETag")).isEqualTo(tag);
        assertThat(head.header("Content-Length")).isEmpty();
    }

    @Test
    void aRangeIsOneOfTheFileAsItIs() throws IOException {
        String text = "0123456789".repeat(1000);
        put("runs/r1/boot/consoles/pv.log", text);
        Answer whole = get("/runs/r1/boot/consoles/pv.log");
        Answer part = get("/runs/r1/boot/consoles/pv.log", "--compressed", "--range", "5-9");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("56789");
        assertThat(part.header("Content-Encoding")).isEmpty();
        assertThat(part.header("Content-Range")).isEqualTo("bytes 5-9/10000");
        assertThat(part.header("ETag")).isEqualTo(whole.header("ETag"));
        String compressed = get("/runs/r1/boot/consoles/pv.log", "--compressed").header("ETag");
        Answer rest = get(
                "/runs/r1/boot/consoles/pv.log",
                "--compressed",
                "--range",
                "5-",
                "--header",
                "If-Range: " + compressed);
        assertThat(rest.status()).isEqualTo(200);
        assertThat(rest.body()).isEqualTo(text);
    }

    @Test
    void packagesIndexesAndWhatIsSmallAreSentAsTheyAre() throws IOException {
        put("repository/apt/dists/testing/Packages", "Package: linux-image\n".repeat(500));
        put("repository/apt/pool.deb", "deb".repeat(5000));
        for (String path : List.of("/apt/dists/testing/Packages", "/apt/pool.deb", "/")) {
            assertThat(get(path, "--compressed").header("Content-Encoding"))
                    .as(path)
                    .isEmpty();
        }
        assertThat(get("/apt/pool.deb").header("Vary")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                     | true
            deflate, gzip, br, zstd  | true
            GZip;q=0.5               | true
            *                        | true
            br;q=1.0, *;q=0.1        | true
            identity                 | false
            gzip;q=0                 | false
            gzip; q=0.000            | false
            *, gzip;q=0              | false
            *;q=0                    | false
            """)
    void itIsCompressedOnlyIfTheClientSaysSo(String accepted, boolean compressed) throws IOException {
        put("dashboard/assets/farm.js", "// script\n".repeat(500));
        Answer answer = get("/assets/farm.js", "--head", "--header", "Accept-Encoding: " + accepted);
        assertThat(answer.header("Content-Encoding")).isEqualTo(compressed ? "gzip" : "");
        assertThat(answer.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    }

    @Test
    void headHasTheSameHeadersAndNoBodyAndNothingCanBeChanged() throws IOException {
        Answer head = get("/apt/dists/testing/Release", "--head");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("20");
        assertThat(head.header("ETag"))
                .isEqualTo(get("/apt/dists/testing/Release").header("ETag"));
        assertThat(head.body()).isEmpty();
        assertThat(get("/nothing", "--head").status()).isEqualTo(404);
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            Answer refused = get("/apt/dists/testing/Release", "--request", method);
            assertThat(refused.status()).as(method).isEqualTo(405);
            assertThat(refused.header("Allow")).isEqualTo("GET, HEAD");
        }
        assertThat(index).hasContent(CONTENT);
    }

    @Test
    void manyClientsAtOnceGetTheWholeFileWhileItIsReplaced() throws Exception {
        byte[] noise = new byte[3_000_000];
        new Random(1).nextBytes(noise);
        Path big = Files.write(out.aptRepository().resolve("big.deb"), noise);
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Path>> downloads = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Path file = folder.resolve("download" + i);
                downloads.add(() -> {
                    Curl.get(server.url() + "/apt/big.deb", "--output", file.toString());
                    return file;
                });
            }
            List<Future<Path>> all = new ArrayList<>();
            for (Callable<Path> download : downloads) {
                all.add(clients.submit(download));
                Path copy = Files.copy(big, out.aptRepository().resolve(".big"));
                Files.move(copy, big, StandardCopyOption.ATOMIC_MOVE);
            }
            for (Future<Path> one : all) {
                assertThat(one.get()).hasBinaryContent(noise);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        int port = server.url().getPort();
        assertThatThrownBy(() -> FileServer.start(out, "127.0.0.1", port))
                .isInstanceOf(FarmException.class)
                .hasMessageStartingWith("nobody can listen on port " + port + " of 127.0.0.1 (");
        assertThatThrownBy(() -> FileServer.start(out, "127.0.0.1", 65536))
                .hasMessageStartingWith("there is no port 65536;");
        assertThatThrownBy(() -> FileServer.start(out, "192.0.2.1", 0)).isInstanceOf(FarmException.class);
        assertThatThrownBy(() -> FileServer.start(out, "no such host", 0))
                .isInstanceOf(FarmException.class)
                .hasMessage("there is no address 'no such host'; name one of this machine's");
    }
}
