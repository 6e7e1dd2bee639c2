package io.jenkins.plugins.kernelfarm.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentRunsTest {
    @TempDir
    private Path workspace;

    private List<String> find(String... patterns) throws IOException {
        return new AgentRuns(List.of(patterns)).invoke(workspace.toFile(), null);
    }

    private void run(String folder) throws IOException {
        Files.writeString(Files.createDirectories(workspace.resolve(folder)).resolve("run.json"), "{}");
    }

    @Test
    void patternsFindFoldersWithARecord() throws IOException {
        run("out/runs/b");
        run("out/runs/a");
        run("a/out/runs/c");
        Files.createDirectories(workspace.resolve("out/runs/empty"));
        Files.writeString(workspace.resolve("out/runs/file"), "");

        assertThat(find("out/runs/*")).containsExactly("out/runs/a", "out/runs/b");
        assertThat(find("out/runs/a", "*/out/runs/*", "out/runs/?"))
                .containsExactly("out/runs/a", "a/out/runs/c", "out/runs/b");
        assertThat(find("nothing/*")).isEmpty();
    }

    @Test
    void linksLeadToNoRun() throws IOException {
        run("out/runs/a");
        Files.createSymbolicLink(workspace.resolve("out/latest"), workspace.resolve("out/runs/a"));
        Files.createSymbolicLink(workspace.resolve("linked"), workspace.resolve("out"));
        Files.createDirectories(workspace.resolve("out/runs/b"));
        Files.createSymbolicLink(workspace.resolve("out/runs/b/run.json"), workspace.resolve("out/runs/a/run.json"));

        assertThat(find("out/*", "linked/runs/*", "out/runs/*")).containsExactly("out/runs/a");
    }
}
