package io.jenkins.plugins.kernelfarm.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunsTest {
    @TempDir
    private Path builds;

    private static String id(int number) {
        return "20260131T1200%02dZ-3fa9c1".formatted(number);
    }

    private void run(int build, String id, boolean matrix) throws IOException {
        new RunSummary(
                        "",
                        id,
                        matrix ? "6.1." + build : "",
                        "debian:linux-source-6.1=6.1",
                        KeptLayout.began(id),
                        1,
                        List.of(),
                        matrix ? Verdict.PASS : Verdict.MISS,
                        matrix ? "" : "compile: it did not",
                        matrix
                                ? List.of(new RunSummary.CellSummary(
                                        Mode.PV, "xen-4.17", "bios", "qemu", true, Verdict.PASS, false, 1, 1))
                                : List.of(),
                        List.of())
                .write(KeptLayout.ofBuild(builds.resolve(Integer.toString(build)))
                        .dashboard()
                        .summary(id));
    }

    @Test
    void theLatestIsTheNewestWithAMatrix() throws IOException {
        JobRuns runs = new JobRuns(builds);
        assertThat(runs.latest()).isEmpty();

        run(9, id(9), false);
        assertThat(runs.latest()).contains(new JobRuns.Place(9, id(9)));
        run(10, id(10), true);
        run(11, id(11), false);
        Files.createDirectories(builds.resolve("12"));

        assertThat(runs.latest()).contains(new JobRuns.Place(10, id(10)));
    }

    @Test
    void listsRunsOfNumberedBuildsTheNewestFirst() throws IOException {
        run(2, id(2), true);
        run(10, id(10), true);
        run(10, id(11), true);
        Files.createSymbolicLink(builds.resolve("lastStableBuild"), builds.resolve("10"));
        Files.createDirectories(builds.resolve("2/kernel-farm/runs/..evil"));

        assertThat(new JobRuns(builds).newestFirst()).extracting(RunSummary::id).containsExactly(id(11), id(10), id(2));
    }

    @Test
    void aDeletedBuildTakesItsRunsWithIt() throws IOException {
        run(1, id(1), true);
        run(2, id(2), true);
        JobRuns runs = new JobRuns(builds);
        assertThat(runs.places()).hasSize(2);

        FileTrees.delete(builds.resolve("2"));

        assertThat(runs.places()).containsExactly(new JobRuns.Place(1, id(1)));
        assertThat(runs.latest()).contains(new JobRuns.Place(1, id(1)));
        assertThat(runs.find(id(2))).isEmpty();
    }

    @Test
    void aBuildIsLookedAtAgainOnceItHasChanged() throws IOException {
        Files.createDirectories(builds.resolve("1"));
        JobRuns runs = new JobRuns(builds);
        assertThat(runs.places()).isEmpty();

        run(1, id(1), true);
        runs.forget(1);

        assertThat(runs.places()).containsExactly(new JobRuns.Place(1, id(1)));
    }

    @Test
    void aSummaryThatCannotBeReadStandsForItself() throws IOException {
        run(1, id(1), true);
        Files.writeString(KeptLayout.ofBuild(builds.resolve("1")).dashboard().summary(id(1)), "[".repeat(100_000));
        JobRuns runs = new JobRuns(builds);

        assertThat(runs.newestFirst().get(0).standing()).isEqualTo("What was kept of this run cannot be read.");
        assertThat(runs.latest()).isEmpty();
    }
}
