package io.jenkins.plugins.kernelfarm.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedFilesTest {
    @TempDir
    private Path folder;

    private Path file;
    private String sum;
    private final List<Path> hashed = new ArrayList<>();

    /** Its clock is ahead, so what the test has just written counts as old. */
    private final HashedFiles files =
            new HashedFiles(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)), this::hash);

    private String hash(Path path) throws IOException {
        hashed.add(path);
        return ProgramFiles.sha256(path);
    }

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("farm.jar"), "right");
        sum = ProgramFiles.sha256(file);
    }

    @Test
    void whatHasNotChangedIsHashedOnce() throws IOException {
        assertThat(files.has(file, sum)).isTrue();
        assertThat(files.has(file, sum)).isTrue();
        assertThat(files.has(file, "0".repeat(64))).isFalse();

        assertThat(hashed).containsExactly(file);
    }

    @Test
    void anotherContentOfTheSameSizeAndTimeIsFound() throws Exception {
        FileTime modified = Files.getLastModifiedTime(file);
        assertThat(files.has(file, sum)).isTrue();

        Object changed = Files.getAttribute(file, "unix:ctime");
        while (Files.getAttribute(file, "unix:ctime").equals(changed)) { // The file system's clock has to tick.
            Files.writeString(file, "wrong");
            Files.setLastModifiedTime(file, modified);
        }

        assertThat(Files.size(file)).isEqualTo("right".length());
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
        assertThat(files.has(file, sum)).isFalse();
        Files.writeString(file, "right");
        assertThat(files.has(file, sum)).isTrue();
    }

    @Test
    void anotherFileInItsPlaceIsFound() throws IOException {
        assertThat(files.has(file, sum)).isTrue();

        Path other = Files.writeString(folder.resolve("other"), "wrong");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(files.has(file, sum)).isFalse();
    }

    @Test
    void whatIsGoneIsNotThere() throws IOException {
        assertThat(files.has(file, sum)).isTrue();
        Files.delete(file);
        assertThat(files.has(file, sum)).isFalse();
        assertThat(files.has(Files.createDirectory(file), sum)).isFalse();
    }

    /** Within a tick of the file system's clock it could change once more and look the same. */
    @Test
    void whatHasJustChangedIsNotRemembered() throws IOException {
        HashedFiles now = new HashedFiles(Clock.systemUTC(), this::hash);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));

        assertThat(now.has(file, sum)).isTrue();
        assertThat(now.has(file, sum)).isTrue();

        assertThat(hashed).containsExactly(file, file);
    }
}
