package io.kernelfarm.artifacts.dnf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.openpgp.TestKey;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.artifacts.repository.Family;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody changed on its way, dnf refuses. */
class DnfTamperingTest {
    @TempDir
    private Path dir;

    private Path given;
    private Path repodata;
    private DnfClient client;
    private PublishedPackage published;

    @BeforeEach
    void publish() throws IOException {
        given = Family.DNF.write(dir.resolve("given"), "sample", "1", "content");
        published = publish(TestKey.first());
        ClientConfiguration.write(dir.resolve("repository"), url(), "testing", "", TestKey.first());
        client = new DnfClient(dir.resolve("client"), dir.resolve("repository/kernel-farm-testing.repo"));
        repodata = dir.resolve("repository/dnf/testing/repodata");
    }

    private URI url() {
        return URI.create("file://" + dir.resolve("repository"));
    }

    private PublishedPackage publish(SigningKey key) throws IOException {
        return new DnfRepository(
                        dir.resolve("repository/dnf"),
                        key,
                        new RepositorySettings(url(), Duration.ofDays(1), Duration.ZERO))
                .publish(List.of(given), "testing")
                .get(0);
    }

    private static void change(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 40] ^= 4;
        Files.write(file, bytes);
    }

    @Test
    void untouchedItIsInstalled() throws IOException {
        assertThat(client.must("install", "sample")).contains("Complete!");
        assertThat(client.root().resolve("opt/sample-1")).hasContent("content");
        assertThat(Tools.must("rpm", "--root", client.root().toString(), "-q", "--qf", "%{RSAHEADER:pgpsig}", "sample"))
                .contains(TestKey.first().fingerprint().substring(32).toLowerCase(Locale.ROOT));
    }

    @Test
    void listsForReadersThatKnowOnlyGzip() throws IOException {
        client.edit("/mirrorlist", "/gzip/mirrorlist");
        client.must("install", "sample");
        assertThat(client.root().resolve("opt/sample-1")).hasContent("content");
    }

    @Test
    void aChangedPackage() throws IOException {
        change(published.path());
        assertThat(client.refused("install", "sample")).contains("checksum doesn't match");
        assertThat(client.root().resolve("opt")).doesNotExist();
    }

    @Test
    void aChangedList() throws IOException {
        try (Stream<Path> files = Files.list(repodata)) {
            change(files.filter(file -> file.toString().contains("-primary.xml"))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(client.refused("makecache")).contains("checksum doesn't match");
    }

    @Test
    void aChangedRepomd() throws IOException {
        Path repomd = repodata.resolve("repomd.xml");
        Files.writeString(repomd, Files.readString(repomd).replace("<revision>", "<revision>1"));
        assertThat(client.refused("makecache")).contains("Bad GPG signature");
    }

    @Test
    void aChangedSignature() throws IOException {
        Files.writeString(repodata.resolve("repomd.xml.asc"), TestKey.first().detached("other".getBytes(UTF_8)));
        assertThat(client.refused("makecache")).contains("Bad GPG signature");
    }

    @Test
    void aMissingSignature() throws IOException {
        Files.delete(repodata.resolve("repomd.xml.asc"));
        assertThat(client.refused("makecache")).contains("GPG signature is not available");
    }

    @Test
    void aSignatureByAnotherKey() throws IOException {
        publish(TestKey.second());
        assertThat(client.refused("makecache")).contains("GPG signature verification error");
    }

    /** As if somebody had changed the lists as well, and the client did not look at their signature. */
    private String installedFrom(Path rpm) throws IOException {
        Path theirs = Files.createDirectories(dir.resolve("theirs"));
        Files.copy(rpm, theirs.resolve("sample.rpm"));
        Tools.must("createrepo_c", "-q", theirs.toString());
        client.edit("mirrorlist=" + url() + "/dnf/testing/mirrorlist", "baseurl=file://" + theirs);
        client.edit("repo_gpgcheck=1", "repo_gpgcheck=0");
        return client.refused("install", "sample");
    }

    @Test
    void aPackageWithoutSignature() throws IOException {
        assertThat(installedFrom(given)).contains("is not signed");
        assertThat(client.root().resolve("opt")).doesNotExist();
    }

    @Test
    void aPackageSignedByAnotherKey() throws IOException {
        Path other = dir.resolve("other.rpm");
        new RpmSigner(TestKey.second()).sign(given, new RpmReader(ReadLimits.DEFAULT).headers(given), other);
        assertThat(installedFrom(other)).contains("GPG check FAILED");
        assertThat(client.root().resolve("opt")).doesNotExist();
    }
}
