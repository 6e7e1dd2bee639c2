package io.kernelfarm.artifacts.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {
    @TempDir
    private Path dir;

    @Test
    @Timeout(10)
    void onlyRegularFilesArePacked() throws IOException {
        Path pipe = dir.resolve("pipe");
        Tools.must("mkfifo", pipe.toString());
        for (Path path : new Path[] {pipe, dir, Path.of("/dev/zero")}) {
            assertThatThrownBy(() -> SourceFile.of(path))
                    .isInstanceOf(IOException.class)
                    .hasMessage(path + " is no regular file; a package takes files, directories and symbolic links");
        }
        Path link = Files.createSymbolicLink(dir.resolve("link"), Files.writeString(dir.resolve("file"), "text"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SourceFile.of(link).copyTo(out, Digests.sha256(), new byte[3]);
        assertThat(out).hasToString("text");
    }

    @Test
    void aFileThatChangesWhileItIsPackedIsRefused() throws IOException {
        Path grows = Files.writeString(dir.resolve("grows"), "text");
        assertRefused(grows, () -> Files.writeString(grows, "more", StandardOpenOption.APPEND));
        Path shrinks = Files.writeString(dir.resolve("shrinks"), "text");
        assertRefused(shrinks, () -> Files.writeString(shrinks, ""));
        Path rewritten = Files.writeString(dir.resolve("rewritten"), "text");
        assertRefused(rewritten, () -> {
            Files.writeString(rewritten, "TEXT");
            Files.setLastModifiedTime(rewritten, FileTime.fromMillis(0));
        });
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void assertRefused(Path file, Change change) throws IOException {
        SourceFile source = SourceFile.of(file);
        change.make();
        assertThatThrownBy(() -> source.copyTo(OutputStream.nullOutputStream(), Digests.sha256(), new byte[3]))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " changed while it was packed; pack again when nothing writes to it");
    }
}
