package io.kernelfarm.pipelines.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Project;
import io.kernelfarm.pipelines.Sha256;
import io.kernelfarm.pipelines.SilentProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror on loopback, and what it may do wrong. */
class JenkinsDownloadTest {

    private static final String WAR = "war-stable/2.516.3/jenkins.war";
    private static final String PLUGIN = "plugins/one/1.v2_3/one.hpi";

    @TempDir
    private Path folder;

    private final Map<String, byte[]> served = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private List<JenkinsDownload.Pin> pins;
    private HttpServer server;

    /** How many bytes of an answer are sent before the connection breaks. */
    private int breaksAfter = Integer.MAX_VALUE;

    private boolean knowsRanges = true;

    @BeforeEach
    void serve() throws IOException {
        served.put("/mirror/" + WAR, packed("Jenkins-Version", "2.516.3"));
        served.put("/mirror/" + PLUGIN, packed("Short-Name", "one", "Plugin-Version", "1.v2_3"));
        pins = List.of(pin(WAR), pin(PLUGIN));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static byte[] packed(String... namesAndValues) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            manifest.getMainAttributes().putValue(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.finish();
        }
        return bytes.toByteArray();
    }

    private JenkinsDownload.Pin pin(String path) throws IOException {
        Path file = Files.write(folder.resolve("content"), served.get("/mirror/" + path));
        return new JenkinsDownload.Pin(Sha256.of(file), path);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        asked.add(path + (range == null ? "" : " " + range));
        byte[] content = served.get(path);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from == 0 ? 200 : 206, content.length - from);
        int length = Math.min(breaksAfter, content.length - from);
        exchange.getResponseBody().write(content, from, length);
        exchange.getResponseBody().flush();
        exchange.close(); // Before its announced end, this breaks the connection.
    }

    private URI mirror() {
        return JenkinsDownload.mirror("http://127.0.0.1:" + server.getAddress().getPort() + "/mirror");
    }

    private JenkinsDistribution fetch() throws IOException {
        return new JenkinsDownload(mirror(), pins, new CacheLayout(folder)).fetch(new SilentProgress());
    }

    private FarmException refusal() {
        return catchThrowableOfType(FarmException.class, this::fetch);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("jenkins"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.resolve("jenkins").relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatComesIsADistributionAndIsAskedForOnce() throws IOException {
        JenkinsDistribution jenkins = fetch();

        assertThat(jenkins.version()).isEqualTo("2.516.3");
        assertThat(jenkins.plugins()).containsOnlyKeys("one");
        assertThat(left()).containsExactly("jenkins.war", "plugins/one.hpi");
        assertThat(asked).containsExactly("/mirror/" + WAR, "/mirror/" + PLUGIN);

        fetch();
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatWasDamagedSinceComesAgain() throws IOException {
        fetch();
        Files.writeString(folder.resolve("jenkins/plugins/one.hpi"), "damaged");
        asked.clear();

        fetch();

        assertThat(asked).containsExactly("/mirror/" + PLUGIN);
        assertThat(Files.readAllBytes(folder.resolve("jenkins/plugins/one.hpi")))
                .isEqualTo(served.get("/mirror/" + PLUGIN));
    }

    @Test
    void somethingElseIsThrownAway() throws IOException {
        served.put("/mirror/" + PLUGIN, packed("Short-Name", "one", "Plugin-Version", "evil"));

        FarmException refusal = refusal();

        assertThat(refusal.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(refusal)
                .hasMessageMatching("what came from http://\\S+/mirror/" + PLUGIN
                        + " has the SHA-256 [0-9a-f]{64} instead of "
                        + pins.get(1).sha256()
                        + ", so it was thrown away; name another mirror .*");
        assertThat(left()).containsExactly("jenkins.war");
    }

    @Test
    void whatBreaksOffIsGoneOnWith() throws IOException {
        int length = served.get("/mirror/" + WAR).length;
        breaksAfter = length / 2;

        assertThat(fetch().version()).isEqualTo("2.516.3");

        assertThat(asked).startsWith("/mirror/" + WAR, "/mirror/" + WAR + " bytes=" + breaksAfter + "-");
        assertThat(left()).containsExactly("jenkins.war", "plugins/one.hpi");
    }

    /** The beginning that is there stays for the next time. */
    @Test
    void whatDoesNotComeAnyFurtherIsSaid() throws IOException {
        breaksAfter = 10;
        knowsRanges = false;

        FarmException refusal = refusal();

        assertThat(refusal.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(refusal).hasMessageMatching("http://\\S+/mirror/" + WAR + " did not come \\(.+\\); see that .*");
        assertThat(left()).isEmpty();
        assertThat(folder.resolve("downloads/" + pins.get(0).sha256() + ".part"))
                .hasSize(10);

        breaksAfter = Integer.MAX_VALUE;
        knowsRanges = true;
        asked.clear();
        fetch();
        assertThat(asked).first().isEqualTo("/mirror/" + WAR + " bytes=10-");
        assertThat(left()).containsExactly("jenkins.war", "plugins/one.hpi");
    }

    @Test
    void aServerWithoutRangesSendsAllOfItAnew() throws IOException {
        byte[] war = served.get("/mirror/" + WAR);
        Files.createDirectories(folder.resolve("downloads"));
        Files.write(folder.resolve("downloads/" + pins.get(0).sha256() + ".part"), Arrays.copyOf(war, 10));
        knowsRanges = false;

        fetch();

        assertThat(Files.readAllBytes(folder.resolve("jenkins/jenkins.war"))).isEqualTo(war);
    }

    @Test
    void aFileThatIsNotThereIsWrongUsage() {
        served.remove("/mirror/" + WAR);

        FarmException refusal = refusal();

        assertThat(refusal.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refusal)
                .hasMessageMatching("the server has no file for us at http://\\S+/mirror/" + WAR
                        + " \\(HTTP 404\\); see that --download .*");
    }

    @Test
    void aMirrorThatCannotBeReachedIsSaid() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Map<String, String> reasons = Map.of(
                "http://127.0.0.1:" + closed,
                "Failed to connect to",
                "http://mirror.invalid",
                "Could not resolve host: ");
        reasons.forEach((address, reason) -> {
            JenkinsDownload download =
                    new JenkinsDownload(JenkinsDownload.mirror(address), pins, new CacheLayout(folder));
            assertThatThrownBy(() -> download.fetch(new SilentProgress()))
                    .isInstanceOf(FarmException.class)
                    .hasMessageStartingWith(address + "/" + WAR + " did not come (")
                    .hasMessageContaining(reason)
                    .hasMessageContaining("); see that ")
                    .extracting(error -> ((FarmException) error).blame())
                    .isEqualTo(FarmException.Blame.FARM);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "file:///mirror", "http:/mirror", "http://a b", "//mirror/x"})
    void whatIsNoAddressIsWrongUsage(String address) {
        assertThatThrownBy(() -> JenkinsDownload.mirror(address))
                .isInstanceOf(FarmException.class)
                .hasMessageStartingWith("'" + address + "' is not the address of a mirror");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plugins/one/1/two.hpi",
                "plugins/one/../one.hpi",
                "plugins/../1/...hpi",
                "war-stable/2.516.3/other.war",
                "../jenkins.war"
            })
    void aPathThatLeadsElsewhereIsNoPin(String path) {
        String line = "0".repeat(64) + "  " + path;
        assertThatThrownBy(() -> JenkinsDownload.Pin.parse(List.of(line))).hasMessageContaining(path);
    }

    /** The two lists name the same versions. */
    @Test
    void everyPluginThatWasTriedIsPinned() throws IOException {
        List<String> paths =
                JenkinsDownload.pinned().stream().map(JenkinsDownload.Pin::path).toList();

        assertThat(paths).doesNotHaveDuplicates().contains(WAR);
        assertThat(Files.readAllLines(Project.file("pipelines/jenkins/plugins.txt")))
                .filteredOn(line -> line.contains(":") && !line.startsWith("#"))
                .isNotEmpty()
                .allSatisfy(line -> {
                    String[] one = line.split(":", -1);
                    assertThat(paths).contains("plugins/" + one[0] + "/" + one[1] + "/" + one[0] + ".hpi");
                });
    }
}
