package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {

    @TempDir
    private Path folder;

    @Test
    void aRunHasThePathsOfTheDesign() {
        RunLayout run = new OutLayout(folder).run("r1");

        assertThat(run.record()).isEqualTo(folder.resolve("runs/r1/run.json"));
        assertThat(run.dotConfig()).isEqualTo(folder.resolve("runs/r1/config/config"));
        assertThat(run.build().image()).isEqualTo(folder.resolve("runs/r1/build/vmlinuz"));
        assertThat(run.build().modules("6.1")).isEqualTo(folder.resolve("runs/r1/build/modules/lib/modules/6.1"));
        assertThat(run.packages()).isEqualTo(folder.resolve("runs/r1/packages"));
        assertThat(run.boot()).isEqualTo(folder.resolve("runs/r1/boot"));
    }

    @Test
    void anEpochsColonIsWrittenAsInDebiansArchive() {
        assertThat(CacheLayout.versioned(new CacheLayout(folder).sources(), "linux-source-6.1", "1:6.1-2"))
                .isEqualTo(folder.resolve("sources/linux-source-6.1_1%3a6.1-2"));
    }

    @Test
    void theLatestRunIsASymbolicLinkThatIsReplaced() throws IOException {
        OutLayout out = new OutLayout(folder);
        begin(out, "20260101T000000Z-aaaaaa");
        out.setLatest(begin(out, "20260101T000001Z-bbbbbb"));
        out.setLatest(begin(out, "20260101T000002Z-cccccc"));

        assertThat(Files.readSymbolicLink(out.latest())).isEqualTo(Path.of("runs/20260101T000002Z-cccccc"));
        assertThat(folder).isDirectoryNotContaining("glob:**/.latest*");
    }

    @Test
    void runsAreFoundByIdByPathAndAsTheLatest() throws IOException {
        OutLayout out = new OutLayout(folder);
        RunLayout run = begin(out, "20260101T000000Z-aaaaaa");
        out.setLatest(run);

        assertThat(out.find(run.id())).isEqualTo(run);
        assertThat(out.find("latest")).isEqualTo(run);
        assertThat(out.find(run.root().toString())).isEqualTo(run);
        assertThat(out.all()).containsExactly(run);
    }

    @Test
    void anUnknownRunIsAnsweredWithTheNewest() throws IOException {
        OutLayout out = new OutLayout(folder);
        assertThat(catchThrowableOfType(FarmException.class, () -> out.find("yesterday")))
                .hasMessage(
                        "there is no run 'yesterday' in " + folder + "; there is none yet: make one with './farm run'");
        begin(out, "20260101T000000Z-aaaaaa");
        begin(out, "20260101T000001Z-bbbbbb");
        FarmException refused = catchThrowableOfType(FarmException.class, () -> out.find("yesterday"));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused)
                .hasMessage("there is no run 'yesterday' in " + folder + "; the newest is 20260101T000001Z-bbbbbb");
    }

    @Test
    void aRecordIsReadAsItWasWritten() throws IOException {
        OutLayout out = new OutLayout(folder);
        RunLayout run = begin(out, "20260101T000000Z-aaaaaa");

        assertThat(Json.read(run.record(), RunRecord.class)).isEqualTo(record(run.id()));
        assertThat(Files.readString(run.record())).contains("\"state\" : \"running\"", "\"2026-01-01T00:00:00Z\"");
    }

    @Test
    void aDamagedRecordIsNamed() throws IOException {
        OutLayout out = new OutLayout(folder);
        RunLayout run = begin(out, "20260101T000000Z-aaaaaa");
        Files.writeString(run.record(), "{\"version\":");

        FarmException refused =
                catchThrowableOfType(FarmException.class, () -> Json.read(run.record(), RunRecord.class));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(refused).hasMessageStartingWith(run.record() + " is damaged (");
    }

    private static RunLayout begin(OutLayout out, String id) throws IOException {
        RunLayout run = out.run(id);
        RunJournal.begin(run, record(id));
        return run;
    }

    private static RunRecord record(String id) {
        return RunRecord.begin(id, Instant.parse("2026-01-01T00:00:00Z"), SpecReader.read(Project.file("kernel.yaml")));
    }
}
