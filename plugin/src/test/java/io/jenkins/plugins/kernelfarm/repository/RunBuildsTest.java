package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBuildsTest {
    private static final String RUN = "20260102T030405Z-abcdef";
    private static final String OTHER = "20260102T030406Z-abcdef";

    @TempDir
    private Path folder;

    @Test
    void aRunIsAnOrphanOnceEachOfItsBuildsIsDeleted() throws IOException {
        RunBuilds builds = new RunBuilds(folder.resolve("builds"));
        assertThat(builds.orphans()).isEmpty();
        assertThat(builds.buildDeleted(List.of(RUN), "kernel#1")).isFalse();
        builds.add(RUN, "kernel#1");
        builds.add(RUN, "kernel#1");
        builds.add(RUN, "folder/kernel#12");
        builds.add(OTHER, "kernel#1");

        assertThat(builds.buildDeleted(List.of(RUN), "kernel#1")).isFalse();
        assertThat(builds.buildDeleted(List.of(RUN), "folder/kernel#1")).isFalse();
        assertThat(builds.orphans()).isEmpty();
        assertThat(builds.buildDeleted(List.of(RUN), "folder/kernel#12")).isTrue();
        // As a Jenkins sees it that was started anew.
        assertThat(new RunBuilds(folder.resolve("builds")).orphans()).containsExactly(RUN);
        builds.add(RUN, "kernel#3");
        assertThat(builds.orphans()).isEmpty();
    }

    @Test
    void aJobGoesWithItsBuildsUnderTheNameThatItHas() throws IOException {
        RunBuilds builds = new RunBuilds(folder);
        builds.add(RUN, "kernel#1");
        builds.add(OTHER, "kernel-next#1");
        builds.jobMoved("kernel", "folder/kernel");

        assertThat(builds.jobDeleted("kernel")).isFalse();
        assertThat(builds.orphans()).isEmpty();
        assertThat(builds.jobDeleted("folder/kernel")).isTrue();
        assertThat(builds.orphans()).containsExactly(RUN);
        builds.forget(RUN);
        assertThat(builds.orphans()).isEmpty();
        assertThat(Files.readString(folder.resolve(OTHER))).isEqualTo("kernel-next#1\n");
    }
}
