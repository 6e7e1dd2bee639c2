package io.kernelfarm.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageSpecTest {
    private static final Path SOMETHING = Path.of("something");

    private static PackageSpec spec(String name, String version, PackageEntry... entries) {
        return new PackageSpec(
                name,
                version,
                "1",
                Architecture.AMD64,
                Samples.INFO,
                Relations.NONE,
                Map.of(),
                Instant.EPOCH,
                List.of(entries));
    }

    private static PackageEntry.File file(String path) {
        return new PackageEntry.File(Samples.path(path), SOMETHING, 0644);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "relative",
                "/a/../b",
                "/..",
                "/a//b",
                "/a/",
                "/./a",
                "/a\nb",
                "/a\0b",
                "/a\uFFFDb",
                "/a\uD800b",
                "/\uDC00"
            })
    void aPathThatIsNotPlainIsRefused(String path) {
        assertThatThrownBy(() -> new InstallPath(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathThatLinuxCouldNotHoldIsRefused() {
        assertThatThrownBy(() -> new InstallPath("/" + "ä".repeat(128))).hasMessageContaining("255 bytes");
        assertThatThrownBy(() -> new InstallPath("/abcdefgh".repeat(456))).hasMessageContaining("4095 bytes");
        assertThatThrownBy(() -> new InstallPath("/" + "\uD83D\uDE00".repeat(64)))
                .hasMessageContaining("255 bytes");
        assertThat(new InstallPath("/" + "\uD83D\uDE00".repeat(63)).name()).hasSize(126);
        assertThat(new InstallPath("/abcdefg".repeat(511) + "/abcdef").value()).hasSize(4095);
        assertThat(new InstallPath("/" + "a".repeat(255) + "/..b...").name()).isEqualTo("..b...");
    }

    @ParameterizedTest
    @ValueSource(ints = {04755, 01777, 0666, 0044, 0100644, -1})
    void modesThatEndangerAreRefused(int mode) {
        assertThatThrownBy(() -> new PackageEntry.File(Samples.path("/a"), SOMETHING, mode))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../etc", "../../b/../../../x", "", "/../etc", "a\nb"})
    void aLinkOutOfTheRootIsRefused(String target) {
        assertThatThrownBy(() -> new PackageEntry.Symlink(Samples.path("/a/b/link"), target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a/b/link");
    }

    @Test
    void whatCollidesIsRefused() {
        assertThatThrownBy(() -> spec("x", "1", file("/a"), file("/a"))).hasMessage("/a is in the package twice");
        assertThatThrownBy(() -> spec("x", "1", file("/a/b/c"), new PackageEntry.Symlink(Samples.path("/a"), "b")))
                .hasMessage("/a/b/c lies below /a, which is no directory");
    }

    @Test
    void whatCollidesWhereLibIsALinkIntoUsrIsRefused() {
        assertThatThrownBy(() -> spec("x", "1", file("/lib/modules/a"), file("/usr/lib/modules/a")))
                .hasMessage("/lib/modules/a and /usr/lib/modules/a are one place where /lib is a link to /usr/lib;"
                        + " name it once");
        assertThat(spec(
                                "x",
                                "1",
                                new PackageEntry.Directory(Samples.path("/lib/modules"), 0755),
                                new PackageEntry.Directory(Samples.path("/usr/lib/modules"), 0755),
                                file("/lib/modules/a"),
                                file("/usr/lib/modules/b"))
                        .entries())
                .hasSize(4);
    }

    @Test
    void entriesAreSorted() {
        assertThat(spec("x", "1", file("/b"), file("/a/c"), file("/a-b")).entries())
                .extracting(entry -> entry.path().value())
                .containsExactly("/a-b", "/a/c", "/b");
    }

    @ParameterizedTest
    @CsvSource({"a b,1", "../a,1", "a,1-2", "a,''", "'',1", "a,1/2", "-a,1"})
    void namesAndVersionsThatNoFileNameCouldHoldAreRefused(String name, String version) {
        assertThatThrownBy(() -> spec(name, version)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLineBreakCannotSmuggleAFieldIn() {
        assertThatThrownBy(() -> new PackageInfo("a\nEssential: yes", "", "m", "l", "s", ""))
                .hasMessageContaining("summary");
        assertThatThrownBy(() -> new Relations(List.of("a\nEssential: yes"), List.of(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/link, /etc/x, ../../etc/x",
        "/a/b/link, x, x",
        "/a/b/link, ../../../../etc, ../../etc",
        "/a/b/link, ../b/c, c",
        "/a/b/link, /, ../..",
        "/link, /, .",
        "/link, a/./../b//c, b/c",
        "/a/b/link, x/../../../.., ../..",
    })
    void aLinkIsRewrittenToStayBelowWhereItIsUnpacked(String link, String target, String expected) {
        assertThat(SymlinkTarget.insideRoot(Samples.path(link), target)).isEqualTo(expected);
    }

    @Test
    void aLevelThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new Compression(Compression.Algorithm.XZ, 10))
                .hasMessage("xz has no level 10; it goes from 0 to 9");
    }
}
