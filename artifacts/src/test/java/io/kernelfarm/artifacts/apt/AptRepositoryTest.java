package io.kernelfarm.artifacts.apt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebControl;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.openpgp.TestKey;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** apt is the judge. */
class AptRepositoryTest {
    private static final String RELEASE = "6.1.192-farm1";

    @TempDir
    private Path dir;

    private Path repository;
    private AptRepository apt;
    private AptClient client;

    @BeforeEach
    void makeClient() throws IOException {
        repository = dir.resolve("repository/apt");
        RepositorySettings settings = settings();
        apt = new AptRepository(repository, TestKey.first(), settings);
        ClientConfiguration.write(dir.resolve("repository"), settings.url(), "testing", "", TestKey.first());
        client = new AptClient(dir.resolve("client"), dir.resolve("repository/kernel-farm-testing.sources"));
    }

    private RepositorySettings settings() {
        return RepositorySettings.of(URI.create("file://" + dir.resolve("repository")));
    }

    private Path deb(String build, String release, String revision, long seed) throws IOException {
        return new DebWriter(Compression.DEFAULT)
                .writeInto(
                        KernelPackages.deb(SampleKernel.make(dir.resolve(build), release, revision, seed)),
                        dir.resolve(build));
    }

    private Path base() throws IOException {
        return BaseSystem.deb(dir, Files.write(dir.resolve("empty"), new byte[0]));
    }

    @Test
    void aptInstallsWhatWasPublished() throws IOException {
        Path kernel = deb("build", RELEASE, "1", 1);
        List<PublishedPackage> published = apt.publish(List.of(kernel, base()), "testing");
        assertThat(published)
                .extracting(PublishedPackage::name)
                .containsExactly("linux-image-" + RELEASE, "scratch-base");
        PublishedPackage first = published.get(0);
        assertThat(first.path()).hasSameBinaryContentAs(kernel);
        assertThat(first.sha256()).isEqualTo(Digests.sha256(kernel));
        assertThat(first.version()).isEqualTo("6.1.192-1");

        client.must("update");
        client.must("install", "linux-image-" + RELEASE);
        assertThat(client.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(dir.resolve("build/bzImage"));
        assertThat(client.root().resolve("lib/modules/" + RELEASE + "/modules.dep"))
                .exists();
    }

    @Test
    void laterPackagesComeBesideEarlierOnes() throws IOException {
        apt.publish(List.of(deb("build", RELEASE, "1", 1), base()), "testing");
        client.must("update");
        client.must("install", "linux-image-" + RELEASE);

        Path other = deb("other", "6.1.193-farm1", "1", 2);
        apt.publish(List.of(other), "testing");
        apt.publish(List.of(deb("newer", RELEASE, "2", 3)), "testing");
        client.must("update");
        client.must("upgrade");
        client.must("install", "linux-image-6.1.193-farm1");
        assertThat(client.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(dir.resolve("newer/bzImage"));
        assertThat(client.root().resolve("boot/vmlinuz-6.1.193-farm1")).exists();
        String packages = Files.readString(repository.resolve("dists/testing/main/binary-amd64/Packages"));
        assertThat(packages.lines().filter(line -> line.startsWith("Version: ")))
                .hasSize(4);
    }

    @Test
    void aptFtparchiveSaysTheSameOfEachPackage() throws IOException {
        List<Path> all = new ArrayList<>(List.of(base()));
        for (PackageSpec spec : KernelPackages.debs(SampleKernel.withHeaders(dir.resolve("build"), RELEASE))) {
            all.add(new DebWriter(Compression.DEFAULT).writeInto(spec, dir));
        }
        apt.publish(all, "testing");
        String judged = Tools.must(
                "apt-ftparchive",
                "--md5=no",
                "--sha1=no",
                "--sha512=no",
                "packages",
                repository.resolve("pool").toString());
        List<Map<String, String>> theirs = DebControl.parse(judged);
        theirs.forEach(stanza -> stanza.computeIfPresent(
                "Filename",
                (field, path) -> repository.relativize(Path.of(path)).toString()));
        assertThat(DebControl.parse(Files.readString(repository.resolve("dists/testing/main/binary-amd64/Packages"))))
                .containsExactlyInAnyOrderElementsOf(theirs);
    }

    @Test
    void anotherBuildOfTheSameVersionTakesThePlaceInTheIndexButNotOnDisk() throws IOException {
        PublishedPackage old =
                apt.publish(List.of(deb("build", RELEASE, "1", 1)), "testing").get(0);
        PublishedPackage fresh =
                apt.publish(List.of(deb("again", RELEASE, "1", 2)), "testing").get(0);
        assertThat(fresh.path()).isNotEqualTo(old.path());
        assertThat(Digests.sha256(old.path())).isEqualTo(old.sha256());
        assertThat(repository.resolve("dists/testing/main/binary-amd64/Packages"))
                .content()
                .contains(fresh.sha256())
                .doesNotContain(old.sha256());
        assertThat(apt.publish(List.of(fresh.path()), "testing")).containsExactly(fresh);
    }

    @Test
    void noTwoPublicationsShareASecondForClientsThatAskWhatIsNewer() throws IOException {
        Set<Instant> seconds = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            apt.publish(List.of(), "testing");
            seconds.add(Files.getLastModifiedTime(repository.resolve("dists/testing/InRelease"))
                    .toInstant()
                    .truncatedTo(ChronoUnit.SECONDS));
        }

        assertThat(seconds).hasSize(3);
    }

    @Test
    void publishersAtOnceLoseNothing() throws Exception {
        List<Path> packages = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            packages.add(deb("build" + i, "6.1." + i + "-farm1", "1", i));
        }
        ExecutorService publishers = Executors.newFixedThreadPool(3);
        try {
            List<Future<List<PublishedPackage>>> all = new ArrayList<>();
            for (Path one : packages) {
                all.add(publishers.submit(() ->
                        new AptRepository(repository, TestKey.first(), settings()).publish(List.of(one), "testing")));
            }
            for (Future<List<PublishedPackage>> one : all) {
                assertThat(one.get()).hasSize(1);
            }
        } finally {
            publishers.shutdownNow();
        }
        client.must("update");
        assertThat(repository.resolve("dists/testing/main/binary-amd64/Packages"))
                .content()
                .contains("6.1.0-farm1", "6.1.1-farm1", "6.1.2-farm1", "6.1.3-farm1", "6.1.4-farm1", "6.1.5-farm1");
    }

    @Test
    void whatIsBadIsNotPublished() throws IOException {
        Path good = deb("build", RELEASE, "1", 1);
        Path bad = Files.writeString(dir.resolve("bad.deb"), "bad");
        assertThatThrownBy(() -> apt.publish(List.of(good, bad), "testing"))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("bad.deb");
        byte[] bytes = Files.readAllBytes(good);
        Path torn = Files.write(dir.resolve("torn.deb"), Arrays.copyOf(bytes, bytes.length - 2));
        assertThatThrownBy(() -> apt.publish(List.of(good, torn), "testing"))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("torn.deb");
        assertThatThrownBy(() -> apt.publish(List.of(good), "../stable"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../stable' is no channel");
        try (Stream<Path> files = Files.exists(repository) ? Files.list(repository) : Stream.empty()) {
            assertThat(files).isEmpty();
        }
    }
}
