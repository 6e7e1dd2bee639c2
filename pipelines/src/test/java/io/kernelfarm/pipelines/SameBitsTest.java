package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameBitsTest {

    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void sameTrees() throws IOException {
        first = tree("first");
        second = tree("second");
    }

    private Path tree(String name) throws IOException {
        Path tree = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(tree.resolve("modules/empty"));
        Files.writeString(tree.resolve("vmlinuz"), "image");
        Files.writeString(tree.resolve("build.json"), name);
        Files.createSymbolicLink(tree.resolve("link"), Path.of("vmlinuz"));
        return tree;
    }

    private SameBits compared() throws IOException {
        return SameBits.compare(first, second, Set.of("build.json"));
    }

    private void differs(String file, String how) throws IOException {
        assertThat(compared().difference()).contains(new SameBits.Difference(file, how));
    }

    @Test
    void sameTreesAreTheSame() throws IOException {
        assertThat(compared()).isEqualTo(new SameBits(4, java.util.Optional.empty()));
    }

    @Test
    void contentsAreComparedByteByByte() throws IOException {
        Files.writeString(second.resolve("vmlinuz"), "images");
        differs("vmlinuz", "differs from byte 5 on: its end and 's'; it has 5 and 6 bytes");
        Files.write(second.resolve("vmlinuz"), new byte[] {'i', 'm', 'a', 'g', 0});
        differs("vmlinuz", "differs from byte 4 on: 'e' and 00");
    }

    @Test
    void namesKindsLinksAndPermissionsCount() throws IOException {
        Files.setPosixFilePermissions(second.resolve("vmlinuz"), PosixFilePermissions.fromString("rwxr-xr-x"));
        differs("vmlinuz", "has other permissions, rw-r--r-- and rwxr-xr-x");
        Files.delete(second.resolve("modules/empty"));
        differs("modules/empty", "is in the first alone");
        Files.delete(second.resolve("link"));
        Files.createSymbolicLink(second.resolve("link"), Path.of("elsewhere"));
        differs("link", "leads to vmlinuz and to elsewhere");
        Files.writeString(second.resolve("another"), "");
        differs("another", "is in the second alone");
        Files.createDirectory(first.resolve("another"));
        differs("another", "is a folder in the first and a file in the second");
    }

    /** What makes kernels differ most often: a compiler that was told the time. */
    @Test
    void ofAnObjectFileTheSectionIsNamed() throws IOException {
        compile(first, "one", "-c");
        compile(second, "two", "-c");

        assertThat(compared().difference().orElseThrow().file()).isEqualTo("modules/when.ko");
        assertThat(compared().difference().orElseThrow().how())
                .startsWith("differs from byte ")
                .contains(" on, in section .rodata: ");

        compile(second, "at a time that moves all that comes behind it in the file", "-c");
        assertThat(compared().difference().orElseThrow().how())
                .contains(" on, in section .rodata: ", "; it has ", " bytes");
    }

    /** A build ID lies before what it is a hash of. */
    @Test
    void aBuildIdCountsOnlyIfNothingElseDiffers() throws IOException {
        String[] linked = {"-shared", "-nostdlib", "-fPIC", "-Wl,--build-id=sha1"};
        compile(first, "one", linked);
        compile(second, "two", linked);
        assertThat(compared().difference().orElseThrow().how()).contains(" on, in section .rodata: ");

        compile(
                second,
                "one",
                "-shared",
                "-nostdlib",
                "-fPIC",
                "-Wl,--build-id=0x0123456789012345678901234567890123456789");
        assertThat(compared().difference().orElseThrow().how()).contains(" on, in section .note.gnu.build-id: ");
    }

    private static void compile(Path tree, String when, String... words) throws IOException {
        Files.writeString(tree.resolve("when.c"), "const char when[] = \"built \" WHEN;\n");
        Command.of("gcc", "-DWHEN=\"" + when + "\"", "when.c", "-o", "modules/when.ko")
                .and(words)
                .in(tree)
                .output();
    }
}
