package io.kernelfarm.artifacts.dnf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.openpgp.TestKey;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** dnf is the judge. */
class DnfRepositoryTest {
    private static final String RELEASE = "6.1.192-farm1";

    @TempDir
    private Path dir;

    private Path repository;
    private DnfRepository dnf;
    private DnfClient client;

    @BeforeEach
    void makeClient() throws IOException {
        repository = dir.resolve("repository/dnf");
        RepositorySettings settings = RepositorySettings.of(URI.create("file://" + dir.resolve("repository")));
        dnf = new DnfRepository(repository, TestKey.first(), settings);
        ClientConfiguration.write(dir.resolve("repository"), settings.url(), "testing", "", TestKey.first());
        client = new DnfClient(dir.resolve("client"), dir.resolve("repository/kernel-farm-testing.repo"));
    }

    private Path rpm(String build, String release, String revision, long seed) throws IOException {
        return new RpmWriter(Compression.DEFAULT)
                .writeInto(
                        KernelPackages.rpm(SampleKernel.make(dir.resolve(build), release, revision, seed)),
                        dir.resolve(build));
    }

    private Path base() throws IOException {
        return BaseSystem.rpm(dir, Files.write(dir.resolve("empty"), new byte[0]));
    }

    @Test
    void dnfInstallsWhatWasPublishedAndKeepsKernelsSideBySide() throws IOException {
        Path kernel = rpm("build", RELEASE, "1", 1);
        PublishedPackage published =
                dnf.publish(List.of(kernel, base()), "testing").get(0);
        assertThat(published.given()).isEqualTo(Digests.sha256(kernel));
        assertThat(published.sha256())
                .isEqualTo(Digests.sha256(published.path()))
                .isNotEqualTo(published.given());
        assertThat(published.name()).isEqualTo("kernel-core");
        assertThat(published.version()).isEqualTo("6.1.192_farm1-1");

        client.must("install", "kernel-core");
        assertThat(client.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(dir.resolve("build/bzImage"));
        assertThat(client.root().resolve("lib/modules/" + RELEASE + "/modules.dep"))
                .exists();

        dnf.publish(List.of(rpm("other", "6.1.193-farm1", "1", 2)), "testing");
        client.must("upgrade");
        assertThat(client.root().resolve("boot/vmlinuz-" + RELEASE)).exists();
        assertThat(client.root().resolve("boot/vmlinuz-6.1.193-farm1"))
                .hasSameBinaryContentAs(dir.resolve("other/bzImage"));
        assertThat(client.must("repoquery", "-q", "--whatprovides", "kernel-uname-r = 6.1.193-farm1"))
                .contains("kernel-core-0:6.1.193_farm1-1.x86_64");

        client.must("remove", "kernel-core");
        assertThat(client.root().resolve("boot")).doesNotExist();
    }

    @Test
    void createrepoSaysTheSameOfEachPackage() throws Exception {
        PackageSpec odd = Samples.spec(
                dir,
                List.of(
                        new PackageEntry.File(
                                Samples.path("/etc/a & <b>.conf"), Files.createFile(dir.resolve("empty")), 0644),
                        new PackageEntry.Ghost(Samples.path("/usr/bin/made"), 0755)));
        Path oddRpm = new RpmWriter(new Compression(Compression.Algorithm.GZIP, 1)).writeInto(odd, dir);
        List<Path> all = new ArrayList<>(List.of(base(), oddRpm));
        for (PackageSpec spec : KernelPackages.rpms(SampleKernel.withHeaders(dir.resolve("build"), RELEASE))) {
            all.add(new RpmWriter(Compression.DEFAULT).writeInto(spec, dir));
        }
        dnf.publish(all, "testing");
        dnf.publish(List.of(rpm("other", "6.2.0-rc1-farm1", "1", 2)), "testing");

        Path theirs = Files.createDirectory(dir.resolve("theirs"));
        Tools.must(
                "createrepo_c",
                "-q",
                "-o",
                theirs.toString(),
                "--excludes=gzip/*",
                repository.resolve("testing").toString());
        for (String list : List.of("primary", "filelists", "other")) {
            for (String view : List.of("testing/repodata", "testing/gzip/repodata")) {
                assertThat(packages(repository.resolve(view), list))
                        .as(view + " " + list)
                        .isEqualTo(packages(theirs.resolve("repodata"), list));
            }
        }
    }

    /** Digest of a package to its element, as text without the accidents of spacing and order. */
    private static Map<String, String> packages(Path repodata, String list) throws Exception {
        Matcher location = Pattern.compile("href=\"repodata/([^\"]*-" + list + "\\.xml\\.(gz|zst))\"")
                .matcher(Files.readString(repodata.resolve("repomd.xml")));
        assertThat(location.find()).isTrue();
        byte[] packed = Files.readAllBytes(repodata.resolve(location.group(1)));
        Map<String, String> packages = new TreeMap<>();
        Compression.Algorithm algorithm =
                location.group(2).equals("gz") ? Compression.Algorithm.GZIP : Compression.Algorithm.ZSTD;
        try (InputStream in = algorithm.decompress(new ByteArrayInputStream(packed))) {
            Element document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
            for (Node node = document.getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element element) {
                    List<String> lines = new ArrayList<>();
                    flatten("", element, lines);
                    packages.put(element.getAttribute("pkgid") + text(element, "checksum"), String.join("\n", lines));
                }
            }
            assertThat(document.getAttribute("packages")).isEqualTo(Integer.toString(packages.size()));
        }
        return packages;
    }

