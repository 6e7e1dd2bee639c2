package io.kernelfarm.artifacts.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.openpgp.TestKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both families do with channels. Whether clients see it is asked of clients, in the tests of each family. */
class ChannelsTest {
    @TempDir
    private Path dir;

    private Repository repository(Family family, Duration superseded) {
        return family.open(
                dir.resolve("repository"),
                TestKey.first(),
                new RepositorySettings(URI.create("file:///nowhere"), Duration.ofDays(1), superseded));
    }

    private static List<String> sha256s(List<PublishedPackage> packages) {
        return packages.stream().map(PublishedPackage::sha256).toList();
    }

    private static List<String> names(List<PublishedPackage> packages) {
        return packages.stream().map(one -> one.name() + " " + one.version()).toList();
    }

    /** A release of two packages. */
    private List<PublishedPackage> publish(Family family, Repository repository, String version) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("image", "headers")) {
            files.add(family.write(dir.resolve("given"), name, version, name + version));
        }
        return repository.publish(files, "testing");
    }

    @ParameterizedTest
    @EnumSource
    void promotionNamesTheSameFilesInAnotherChannelAndCanBeUndone(Family family) throws IOException {
        Repository repository = repository(family, Duration.ZERO);
        publish(family, repository, "1");
        List<PublishedPackage> second = publish(family, repository, "2");

        List<PublishedPackage> promoted = repository.promote(sha256s(second), "testing", "stable");
        assertThat(promoted)
                .extracting(PublishedPackage::path)
                .isEqualTo(second.stream().map(PublishedPackage::path).toList());
        assertThat(promoted).extracting(PublishedPackage::channel).containsOnly("stable");
        assertThat(repository.packages("stable")).isEqualTo(promoted);
        assertThat(names(repository.packages("testing")))
                .containsExactly("image 1-1", "headers 1-1", "image 2-1", "headers 2-1");

        repository.withdraw(sha256s(second), "testing");
        assertThat(second).allSatisfy(one -> assertThat(one.path()).exists());
        repository.withdraw(sha256s(promoted), "stable");
        assertThat(second).allSatisfy(one -> assertThat(one.path()).doesNotExist());
        assertThat(repository.packages("stable")).isEmpty();
        assertThat(names(repository.packages("testing"))).containsExactly("image 1-1", "headers 1-1");
    }

    @ParameterizedTest
    @EnumSource
    void whatAChannelDoesNotHaveIsRefusedAndNothingChanges(Family family) throws IOException {
        Repository repository = repository(family, Duration.ZERO);
        List<PublishedPackage> published = publish(family, repository, "1");
        var before = Tools.tree(dir.resolve("repository"));
        List<String> wrong = List.of(published.get(0).sha256(), Digests.sha256(new byte[0]));
        assertThatThrownBy(() -> repository.promote(wrong, "testing", "stable"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel testing has no package with the SHA-256 e3b0c4");
        assertThatThrownBy(() -> repository.withdraw(wrong, "testing")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> repository.retain("testing", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> repository.promote(wrong, "testing", "../x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Tools.tree(dir.resolve("repository"))).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void theNewestReleasesAreKeptAndFilesStayWhileAChannelNamesThem(Family family) throws IOException {
        Repository repository = repository(family, Duration.ZERO);
        List<PublishedPackage> first = publish(family, repository, "1");
        repository.promote(sha256s(first), "testing", "stable");
        List<PublishedPackage> second = publish(family, repository, "3");
        publish(family, repository, "2");

        assertThat(repository.retain("testing", 3)).isEmpty();
        List<PublishedPackage> taken = repository.retain("testing", 1);
        assertThat(names(taken)).containsExactlyInAnyOrder("image 1-1", "headers 1-1", "image 3-1", "headers 3-1");
        assertThat(names(repository.packages("testing"))).containsExactly("image 2-1", "headers 2-1");
        assertThat(second).allSatisfy(one -> assertThat(one.path()).doesNotExist());
        assertThat(first).allSatisfy(one -> assertThat(one.path()).exists());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSupersededStaysForItsTime(Family family) throws IOException {
        Repository patient = repository(family, Duration.ofHours(1));
        List<PublishedPackage> first = publish(family, patient, "1");
        Set<String> indexes = indexes();
        publish(family, patient, "2");
        patient.retain("testing", 1);
        patient.publish(List.of(), "testing");
        assertThat(names(patient.packages("testing"))).containsExactly("image 2-1", "headers 2-1");
        assertThat(first).allSatisfy(one -> assertThat(one.path()).exists());
        assertThat(indexes()).containsAll(indexes);

        // The next publication removes it.
        repository(family, Duration.ZERO).publish(List.of(), "testing");
        assertThat(first).allSatisfy(one -> assertThat(one.path()).doesNotExist());
        assertThat(indexes()).doesNotContainAnyElementsOf(indexes);
        try (Stream<Path> states =
                Files.list(family.root(dir.resolve("repository")).resolve("states/testing"))) {
            assertThat(states).hasSize(1);
        }
    }

    /** What the channel has under the name of its digest, as a client sees it. */
    private Set<String> indexes() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String seen : List.of("apt/dists/testing", "dnf/testing")) {
            Path channel = dir.resolve("repository").resolve(seen);
            if (Files.exists(channel)) {
                try (Stream<Path> files = Files.walk(channel.toRealPath())) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches("[0-9a-f]{64}.*"))
                            .forEach(names::add);
                }
            }
        }
        assertThat(names).isNotEmpty();
        return names;
    }

    @ParameterizedTest
    @EnumSource
    void theSamePackageIsTheSameFile(Family family) throws IOException {
        Repository repository = repository(family, Duration.ofHours(1));
        List<PublishedPackage> first = publish(family, repository, "1");
        assertThat(publish(family, repository, "1")).isEqualTo(first);
        // Also if it comes from the repository, signed.
        List<PublishedPackage> signed =
                repository.publish(first.stream().map(PublishedPackage::path).toList(), "testing");
        assertThat(sha256s(signed)).isEqualTo(sha256s(first));
        assertThat(repository.packages("testing")).isEqualTo(first);
        try (Stream<Path> files =
                Files.walk(family.root(dir.resolve("repository")).resolve("pool"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyPackagesComeAndGo(Family family) throws IOException {
        Repository repository = repository(family, Duration.ZERO);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            files.add(family.write(dir.resolve("given"), "p" + i, "1", "x" + i));
        }
        List<PublishedPackage> all = new ArrayList<>(repository.publish(files.subList(0, 100), "testing"));
        for (int i = 100; i < 150; i++) {
            all.addAll(repository.publish(files.subList(i, i + 1), "testing"));
        }
        for (int i = 0; i < 10; i++) {
            repository.withdraw(List.of(all.remove(i * 7).sha256()), "testing");
        }
        assertThat(repository.packages("testing")).isEqualTo(all);
        repository.promote(sha256s(all), "testing", "stable");
        for (String channel : List.of("testing", "stable")) {
            assertThat(listed(family, channel)).containsExactlyInAnyOrderElementsOf(sha256s(all));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCopyWithoutTheRecordsIsReadAnew(Family family) throws IOException {
        Repository repository = repository(family, Duration.ZERO);
        List<PublishedPackage> all = new ArrayList<>(publish(family, repository, "1"));
        repository.promote(sha256s(all), "testing", "stable");
        Path copy = dir.resolve("copy");
        Tools.must(
                "sh",
                "-c",
                "cp -a %1$s %2$s && find %2$s -name '.*' -depth -exec rm -r {} +"
                        .formatted(dir.resolve("repository"), copy));
        Tools.must("rm", "-r", dir.resolve("repository").toString());
        Tools.must("mv", copy.toString(), dir.resolve("repository").toString());

        // Nobody knows any more whether another channel names them.
        repository.withdraw(sha256s(all), "testing");
        assertThat(all).allSatisfy(one -> assertThat(one.path()).exists());
        all.addAll(publish(family, repository, "2"));
        repository.promote(sha256s(all.subList(2, 4)), "testing", "stable");
        assertThat(sha256s(repository.packages("testing"))).containsExactlyElementsOf(sha256s(all.subList(2, 4)));
        assertThat(sha256s(repository.packages("stable"))).containsExactlyInAnyOrderElementsOf(sha256s(all));
        assertThat(listed(family, "stable")).containsExactlyInAnyOrderElementsOf(sha256s(all));
    }

    /** What the lists say, unpacked by the formats' own programs. */
    private List<String> listed(Family family, String channel) {
        String command = family == Family.APT
                ? "cd %s/dists/%s/main/binary-amd64 && xz -dc Packages.xz | cmp - Packages && zstd -qdc Packages.zst |"
                        + " sed -n 's/^SHA256: //p'"
                : "cd %s/%s && gzip -dc gzip/repodata/*-primary.xml.gz > /dev/null && zstd -qdc repodata/*-primary.xml.zst |"
                        + " sed -n 's/.*pkgid=\"YES\">\\([0-9a-f]*\\)<.*/\\1/p'";
        return Tools.must("sh", "-c", command.formatted(family.root(dir.resolve("repository")), channel))
                .lines()
                .toList();
    }
}
