package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** apt and dnf install straight from Jenkins, and whoever asks for a part of a file gets that part. */
@Tag("jenkins")
class ClientsOnJenkinsTest {
    private static final String RELEASE = "6.1.192-farm1";
    private static final String PLACE = "kernel-farm/repository/";

    @TempDir
    private Path folder;

    @Test
    void clientsInstallWithATokenAndAnonymouslyWhereTheyMay() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare().user("dora"))) {
            RunLayout run = SampleJenkins.run(folder, "20260102T030405Z-abcdef", RELEASE, 1, SampleRun.allPass());
            assertThat(SampleJenkins.publish(jenkins, run)).endsWith("published");

            JenkinsClient dora = jenkins.as("dora").withToken();
            Path sources = fetched(dora, "kernel-farm-testing.sources");
            Path repo = fetched(dora, "kernel-farm-testing.repo");
            String token = token(jenkins);
            apt("closed", sources).refused("update");
            AptClient apt = apt("token", sources);
            Files.writeString(
                    folder.resolve("token/etc/auth.conf"),
                    "machine " + jenkins.url() + PLACE + " login dora password " + token + "\n");
            aptInstalls(apt, run);
            dnf("closed-dnf", repo).refused("makecache");
            DnfClient dnf = dnf("token-dnf", repo);
            dnf.edit("repo_gpgcheck=1\n", "repo_gpgcheck=1\nusername=dora\npassword=" + token + "\n");
            dnfInstalls(dnf, run);

            // The administrator lets everybody in, to this and nothing else.
            SampleJenkins.open(jenkins);
            aptInstalls(apt("open", sources), run);
            dnfInstalls(dnf("open-dnf", repo), run);
            jenkins.anonymous().get("kernel-farm/").expect(403);
            jenkins.anonymous().get("kernel-farm/api/json").expect(403);

            // Or the matrix of permissions does.
            jenkins.script("""
                    def farm = io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get()
                    farm.anonymousDownload = false
                    farm.save()
                    """);
            apt("closed-again", sources).refused("update");
            jenkins.script("""
                    def jenkins = jenkins.model.Jenkins.get()
                    jenkins.authorizationStrategy.add(io.jenkins.plugins.kernelfarm.KernelFarmPermissions.DOWNLOAD, 'anonymous')
                    """);
            aptInstalls(apt("granted", sources), run);
            jenkins.anonymous().get("kernel-farm/").expect(403);
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static String token(RealJenkins jenkins) throws IOException, InterruptedException {
        JsonNode made = new JsonMapper()
                .readTree(jenkins.as("dora")
                        .post(
                                "me/descriptorByName/jenkins.security.ApiTokenProperty/generateNewToken",
                                Map.of("newTokenName", "clients"))
                        .expect(200)
                        .text());
        return made.path("data").path("tokenValue").asText();
    }

    private void aptInstalls(AptClient apt, RunLayout run) {
        apt.must("update");
        apt.must("install", "linux-image-" + RELEASE);
        assertThat(apt.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(run.build().image());
    }

    private void dnfInstalls(DnfClient dnf, RunLayout run) {
        dnf.must("install", "kernel-core");
        assertThat(dnf.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(run.build().image());
        Tools.must("rpm", "--root=" + dnf.root(), "--verify", "kernel-core");
    }

    private AptClient apt(String name, Path sources) throws IOException {
        return new AptClient(folder.resolve(name), sources);
    }

    private DnfClient dnf(String name, Path repo) throws IOException {
        return new DnfClient(folder.resolve(name), repo);
    }

    private Path fetched(JenkinsClient client, String name) throws IOException, InterruptedException {
        return Files.write(
                folder.resolve(name), client.get(PLACE + name).expect(200).bytes());
    }

    @Test
    void partsConditionsAndTypesAreThoseOfRfc9110AndNothingElseIsShown() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare().user("dora"))) {
            RunLayout run = SampleJenkins.run(folder, "20260102T030405Z-abcdef", RELEASE, 1, SampleRun.allPass());
            assertThat(SampleJenkins.publish(jenkins, run)).endsWith("published");
            JenkinsClient dora = jenkins.as("dora").withToken();
            Path repository = jenkins.home().resolve("kernel-farm/repository");
            String deb = PLACE + repository.relativize(deb(repository));
            byte[] all = Files.readAllBytes(deb(repository));
            JenkinsClient.Reply whole = dora.get(deb).expect(200);
            String tag = whole.header("ETag").orElseThrow();
            String date = whole.header("Last-Modified").orElseThrow();
            assertThat(whole.bytes()).isEqualTo(all);
            assertThat(tag).startsWith("\"");
            assertThat(whole.header("Content-Type")).contains("application/vnd.debian.binary-package");
            assertThat(whole.header("Accept-Ranges")).contains("bytes");

            assertThat(dora.get(deb, "Range", "bytes=10-19").expect(206).bytes())
                    .isEqualTo(Arrays.copyOfRange(all, 10, 20));
            assertThat(dora.get(deb, "Range", "bytes=10-19").header("Content-Range"))
                    .contains("bytes 10-19/" + all.length);
            assertThat(dora.get(deb, "Range", "bytes=" + (all.length - 5) + "-")
                            .expect(206)
                            .bytes())
                    .isEqualTo(Arrays.copyOfRange(all, all.length - 5, all.length));
            assertThat(dora.get(deb, "Range", "bytes=-7").expect(206).bytes())
                    .isEqualTo(Arrays.copyOfRange(all, all.length - 7, all.length));
            assertThat(dora.get(deb, "Range", "bytes=" + all.length + "-")
                            .expect(416)
                            .header("Content-Range"))
                    .contains("bytes */" + all.length);
            assertThat(dora.get(deb, "Range", "bytes=0-4", "If-Range", tag)
                            .expect(206)
                            .bytes())
                    .hasSize(5);
            assertThat(dora.get(deb, "Range", "bytes=0-4", "If-Range", "\"another\"")
                            .expect(200)
                            .bytes())
                    .hasSameSizeAs(all);
            assertThat(dora.get(deb, "If-None-Match", tag).expect(304).bytes()).isEmpty();
            dora.get(deb, "If-None-Match", "\"another\"").expect(200);
            dora.get(deb, "If-Modified-Since", date).expect(304);
            dora.get(deb, "If-Modified-Since", "Thu, 01 Jan 2015 00:00:00 GMT").expect(200);

            assertThat(dora.get(PLACE + "kernel-farm.asc").expect(200).header("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(dora.get(PLACE + "dnf/testing/repodata/repomd.xml")
                            .expect(200)
                            .header("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/xml"));
            assertThat(dora.get(PLACE + "apt/dists/testing/InRelease")
                            .expect(200)
                            .header("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            dora.post(deb, Map.of()).expect(405);

            Files.createSymbolicLink(
                    repository.resolve("outside"), jenkins.home().resolve("secrets"));
            Files.createSymbolicLink(
                    repository.resolve("outside.xml"), jenkins.home().resolve("config.xml"));
            Files.writeString(repository.resolve(".hidden"), "a file whose name begins with a dot");
            for (String path : List.of(
                    "",
                    "apt",
                    "apt/",
                    "nothing",
                    ".hidden",
                    "%2ehidden",
                    "outside/master.key",
                    "outside.xml",
                    "..%2f..%2fconfig.xml",
                    "..%2fruns%2f20260102T030405Z-abcdef%2frun.json",
                    "%2e%2e/runs/20260102T030405Z-abcdef/run.json",
                    "apt/..%2f..%2f..%2fconfig.xml",
                    "apt/%2e%2e/%2e%2e/%2e%2e/config.xml",
                    "%252e%252e/runs",
                    "apt%00/x",
                    "apt;/../../config.xml",
                    "apt\\..\\..\\config.xml".replace("\\", "%5c"))) {
                JenkinsClient.Reply reply = dora.get(PLACE + path);
                assertThat(reply.status())
                        .as(reply.request() + "\n" + reply.text())
                        // Stapler itself takes two encoded dots for a fault of its own.
                        .isBetween(400, 500);
                assertThat(reply.text()).doesNotContain("<hudson>", "begins with a dot", "\"spec\"");
            }
            JenkinsClient.Reply closed = jenkins.anonymous().get(deb).expect(401);
            assertThat(closed.header("WWW-Authenticate"))
                    .hasValueSatisfying(how -> assertThat(how).startsWith("Basic "));
            assertThat(closed.text()).doesNotContain("<");
        }
    }

    private static Path deb(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve("apt/pool"))) {
            return files.filter(file -> file.toString().contains("linux-image")
                            && file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
