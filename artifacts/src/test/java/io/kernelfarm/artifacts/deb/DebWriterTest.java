package io.kernelfarm.artifacts.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** dpkg-deb is the judge. */
class DebWriterTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("io.kernelfarm.artifacts.Samples#compressions")
    void dpkgDebUnpacksWhatWasPacked(Compression compression) throws IOException {
        PackageSpec spec = Samples.spec(dir);
        Path deb = new DebWriter(compression).writeInto(spec, dir.resolve("out"));
        assertThat(deb).hasFileName("sample_1.0~rc1-2_amd64.deb");

        Path root = dir.resolve("root");
        Tools.must("dpkg-deb", "-x", deb.toString(), root.toString());
        assertThat(Tools.tree(root))
                .containsKeys("opt/sample/private", "opt/sample/größe mit leer", "opt/sample/" + Samples.LONG_NAME)
                .containsEntry("opt/sample/link", "-> private/../text")
                .containsEntry("opt/sample/absolute", "-> /opt/sample/text");
        assertThat(root.resolve("opt/sample/text")).hasSameBinaryContentAs(dir.resolve("text"));
        assertThat(Tools.must("ar", "t", deb.toString()))
                .isEqualTo("debian-binary\ncontrol.tar.%1$s\ndata.tar.%1$s\n"
                        .formatted(compression.algorithm().suffix()));
        assertThat(Tools.must("dpkg-deb", "-c", deb.toString()))
                .contains("drwx------ root/root         0 2026-01-02")
                .contains("-rw------- root/root         0 2026-01-02");
    }

    @Test
    void theControlFileSaysWhatTheSpecSays() throws IOException {
        Path deb = new DebWriter(Compression.DEFAULT).writeInto(Samples.spec(dir), dir);
        assertThat(Tools.must("dpkg-deb", "-f", deb.toString())).isEqualTo("""
                        Package: sample
                        Version: 1.0~rc1-2
                        Architecture: amd64
                        Maintainer: Näme <name@localhost>
                        Installed-Size: 1476
                        Section: misc
                        Priority: optional
                        Homepage: https://localhost/
                        Description: A sample & <nothing> "more"
                         First line
                         .
                         Third line: größer
                        """);
    }

    @Test
    void theSameSpecGivesTheSameBytes() throws IOException {
        PackageSpec spec = Samples.spec(dir);
        Path first = new DebWriter(Compression.DEFAULT).writeInto(spec, dir.resolve("1"));
        Files.setLastModifiedTime(dir.resolve("text"), FileTime.fromMillis(0));
        Path second = new DebWriter(Compression.DEFAULT).writeInto(spec, dir.resolve("2"));
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void aFileThatIsMissingLeavesNothingBehind() throws IOException {
        PackageSpec spec =
                Samples.spec(dir, List.of(new PackageEntry.File(Samples.path("/gone"), dir.resolve("gone"), 0644)));
        Path out = dir.resolve("out");
        assertThatThrownBy(() -> new DebWriter(Compression.DEFAULT).writeInto(spec, out))
                .isInstanceOf(IOException.class);
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void whatADebDoesNotHaveIsRefused() throws IOException {
        PackageSpec spec = Samples.spec(dir, List.of(new PackageEntry.Ghost(Samples.path("/var/made"), 0644)));
        assertThatThrownBy(() -> new DebWriter(Compression.DEFAULT).writeInto(spec, dir))
                .hasMessageContaining("/var/made");
    }
}
