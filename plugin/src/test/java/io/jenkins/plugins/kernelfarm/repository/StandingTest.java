package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.pipelines.ChannelContents.Decided;
import io.kernelfarm.pipelines.ChannelContents.Kernel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final String IMAGE = "ab".repeat(32);
    private static final Kernel KERNEL = new Kernel("run", "6.1.192-farm1", IMAGE, "kernel-6.1.192", "", null);
    private static final SortedMap<String, List<Kernel>> CONTENTS =
            new TreeMap<>(Map.of("testing", List.of(KERNEL), "stable", List.of(KERNEL), "lts", List.of()));
    private static final DashboardRun.Promotion PROMOTION =
            new DashboardRun.Promotion(Instant.EPOCH, "promoted to stable", "ada", "6 passed cells", "cd".repeat(32));
    private static final Map<String, List<Decided>> DECISIONS =
            Map.of("run", List.of(new Decided(IMAGE, PROMOTION), new Decided("ef".repeat(32), PROMOTION)));

    private static Standing standing(String url, String run, String image) {
        return Standing.of(List.of("testing", "stable", "lts"), CONTENTS, DECISIONS, url, run, image);
    }

    @Test
    void aRunHasItsChannelsInTheOrderOfTheSettingsAndIsInstalledFromTheLast() {
        Standing standing = standing("https://ci.example.org/kernel-farm/repository", "run", IMAGE);

        assertThat(standing.channels()).containsExactly("testing", "stable");
        assertThat(standing.promotions()).containsExactly(PROMOTION);
        assertThat(standing.install())
                .extracting(DashboardRun.Snippet::text)
                .satisfiesExactly(
                        apt -> assertThat(apt)
                                .contains("https://ci.example.org/kernel-farm/repository/kernel-farm-stable.sources"),
                        dnf -> assertThat(dnf).contains("kernel-farm-stable.repo", "dnf install kernel-6.1.192"));
        assertThat(standing("", "run", IMAGE).install()).isEmpty();
    }

    @Test
    void aRunThatOnlyHasTheNameOfAPromotedOneHasNothing() {
        assertThat(standing("https://ci.example.org", "run", "00".repeat(32))).isEqualTo(Standing.NONE);
        assertThat(standing("https://ci.example.org", "run", "")).isEqualTo(Standing.NONE);
        assertThat(standing("https://ci.example.org", "other", IMAGE)).isEqualTo(Standing.NONE);
    }
}
