package io.jenkins.plugins.kernelfarm.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.jenkins.plugins.kernelfarm.real.TestPlugin;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Jenkins whose artifacts are elsewhere: in a store of which it knows only what an artifact manager tells it. */
@Tag("jenkins")
class ArtifactsOnJenkinsTest {
    private static final String RUN = "20260102T030405Z-abcdef";
    private static final String STORE = "ElsewhereArtifacts";

    @TempDir
    private Path folder;

    @Test
    void packagesAreArchivedLinkedAndInstalledAllTheSame() throws Exception {
        Path store = Files.createDirectory(folder.resolve("store"));
        RealJenkins.Preparation preparation = SampleJenkins.prepare().user("vera", "Job/Read", "Run/Artifacts");
        Path hpi = TestPlugin.make(
                Files.createDirectory(folder.resolve("plugin")),
                STORE,
                source(),
                preparation.distribution().war());
        try (RealJenkins jenkins = SampleJenkins.start(preparation.plugin(hpi))) {
            jenkins.script(
                    in(
                            "store.getField('folder').set(null, '" + store + "')\n"
                                    + "jenkins.model.ArtifactManagerConfiguration.get().artifactManagerFactories.add(store.newInstance())"));
            RunLayout run = SampleJenkins.run(folder, RUN, "6.1.192-farm1", 1, SampleRun.allPass());
            SampleJenkins.publishing(jenkins, "kernels", run);
            RealJenkins.BuildOf build = jenkins.build("kernels").expect("SUCCESS");
            assertThat(store.resolve("kernels-1/kernel-farm/" + RUN)).isNotEmptyDirectory();
            assertThat(jenkins.home().resolve("jobs/kernels/builds/1/archive")).doesNotExist();

            JsonNode artifacts = jenkins.as("vera")
                    .json(build.path() + "api/json?tree=artifacts%5BrelativePath%5D")
                    .get("artifacts");
            assertThat(artifacts).isNotEmpty();
            for (JsonNode artifact : artifacts) {
                String path = artifact.get("relativePath").asText();
                Path file = run.packages().resolve(path.substring(path.lastIndexOf('/') + 1));
                assertThat(jenkins.as("vera")
                                .get(build.path() + "artifact/" + path)
                                .expect(200)
                                .bytes())
                        .isEqualTo(Files.readAllBytes(file));
                JenkinsClient.Reply link =
                        jenkins.as("vera").get(link(build, file)).expect(200);
                assertThat(link.bytes()).isEqualTo(Files.readAllBytes(file));
                assertThat(link.header("Content-Security-Policy").orElse("")).contains("sandbox");
            }
            jenkins.as("vera").get(link(build, Path.of("none.deb"))).expect(404);
            elsewhere(jenkins, build, store, run);
            install(jenkins, run);

            jenkins.admin().post(build.path() + "doDelete", Map.of()).expect(200, 302);
            assertThat(store.resolve("kernels-1")).doesNotExist();
            RealJenkins.await("the packages to leave", () -> SampleJenkins.channel(jenkins, "testing")
                    .isEmpty());
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static String source() throws IOException {
        try (InputStream in = ArtifactsOnJenkinsTest.class.getResourceAsStream(STORE + ".java")) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static String in(String groovy) {
        return "def store = jenkins.model.Jenkins.get().pluginManager.uberClassLoader.loadClass('" + STORE + "')\n"
                + groovy;
    }

    private static String link(RealJenkins.BuildOf build, Path file) {
        return build.path() + "boot-matrix/" + RUN + "/packages/" + file.getFileName();
    }

    /** A store that hands files out by itself. */
    private static void elsewhere(RealJenkins jenkins, RealJenkins.BuildOf build, Path store, RunLayout run)
            throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = Files.readAllBytes(
                    store.resolve(exchange.getRequestURI().getPath().substring(1)));
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            jenkins.script(in("store.getField('url').set(null, '" + url + "')"));
            Path file = first(run.packages(), ".rpm");
            JenkinsClient.Reply reply =
                    jenkins.as("vera").get(link(build, file)).expect(302);
            String there = reply.header("Location").orElseThrow();
            assertThat(there).startsWith(url + "kernels-1/");
            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(there)).build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(Files.readAllBytes(file));
        } finally {
            server.stop(0);
        }
    }

    private void install(RealJenkins jenkins, RunLayout run) throws IOException, InterruptedException {
        SampleJenkins.open(jenkins);
        AptClient apt = new AptClient(
                folder.resolve("apt"), SampleJenkins.fetched(jenkins, folder, "kernel-farm-testing.sources"));
        apt.must("update");
        apt.must("install", "linux-image-6.1.192-farm1");
        DnfClient dnf = new DnfClient(
                folder.resolve("dnf"), SampleJenkins.fetched(jenkins, folder, "kernel-farm-testing.repo"));
        dnf.must("install", "kernel-core");
        for (Path root : new Path[] {apt.root(), dnf.root()}) {
            assertThat(root.resolve("boot/vmlinuz-6.1.192-farm1"))
                    .hasSameBinaryContentAs(run.build().image());
        }
    }

    private static Path first(Path packages, String end) throws IOException {
        try (Stream<Path> files = Files.list(packages)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
