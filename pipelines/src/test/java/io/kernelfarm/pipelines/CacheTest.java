package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final CacheLimits ROOMY = new CacheLimits(1_000_000, Duration.ofDays(60));

    @TempDir
    private Path folder;

    private Cache cache() {
        return new Cache(new CacheLayout(folder), new SilentProgress());
    }

    private Path item(String name, int bytes, Duration ago) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        Files.write(Files.createDirectories(place.resolve("deep")).resolve("file"), new byte[bytes]);
        Files.setLastModifiedTime(place, FileTime.from(NOW.minus(ago)));
        return place;
    }

    private static List<String> names(List<Cache.Item> items) {
        return items.stream().map(item -> item.shelf() + "/" + item.name()).toList();
    }

    @Test
    void whatIsTooOldLeavesAndThenWhatWasNotUsedForTheLongestTime() throws IOException {
        item("builds/old", 10, Duration.ofDays(61));
        item("builds/third", 400, Duration.ofHours(2));
        item("objects/first", 400, Duration.ofDays(9));
        Path second = item("sources/second", 400, Duration.ofDays(8));
        Files.writeString(second.resolveSibling("second.sha256"), "00");

        List<Cache.Item> removed = cache().keepWithin(new CacheLimits(500, Duration.ofDays(60)), NOW);

        assertThat(names(removed)).containsExactly("builds/old", "objects/first", "sources/second");
        assertThat(names(cache().items())).containsExactly("builds/third");
        assertThat(second.resolveSibling("second.sha256")).doesNotExist();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aLockSaysWhenSomethingWasLastUsed() throws IOException {
        Path place = item("builds/one", 10, Duration.ofDays(90));

        FolderLock.holding(place, new SilentProgress(), () -> null);

        assertThat(cache().keepWithin(ROOMY, Instant.now())).isEmpty();
        assertThat(place).isDirectory();
    }

    /** Another process, because a lock is a process's. */
    @Test
    void whatAnotherFarmUsesStays() throws IOException, InterruptedException {
        Path place = item("objects/busy", 10, Duration.ofDays(90));
        Process holder = new ProcessBuilder(
                        "perl",
                        "-e",
                        "use Fcntl qw(:DEFAULT); open(my $f, '+>>', $ARGV[0]) or die; my $lock = pack('s s l! l! i', F_WRLCK, 0, 0, 0, 0);"
                                + " fcntl($f, F_SETLK, $lock) or die; $| = 1; print \"locked\\n\"; <STDIN>;",
                        FolderLock.file(place).toString())
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("locked");
            Files.setLastModifiedTime(FolderLock.file(place), FileTime.from(NOW.minus(Duration.ofDays(90))));

            assertThat(cache().keepWithin(ROOMY, NOW)).isEmpty();
            assertThat(place).isDirectory();
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        assertThat(names(cache().keepWithin(ROOMY, NOW))).containsExactly("objects/busy");
    }

    @Test
    void whatHasNoLockOfItsOwnStaysForADay() throws IOException {
        item("sources/now", 400, Duration.ofHours(3));
        item("dom0/image", 400, Duration.ofHours(4));

        assertThat(cache().keepWithin(new CacheLimits(1, Duration.ofDays(60)), NOW))
                .isEmpty();
    }

    @Test
    void theBoundsAreTakenFromTheEnvironment() {
        assertThat(CacheLimits.of(Map.of())).isEqualTo(new CacheLimits(40_000_000_000L, Duration.ofDays(60)));
        assertThat(CacheLimits.of(Map.of("KERNEL_FARM_CACHE_SIZE", "500M", "KERNEL_FARM_CACHE_DAYS", "7")))
                .isEqualTo(new CacheLimits(500_000_000L, Duration.ofDays(7)));
        assertThatExceptionOfType(FarmException.class)
                .isThrownBy(() -> CacheLimits.of(Map.of("KERNEL_FARM_CACHE_SIZE", "lots")))
                .withMessage("KERNEL_FARM_CACHE_SIZE is 'lots', which is no size such as 500M, 20G or 1T");
    }
}