    private static String text(Element element, String child) {
        Node node = element.getElementsByTagName(child).item(0);
        return node == null ? "" : node.getTextContent();
    }

    private static void flatten(String path, Element element, List<String> lines) {
        StringBuilder line = new StringBuilder(path + "/" + element.getTagName());
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            line.append(' ').append(element.getAttributes().item(i));
        }
        List<String> below = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                flatten(path + "/" + element.getTagName(), child, below);
            } else {
                text.append(node.getTextContent());
            }
        }
        lines.add(line + " " + text.toString().strip());
        below.sort(null);
        lines.addAll(below);
    }

    @Test
    void anotherBuildOfTheSameVersionTakesThePlaceInTheIndexButNotOnDisk() throws IOException {
        PublishedPackage old =
                dnf.publish(List.of(rpm("build", RELEASE, "1", 1)), "testing").get(0);
        PublishedPackage fresh =
                dnf.publish(List.of(rpm("again", RELEASE, "1", 2)), "testing").get(0);
        assertThat(fresh.path()).isNotEqualTo(old.path());
        assertThat(Digests.sha256(old.path())).isEqualTo(old.sha256());
        assertThat(client.must("repoquery", "-q", "--location", "kernel-core").strip())
                .endsWith(repository.resolve("pool").relativize(fresh.path()).toString())
                .isNotEqualTo(repository.resolve("pool").relativize(old.path()).toString());
    }

    @Test
    void whatIsBadIsNotPublished() throws IOException {
        Path good = rpm("build", RELEASE, "1", 1);
        Path bad = Files.writeString(dir.resolve("bad.rpm"), "bad");
        assertThatThrownBy(() -> dnf.publish(List.of(good, bad), "testing"))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("bad.rpm");
        byte[] bytes = Files.readAllBytes(good);
        Path torn = Files.write(dir.resolve("torn.rpm"), Arrays.copyOf(bytes, bytes.length - 2));
        assertThatThrownBy(() -> dnf.publish(List.of(good, torn), "testing"))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("torn.rpm");
        assertThatThrownBy(() -> dnf.publish(List.of(good), "Testing")).isInstanceOf(IllegalArgumentException.class);
        try (Stream<Path> files = Files.exists(repository) ? Files.list(repository) : Stream.empty()) {
            assertThat(files).isEmpty();
        }
    }
}
