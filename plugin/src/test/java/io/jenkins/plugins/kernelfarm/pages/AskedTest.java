package io.jenkins.plugins.kernelfarm.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedTest {
    private static final Path FOLDER = Path.of("/x/kernel-farm");

    @Test
    void theRestOfAUrlIsAPathBelowTheFolder() {
        assertThat(Asked.path(FOLDER, "/runs/a/cells/b.html")).contains(Path.of("/x/kernel-farm/runs/a/cells/b.html"));
        assertThat(Asked.path(FOLDER, "/a//b/")).contains(Path.of("/x/kernel-farm/a/b"));
        assertThat(Asked.path(FOLDER, "")).contains(FOLDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/..", "/a/../../b", "/.publish-x/y", "/a/./b", "/a\\..\\b", "/a\u0000b", "/a/.hidden", "/a\nb"})
    void nothingLeadsOutOfItOrToWhatIsOnItsWay(String rest) {
        assertThat(Asked.path(FOLDER, rest)).isEmpty();
    }

    @Test
    void aPartIsTheFirstBelowAFolder() {
        assertThat(Asked.part(FOLDER, FOLDER.resolve("a/b"))).isEqualTo("a");
        assertThat(Asked.part(FOLDER, FOLDER)).isEmpty();
        assertThat(Asked.part(FOLDER, Path.of("/y"))).isEmpty();
    }

    @Test
    void aPathInAUrlIsEncoded() {
        assertThat(Asked.encoded("/a b/\r\nx:<ä>")).isEqualTo("/a%20b/%0D%0Ax:%3C%C3%A4%3E");
    }
}
