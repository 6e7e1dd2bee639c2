package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchivePageTest {

    private static final Pattern ROW = Pattern.compile("<tr><th scope=\"row\">");

    @TempDir
    private Path out;

    private DashboardLayout layout;

    @BeforeEach
    void layOut() {
        layout = new DashboardLayout(out.resolve("dashboard"));
    }

    /** Writes home and archive over the runs, of which the newest with a matrix is there to be read. */
    private void write(int runs) throws IOException {
        List<RunSource> sources = Summaries.keep(layout, Summaries.newestFirst(runs));
        new Dashboard(layout)
                .update(Summaries.and(
                        sources, new RunSource("newest", "f", () -> Samples.run("newest", out, Samples.allPass()))));
    }

    private static int rows(Path page) throws IOException {
        return (int) ROW.matcher(Files.readString(page)).results().count();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 1, 1", "100, 2, 0", "101, 2, 1", "999, 10, 99", "1000, 11, 0"})
    void pagesCountFromTheOldestRun(int older, int number, int placeFromTheOldest) {
        assertThat(ArchivePage.numberOf(older)).isEqualTo(number);
        List<RunSummary> newestFirst = Summaries.newestFirst(1040);
        List<RunSummary> page = ArchivePage.runs(newestFirst, number);
        assertThat(page.get(page.size() - 1 - placeFromTheOldest)).isEqualTo(Summaries.run(older + 1));
    }

    @Test
    void thereIsNoneWhileTheFirstPageNamesAll() throws IOException {
        write(49);
        assertThat(rows(layout.home())).isEqualTo(50);
        assertThat(Files.readString(layout.home())).contains("All runs").doesNotContain("archive/");
        assertThat(layout.archive(1)).doesNotExist();
        write(50);
        assertThat(rows(layout.home())).isEqualTo(50);
        assertThat(Files.readString(layout.home())).contains("The newest 50 of 51 runs", "href=\"archive/1.html\"");
        assertThat(rows(layout.archive(1))).isEqualTo(51);
    }

    @Test
    void olderAndNewerLeadOn() throws IOException {
        write(249);
        // The newest run that is not on the first page is number 200.
        assertThat(Files.readString(layout.home())).contains("href=\"archive/2.html\"");
        assertThat(List.of(rows(layout.archive(1)), rows(layout.archive(2)), rows(layout.archive(3))))
                .containsExactly(100, 100, 50);
        assertThat(layout.archive(4)).doesNotExist();
        assertThat(Files.readString(layout.archive(3)))
                .contains("Runs 201 to 250", "href=\"2.html\"", "href=\"../index.html\"")
                .doesNotContain("href=\"4.html\"");
        assertThat(Files.readString(layout.archive(2))).contains("href=\"1.html\"", "href=\"3.html\"");
        assertThat(Files.readString(layout.archive(1)))
                .contains("href=\"2.html\"", "href=\"../runs/run-0001/index.html\"")
                .doesNotContain("href=\"0.html\"");
    }

    @Test
    void pagesThatNoRunIsLeftForAreRemoved() throws IOException {
        write(449);
        assertThat(layout.archive(5)).exists();
        write(149);
        assertThat(layout.archive(2)).exists();
        assertThat(layout.archive(3)).doesNotExist();
        assertThat(layout.archive(5)).doesNotExist();
    }

    @Test
    void aNewRunChangesOnlyTheNewestPage() throws IOException {
        write(249);
        FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        for (int number = 1; number <= 3; number++) {
            Files.setLastModifiedTime(layout.archive(number), past);
        }
        write(250);
        assertThat(Files.getLastModifiedTime(layout.archive(1))).isEqualTo(past);
        assertThat(Files.getLastModifiedTime(layout.archive(2))).isEqualTo(past);
        assertThat(Files.getLastModifiedTime(layout.archive(3))).isNotEqualTo(past);
    }

    @Test
    void theDataFileHasWhatTheFirstPageShows() throws IOException {
        write(0);
        JsonNode one = new JsonMapper().readTree(layout.homeData().toFile());
        assertThat(one.get("latest").textValue()).isEqualTo("newest");
        assertThat(one.get("archives").intValue()).isZero();
        write(249);
        JsonNode many = new JsonMapper().readTree(layout.homeData().toFile());
        assertThat(many.get("total").intValue()).isEqualTo(250);
        assertThat(many.get("archives").intValue()).isEqualTo(3);
        assertThat(many.get("runs")).hasSize(50);
        assertThat(many.get("runs").get(1).get("id").textValue()).isEqualTo("run-0249");
        assertThat(many.get("runs").get(1).get("cells"))
                .isEqualTo(Summaries.run(249).json().get("cells"));
        assertThat(Files.readString(DataFile.twin(layout.homeData())))
                .startsWith("kernelFarm.loaded({\"version\":1,\"latest\":\"newest\"");
    }
}
