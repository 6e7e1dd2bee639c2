package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Sha256;
import io.kernelfarm.pipelines.jenkins.JenkinsDistribution;
import io.kernelfarm.pipelines.jenkins.JenkinsDownload;
import io.kernelfarm.pipelines.jenkins.JenkinsDownload.Pin;
import io.kernelfarm.pipelines.jenkins.JenkinsPlugin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./farm jenkins --download URL} starts, from a mirror on loopback that has the Jenkins that was given. */
@Tag("jenkins")
class DownloadOnJenkinsTest {

    private static final Path SPEC = Path.of("..", "kernel.yaml");
    private static final Pattern PLUGIN = Pattern.compile("plugins/([^/]+)/.*");

    @TempDir
    private Path folder;

    @Test
    void aDownloadedJenkinsStarts() throws Exception {
        RealJenkins.Preparation preparation = RealJenkins.prepare();
        Map<String, Path> files = files(preparation.distribution());
        List<Pin> pins = new ArrayList<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            pins.add(new Pin(Sha256.of(file.getValue()), file.getKey()));
        }
        HttpServer mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext("/", exchange -> {
            Path file = files.get(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(200, Files.size(file));
            Files.copy(file, exchange.getResponseBody());
            exchange.close();
        });
        mirror.start();
        List<String> notes = new ArrayList<>();
        JenkinsDistribution downloaded;
        try {
            URI address = JenkinsDownload.mirror(
                    "http://127.0.0.1:" + mirror.getAddress().getPort());
            downloaded = new JenkinsDownload(address, pins, new CacheLayout(folder)).fetch(noting(notes));
        } finally {
            mirror.stop(0);
        }
        assertThat(notes).hasSize(1).first().asString().startsWith("downloading " + pins.size() + " of " + pins.size());
        assertThat(downloaded.root()).isEqualTo(folder.resolve("jenkins"));

        try (RealJenkins jenkins = preparation.distribution(downloaded).farm(SPEC)) {
            assertThat(jenkins.admin()
                            .json("job/kernel/api/json")
                            .get("buildable")
                            .asBoolean())
                    .isTrue();
            RealJenkins.await("agent builder", () -> !jenkins.admin()
                    .json("computer/builder/api/json?tree=offline")
                    .get("offline")
                    .asBoolean());
            assertThat(jenkins.script("print jenkins.model.Jenkins.get().pluginManager.failedPlugins*.name"))
                    .isEqualTo("[]");
        }
    }

    /** The war, and of the plugins those that are pinned, by their paths on a mirror. */
    private static Map<String, Path> files(JenkinsDistribution given) throws IOException {
        Path war = given.root().resolve("jenkins.war");
        assumeTrue(Files.isRegularFile(war), "The Jenkins that was given has no packed jenkins.war to be downloaded.");
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("war-stable/" + given.version() + "/jenkins.war", war);
        for (Pin pin : JenkinsDownload.pinned()) {
            JenkinsPlugin plugin =
                    given.plugins().get(PLUGIN.matcher(pin.path()).replaceFirst("$1"));
            if (plugin != null) {
                files.put(
                        "plugins/" + plugin.name() + "/" + plugin.version() + "/" + plugin.name() + ".hpi",
                        plugin.place());
            }
        }
        return files;
    }

    private static Progress noting(List<String> notes) {
        return new Progress() {
            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }

            @Override
            public void at(double fraction, String detail) {}
        };
    }
}
