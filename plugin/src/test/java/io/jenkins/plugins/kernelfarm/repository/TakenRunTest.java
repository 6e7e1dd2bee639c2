package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.pipelines.RunLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent leaves may be anything. */
class TakenRunTest {
    private static final String ID = "20260102T030405Z-abcdef";

    @TempDir
    private Path folder;

    private Path from;
    private Path to;

    @BeforeEach
    void aWholeRun() throws IOException {
        from = folder.resolve("build").resolve(ID);
        to = folder.resolve("out/runs").resolve(ID);
        write("run.json");
        write("build/build.json");
        write("build/config");
        write("build/vmlinuz");
        write("source/source.json");
        write("boot/matrix.json");
        write("boot/consoles/pv.log");
        write("packages/linux-image.deb");
        write("packages/kernel-core.rpm");
        write("packages/readme.txt");
    }

    private void write(String name) throws IOException {
        Files.createDirectories(from.resolve(name).getParent());
        Files.writeString(from.resolve(name), name);
    }

    private TakenRun run() throws IOException {
        return new TakenRun(new RunLayout(from), new RunLayout(to));
    }

    @Test
    void whatPublishingNeedsIsTakenAndNothingElse() throws IOException {
        assertThat(run().isKnown()).isFalse();
        run().take();

        try (Stream<Path> all = Files.walk(to)) {
            assertThat(all.filter(Files::isRegularFile)
                            .map(file -> to.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "run.json",
                            "build/build.json",
                            "build/config",
                            "source/source.json",
                            "boot/matrix.json",
                            "packages/linux-image.deb",
                            "packages/kernel-core.rpm");
        }
        assertThat(run().isKnown()).isTrue();
        assertThat(run().isSame(from.resolve("build/build.json"))).isTrue();
        write("boot/../build/build.json");
        Files.writeString(from.resolve("build/build.json"), "another");
        assertThat(run().isSame(from.resolve("build/build.json"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"run.json", "build/build.json", "build/config", "boot/matrix.json", "packages/linux-image.deb"})
    void aLinkIsNotFollowed(String name) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Files.delete(from.resolve(name));
        Files.createSymbolicLink(from.resolve(name), secret);

        assertThatThrownBy(() -> run().take())
                .isInstanceOf(TakenRun.NotTakenException.class)
                .hasMessageContaining(name);
        assertThat(to.resolve("run.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"build", "packages", "boot"})
    void aFolderThatIsALinkIsNotFollowed(String name) throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(from.resolve(name), elsewhere);
        Files.createSymbolicLink(from.resolve(name), elsewhere);

        assertThatThrownBy(() -> run().take()).isInstanceOf(TakenRun.NotTakenException.class);
        assertThat(to.resolve("run.json")).doesNotExist();
    }

    @Test
    void aRecordThatIsTooLargeOrAFolderIsRefused() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(from.resolve("build/config").toFile(), "rw")) {
            file.setLength((64L << 20) + 1); // A hole: it takes no room.
        }
        assertThatThrownBy(() -> run().take())
                .hasMessageContaining("build/config")
                .hasMessageContaining("67108865");
        Files.delete(from.resolve("build/config"));
        Files.createDirectory(from.resolve("build/config"));
        assertThatThrownBy(() -> run().take()).hasMessageContaining("no plain file build/config");
    }

    @Test
    void aRunWithoutPackagesIsRefused() throws IOException {
        Files.delete(from.resolve("packages/linux-image.deb"));
        Files.delete(from.resolve("packages/kernel-core.rpm"));
        assertThatThrownBy(() -> run().take()).hasMessageContaining("has no packages");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".hidden", "a b", "a\nb", "-x", "a/b", ""})
    void whatIsNoNameOfARunIsRefused(String name) {
        assertThat(TakenRun.isId(name)).isFalse();
        assertThatThrownBy(() -> TakenRun.checkId(name)).isInstanceOf(TakenRun.NotTakenException.class);
    }
}
