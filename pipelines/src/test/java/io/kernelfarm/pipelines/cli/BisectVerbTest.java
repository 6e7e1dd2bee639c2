package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.FarmProcess;
import io.kernelfarm.pipelines.FarmProcess.Result;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong words for a bisection: one sentence, exit code 2, and nothing is written. */
class BisectVerbTest {

    @TempDir
    private Path folder;

    @Test
    void wrongWordsAreToldWithTheRemedy() throws IOException, InterruptedException {
        FarmRun.Places places = SampleRun.places(folder);
        SampleRun.built(places, "20260101T000000Z-aaaaaa", "6.1.1-farm1", "1", 1, "");
        SampleRun.built(places, "20260102T000000Z-bbbbbb", "6.1.2-farm1", "1", 2, "");
        List<String> ends = List.of("--good", "20260101T000000Z-aaaaaa", "--bad", "20260102T000000Z-bbbbbb");

        assertUsage("a bisection needs --good, --bad and --cell", "bisect");
        assertUsage("a bisection needs --good, --bad and --cell", "bisect", "--good", "a", "--bad", "b");
        assertUsage("--cell 'pvhvm': mode pvhvm needs a hypervisor", with(ends, "--cell", "pvhvm"));
        assertUsage(
                "--tree and --builds exclude each other",
                with(ends, "--cell", "metal", "--tree", ".", "--builds", "x"));
        assertUsage(
                "--resume goes on with what was asked then", "bisect", "--resume", "--good", "20260101T000000Z-aaaaaa");
        assertUsage("there is no bisection in ", "bisect", "--resume");
        assertUsage("there is no run 'v6.1'", "bisect", "--good", "v6.1", "--bad", "latest", "--cell", "metal");
        assertUsage(
                "--bad 20260101T000000Z-aaaaaa does not come after --good 20260102T000000Z-bbbbbb",
                "bisect",
                "--bad",
                "20260101T000000Z-aaaaaa",
                "--good",
                "20260102T000000Z-bbbbbb",
                "--cell",
                "metal");
        assertUsage(
                "--bad 20260102T000000Z-bbbbbb is not among the builds",
                with(ends, "--cell", "metal", "--builds", "20260101T000000Z-aaaaaa"));
        assertUsage(
                "--tree " + folder.resolve("nowhere") + " is no folder",
                with(
                        ends,
                        "--cell",
                        "metal",
                        "--tree",
                        folder.resolve("nowhere").toString(),
                        "--spec",
                        spec()));
        assertThat(folder.resolve("out/bisects")).doesNotExist();
    }

    private String spec() throws IOException {
        return Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n")
                .toString();
    }

    private static String[] with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(List.of("bisect"));
        all.addAll(words);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private void assertUsage(String sentence, String... words) throws IOException, InterruptedException {
        Result result = FarmProcess.run(
                folder, Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()), words);
        assertThat(result.err()).startsWith("farm: " + sentence).hasLineCount(1);
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
