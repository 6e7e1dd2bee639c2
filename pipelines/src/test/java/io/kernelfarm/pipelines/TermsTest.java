package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keeper of repositories says counts, and what the spec of somebody's run says does not. */
class TermsTest {

    @TempDir
    private Path folder;

    private Spec spec(String more) throws IOException {
        return SpecReader.read(Files.writeString(
                folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n" + more));
    }

    @Test
    void withoutATermTheSpecCounts() throws IOException {
        Spec spec = spec("channel: nightly\nkeep: {nightly: 3}\npromote: stable\n");
        assertThat(Terms.OF_SPEC.over(spec)).isEqualTo(spec);
    }

    @Test
    void aTermTakesThePlaceOfWhatTheSpecSays() throws IOException {
        Spec spec =
                spec("channel: stable\nkeep: {stable: 1, testing: 1}\nrepository: {url: 'https://evil.example.org'}\n");
        Spec under = Terms.of("https://k.example.org/farm/", "testing", Map.of("testing", 5, "stable", 0))
                .over(spec);
        assertThat(under.channel()).isEqualTo("testing");
        assertThat(under.repository().url()).isEqualTo("https://k.example.org/farm");
        assertThat(under.keep()).isEqualTo(Map.of("testing", 5));
        assertThat(Terms.of(null, "stable", Map.of())
                        .over(spec("promote: stable\n"))
                        .promote())
                .isNull();
    }

    @Test
    void aTermThatIsNoneIsRefused() throws IOException {
        Spec spec = spec("");
        for (Terms terms : List.of(
                Terms.of("file:///etc", null, null),
                Terms.of(null, "../x", null),
                Terms.of(null, null, Map.of("testing", -1)))) {
            assertThatThrownBy(() -> terms.over(spec)).isInstanceOf(FarmException.class);
        }
    }

    @Test
    void aRecordThatIsNotTheRunsOwnIsNotPublished() throws IOException {
        FarmRun.Places places = SampleRun.places(folder);
        RunLayout run = SampleRun.built(places, "20260102T030405Z-abcdef", "6.1.192-farm1", "1", 1, "");
        FarmRun.pack(run, places, event -> {});
        RunLayout other = places.out().run("20260102T030406Z-abcdef");
        Files.move(run.root(), other.root());
        assertThatThrownBy(() -> FarmRun.publish(other, places, event -> {}))
                .isInstanceOf(FarmException.class)
                .hasMessageContaining("is the record of run '20260102T030405Z-abcdef'");
        assertThat(places.out().repository().resolve("provenance")).doesNotExist();
        assertThatThrownBy(() -> places.out().provenance("../../x")).isInstanceOf(FarmException.class);
    }
}
