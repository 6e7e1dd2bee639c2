package io.kernelfarm.artifacts.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageMetadata;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages made by dpkg-deb and rpmbuild, and by the writers here. */
class PackageReaderTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("io.kernelfarm.artifacts.Samples#compressions")
    void bothFamiliesUnpackToTheSame(Compression compression) throws IOException {
        PackageSpec spec = Samples.spec(dir);
        Path fromDeb = dir.resolve("from-deb");
        Path fromRpm = dir.resolve("from-rpm");
        Path deb = new DebWriter(compression).writeInto(spec, dir);
        Path rpm = new RpmWriter(compression).writeInto(spec, dir);
        PackageReaders.of(deb).extract(deb, fromDeb);
        PackageReaders.of(rpm).extract(rpm, fromRpm);

        assertThat(Tools.tree(fromRpm)).isEqualTo(Tools.tree(fromDeb));
        assertThat(fromDeb.resolve("opt/sample/link")).hasSameBinaryContentAs(dir.resolve("text"));
        assertThat(Files.readSymbolicLink(fromDeb.resolve("opt/sample/absolute")))
                .hasToString("text");
        assertThat(PackageReaders.of(rpm).entries(rpm))
                .containsExactlyInAnyOrderElementsOf(PackageReaders.of(deb).entries(deb).stream()
                        .filter(entry -> entry.path().value().startsWith("/opt/sample"))
                        .toList());
        assertThat(PackageReaders.of(deb).metadata(deb))
                .isEqualTo(new PackageMetadata(
                        "sample",
                        "1.0~rc1-2",
                        "amd64",
                        spec.info().summary(),
                        "First line\n\nThird line: größer",
                        1476 * 1024));
        assertThat(PackageReaders.of(rpm).metadata(rpm))
                .isEqualTo(new PackageMetadata(
                        "sample",
                        "1.0~rc1-2",
                        "x86_64",
                        spec.info().summary(),
                        "First line\n\nThird line: größer",
                        1_500_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "xz", "zstd"})
    void whatDpkgDebMadeIsRead(String compression) throws IOException {
        Path tree = dir.resolve("tree");
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(
                tree.resolve("DEBIAN/control"),
                "Package: foreign\nVersion: 1:2-3\nArchitecture: all\nMaintainer: x <x@localhost>\nDescription: x\n");
        Files.createDirectories(tree.resolve("usr/share/foreign"));
        Files.writeString(tree.resolve("usr/share/foreign/one"), "content");
        Files.createLink(tree.resolve("usr/share/foreign/two"), tree.resolve("usr/share/foreign/one"));
        Files.createSymbolicLink(tree.resolve("usr/share/foreign/up"), Path.of("/usr/share/foreign/one"));
        Path deb = dir.resolve("foreign.deb");
        Tools.must("dpkg-deb", "--root-owner-group", "-Z" + compression, "-b", tree.toString(), deb.toString());

        Path target = dir.resolve("target");
        DebReader reader = new DebReader(ReadLimits.DEFAULT);
        reader.extract(deb, target);
        assertThat(reader.metadata(deb).version()).isEqualTo("1:2-3");
        assertThat(target.resolve("usr/share/foreign/two")).hasContent("content");
        assertThat(target.resolve("usr/share/foreign/up")).hasContent("content");
        assertThat(Files.getAttribute(target.resolve("usr/share/foreign/one"), "unix:nlink"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"w3.gzdio", "w3.xzdio", "w3.zstdio"})
    void whatRpmbuildMadeIsRead(String payload) throws IOException {
        Path specFile = Files.writeString(dir.resolve("foreign.spec"), """
                Name: foreign
                Epoch: 1
                Version: 2
                Release: 3
                Summary: x
                License: MIT
                BuildArch: noarch
                %description
                x
                %install
                mkdir -p %{buildroot}/usr/share/foreign
                echo -n content > %{buildroot}/usr/share/foreign/one
                ln %{buildroot}/usr/share/foreign/one %{buildroot}/usr/share/foreign/two
                ln -s /usr/share/foreign/one %{buildroot}/usr/share/foreign/up
                touch %{buildroot}/usr/share/foreign/ghost
                %files
                /usr/share/foreign
                %ghost /usr/share/foreign/ghost
                """);
        Tools.must(
                "rpmbuild",
                "-bb",
                "--define",
                "_topdir " + dir.resolve("build"),
                "--define",
                "_binary_payload " + payload,
                specFile.toString());
        Path rpm = dir.resolve("build/RPMS/noarch/foreign-2-3.noarch.rpm");

        Path target = dir.resolve("target");
        RpmReader reader = new RpmReader(ReadLimits.DEFAULT);
        reader.extract(rpm, target);
        assertThat(reader.metadata(rpm).version()).isEqualTo("1:2-3");
        assertThat(Tools.tree(target))
                .containsOnlyKeys(
                        "usr",
                        "usr/share",
                        "usr/share/foreign",
                        "usr/share/foreign/one",
                        "usr/share/foreign/two",
                        "usr/share/foreign/up");
        assertThat(target.resolve("usr/share/foreign/one")).hasContent("content");
        assertThat(target.resolve("usr/share/foreign/two")).hasContent("content");
        assertThat(target.resolve("usr/share/foreign/up")).hasContent("content");
        assertThat(reader.entries(rpm)).extracting(entry -> entry.path().name()).doesNotContain("ghost");
    }

    @Test
    void aDirectoryWithSomethingInItIsLeftAlone() throws IOException {
        Path deb = new DebWriter(Compression.DEFAULT).writeInto(Samples.spec(dir), dir);
        Path target = Files.createDirectory(dir.resolve("target"));
        Files.writeString(target.resolve("mine"), "mine");
        assertThatThrownBy(() -> PackageReaders.of(deb).extract(deb, target))
                .hasMessageContaining("not an empty directory");
        assertThat(Tools.tree(target)).containsOnlyKeys("mine");
        Files.delete(target.resolve("mine"));
        PackageReaders.of(deb).extract(deb, target);
        assertThat(target.resolve("opt/sample/text")).exists();
    }

    @Test
    void whatIsNoPackageIsSaidToBeNone() throws IOException {
        for (byte[] bytes : List.of(new byte[0], "hello world".getBytes(UTF_8))) {
            Path file = Files.write(dir.resolve("file"), bytes);
            assertThatThrownBy(() -> PackageReaders.of(file))
                    .isInstanceOf(PackageFormatException.class)
                    .hasMessage(file + " cannot be read as a package: it is neither a deb nor an rpm");
        }
    }
}
