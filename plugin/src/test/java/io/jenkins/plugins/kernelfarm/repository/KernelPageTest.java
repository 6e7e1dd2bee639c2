package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelPageTest {
    @TempDir
    private Path builds;

    private void keep(int build, String... runs) throws IOException {
        for (String run : runs) {
            Files.createDirectories(builds.resolve(build + "/kernel-farm/" + run));
        }
    }

    @Test
    void buildsAreFoundByTheirFolders() throws IOException {
        keep(1, "20260102T030405Z-abcdef", "20260102T030406Z-abcdef");
        keep(10, "20260103T030405Z-abcdef", "runs", ".desk", "..x");
        Files.createDirectories(builds.resolve("2"));
        Files.createDirectories(builds.resolve("legacyIds/kernel-farm/20260102T030405Z-abcdef"));
        Files.createSymbolicLink(builds.resolve("lastStableBuild"), builds.resolve("1"));
        Files.writeString(builds.resolve("permalinks"), "");

        assertThat(KernelIndex.read(builds))
                .extracting(kept -> kept.build() + " " + kept.run())
                .containsExactlyInAnyOrder(
                        "1 20260102T030405Z-abcdef", "1 20260102T030406Z-abcdef", "10 20260103T030405Z-abcdef");
        assertThat(KernelIndex.read(builds.resolve("none"))).isEmpty();
    }

    @Test
    void aPageHasTheNewestFirstAndReadsNoMoreThanItShows() throws IOException {
        List<KernelIndex.Kept> all = new ArrayList<>();
        for (int i = 1; i <= 101; i++) {
            all.add(new KernelIndex.Kept(builds, i, "20260102T0304%02dZ-%06x".formatted(i % 60, i)));
        }
        List<String> read = new ArrayList<>();
        KernelPage.Reader reader = kept -> {
            read.add(kept.run());
            return Optional.empty();
        };
        KernelPage first = KernelPage.of(all, 1, 50, reader);
        assertThat(first.pages()).isEqualTo(3);
        assertThat(first.total()).isEqualTo(101);
        assertThat(read).hasSize(50).isSortedAccordingTo(Comparator.reverseOrder());
        read.clear();
        assertThat(KernelPage.of(all, 99, 50, reader).number()).isEqualTo(3);
        assertThat(read).hasSize(1);
        assertThat(KernelPage.of(List.of(), 1, 50, reader).pages()).isEqualTo(1);
    }
}
