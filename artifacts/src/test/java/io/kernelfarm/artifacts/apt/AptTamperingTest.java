package io.kernelfarm.artifacts.apt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.openpgp.TestKey;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.artifacts.repository.Family;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody changed on its way, apt refuses. */
class AptTamperingTest {
    @TempDir
    private Path dir;

    private Path channel;
    private AptClient client;
    private PublishedPackage published;

    @BeforeEach
    void publish() throws IOException {
        published = publish(TestKey.first(), Duration.ofDays(1));
        ClientConfiguration.write(dir.resolve("repository"), url(), "testing", "", TestKey.first());
        client = new AptClient(dir.resolve("client"), dir.resolve("repository/kernel-farm-testing.sources"));
        channel = dir.resolve("repository/apt/dists/testing");
    }

    private URI url() {
        return URI.create("file://" + dir.resolve("repository"));
    }

    private PublishedPackage publish(SigningKey key, Duration validFor) throws IOException {
        Path deb = Family.APT.write(dir.resolve("given"), "sample", "1", "content");
        return new AptRepository(
                        dir.resolve("repository/apt"), key, new RepositorySettings(url(), validFor, Duration.ZERO))
                .publish(List.of(deb), "testing")
                .get(0);
    }

    /** Puts other content of the same length into a file, and leaves its other names as they are. */
    private static void change(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.delete(file);
        Files.write(file, bytes);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.write(file, text.replace(from, to).getBytes(UTF_8));
    }

    @Test
    void untouchedItIsInstalled() {
        client.must("update");
        client.must("install", "sample");
        assertThat(client.root().resolve("opt/sample-1")).hasContent("content");
    }

    @Test
    void aChangedPackage() throws IOException {
        client.must("update");
        change(published.path());
        assertThat(client.refused("install", "sample")).contains("Hash Sum mismatch");
        assertThat(client.root().resolve("opt")).doesNotExist();
    }

    @Test
    void aChangedIndex() throws IOException {
        try (Stream<Path> files = Files.walk(channel.toRealPath())) {
            for (Path file : files.filter(file -> file.toString().contains("/by-hash/SHA256/"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                change(file);
            }
        }
        // apt takes what is under the index's plain name where the one under its digest is bad.
        for (String name : List.of("Packages", "Packages.xz", "Packages.zst")) {
            change(channel.resolve("main/binary-amd64").resolve(name));
        }
        assertThat(client.refused("update")).contains("Hash Sum mismatch");
        assertThat(client.known()).isEmpty();
    }

    @Test
    void aChangedInRelease() throws IOException {
        replace(channel.resolve("InRelease"), "Label: Kernel Farm", "Label: Kernel Fram");
        assertThat(client.refused("update")).contains("BADSIG");
        assertThat(client.known()).isEmpty();
    }

    @Test
    void aSignatureThatWasTakenOutOfInRelease() throws IOException {
        Files.copy(channel.resolve("Release"), channel.resolve("InRelease"), StandardCopyOption.REPLACE_EXISTING);
        client.refused("update");
        assertThat(client.known()).isEmpty();
    }

    @Test
    void releaseWithItsSignatureApart() throws IOException {
        Files.delete(channel.resolve("InRelease"));
        client.must("update");
        assertThat(client.known()).containsExactly("sample 1-1");
    }

    @Test
    void aChangedRelease() throws IOException {
        Files.delete(channel.resolve("InRelease"));
        replace(channel.resolve("Release"), "Label: Kernel Farm", "Label: Kernel Fram");
        assertThat(client.refused("update")).contains("BADSIG");
        assertThat(client.known()).isEmpty();
    }

    @Test
    void aReleaseWithoutSignature() throws IOException {
        Files.delete(channel.resolve("InRelease"));
        Files.delete(channel.resolve("Release.gpg"));
        assertThat(client.refused("update")).contains("is not signed");
        assertThat(client.known()).isEmpty();
    }

    @Test
    void aSignatureByAnotherKey() throws IOException {
        publish(TestKey.second(), Duration.ofDays(1));
        assertThat(client.refused("update"))
                .contains("NO_PUBKEY " + TestKey.second().fingerprint().substring(24));
        Files.delete(channel.resolve("InRelease"));
        assertThat(client.refused("update"))
                .contains("NO_PUBKEY " + TestKey.second().fingerprint().substring(24));
        assertThat(client.known()).isEmpty();
    }

    @Test
    void aReleaseThatIsTooOld() throws Exception {
        publish(TestKey.first(), Duration.ofSeconds(1));
        Thread.sleep(2100);
        assertThat(client.refused("update")).contains("is expired");
        // As after a publication without packages.
        publish(TestKey.first(), Duration.ofDays(1));
        client.must("update");
    }
}
