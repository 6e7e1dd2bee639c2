package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @TempDir
    private Path folder;

    /** Another farm, that says whether it got the folder. */
    static final class Other {
        private Other() {}

        public static void main(String[] words) throws IOException {
            System.out.println(FolderLock.tryHolding(Path.of(words[0]), () -> {}));
        }
    }

    @Test
    void anotherFarmGetsAFolderOnlyWhenItIsFreeAndItsTimeIsWhenItWasTaken() throws IOException {
        Path place = folder.resolve("place");
        Files.createFile(FolderLock.file(place));
        Files.setLastModifiedTime(FolderLock.file(place), FileTime.from(Instant.EPOCH));

        assertThat(FolderLock.holding(place, new SilentProgress(), () -> otherGets(place)))
                .isFalse();

        assertThat(otherGets(place)).isTrue();
        assertThat(Files.getLastModifiedTime(FolderLock.file(place)).toInstant())
                .isAfter(Instant.now().minusSeconds(3600));
    }

    private boolean otherGets(Path place) {
        try {
            FarmProcess.Result said = FarmProcess.start(folder, Map.of(), Other.class, place.toString())
                    .result();
            assertThat(said.exit()).as(said.err()).isZero();
            return Boolean.parseBoolean(said.out().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
