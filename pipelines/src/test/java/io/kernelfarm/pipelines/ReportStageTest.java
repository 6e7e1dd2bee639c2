package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs' pages are written anew. */
class ReportStageTest {

    private static final FileTime PAST = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path folder;

    private OutLayout out;
    private FarmRun.Places places;
    private RunLayout first;
    private RunLayout second;

    @BeforeEach
    void lay() throws IOException {
        places = SampleRun.places(folder);
        out = places.out();
        first = SampleRun.published(places, "20260102T030405Z-abcdef", "6.1.192-farm1", 1, "");
        second = SampleRun.published(places, "20260102T030406Z-abcdef", "6.1.193-farm1", 2, "");
        SampleRun.boot(first, SampleRun.allPass());
        SampleRun.boot(second, SampleRun.allPass());
        assertThat(rewritten()).containsExactly(first, second);
    }

    /** The runs of which the dashboard is written anew. */
    private List<RunLayout> rewritten() throws IOException {
        List<RunLayout> runs = List.of(first, second);
        for (RunLayout run : runs) {
            if (Files.exists(summary(run))) {
                Files.setLastModifiedTime(summary(run), PAST);
            }
        }
        ReportStage.dashboard(places);
        List<RunLayout> rewritten = new ArrayList<>();
        for (RunLayout run : runs) {
            if (!Files.getLastModifiedTime(summary(run)).equals(PAST)) {
                rewritten.add(run);
            }
        }
        return rewritten;
    }

    private Path summary(RunLayout run) {
        return out.dashboard().summary(run.id());
    }

    private String page(RunLayout run) throws IOException {
        return Files.readString(out.dashboard().run(run.id()));
    }

    @Test
    void noneWhileNothingChanges() throws IOException {
        assertThat(rewritten()).isEmpty();
    }

    @Test
    void theOneThatWasBootedAgain() throws IOException {
        SampleRun.boot(first, Map.of(Mode.METAL, Verdict.FAIL));
        assertThat(rewritten()).containsExactly(first);
        assertThat(Files.readString(summary(first))).contains("\"verdict\":\"FAIL\"");
    }

    @Test
    void theOneThatWasPromotedOrTakenOut() throws IOException {
        Promoter promoter = new Promoter(first, "stable", "ada", Terms.OF_SPEC, places, new SilentProgress());
        promoter.promote();
        assertThat(rewritten()).containsExactly(first);
        assertThat(Files.readString(summary(first))).contains("\"channels\":[\"testing\",\"stable\"]");
        assertThat(page(first)).contains("promoted to stable");
        promoter.undo();
        assertThat(rewritten()).containsExactly(first);
        assertThat(page(first)).contains("taken out of stable");
        assertThat(rewritten()).isEmpty();
    }

    @Test
    void theOneWhosePackagesLeftTheirChannel() throws IOException {
        assertThat(Files.readString(summary(second))).contains("\"channels\":[\"testing\"]");
        // As if a later build of the same release had taken its place.
        Files.writeString(
                second.publication(),
                Files.readString(second.publication()).replaceFirst("\"sha256\" : \"..", "\"sha256\" : \"__"));
        assertThat(rewritten()).containsExactly(second);
        assertThat(Files.readString(summary(second))).contains("\"channels\":[]");
    }

    @Test
    void theOneWithAnotherConsole() throws IOException {
        Files.createDirectories(first.consoles());
        assertThat(rewritten()).containsExactly(first);
        Files.writeString(first.consoles().resolve("metal.log"), "text");
        assertThat(rewritten()).containsExactly(first);
    }

    @Test
    void allThatAnotherFarmWrote() throws IOException {
        Path kept = summary(second);
        Files.writeString(kept, Files.readString(kept).replaceFirst("\"fingerprint\":\"..", "\"fingerprint\":\"__"));
        assertThat(rewritten()).containsExactly(second);
    }
}
