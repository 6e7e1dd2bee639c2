package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Bisection;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import io.kernelfarm.pipelines.bisect.Tester;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bisection of a git tree leaves; git itself and the published schema are the judges. */
class BisectReportTest {

    @TempDir
    private Path folder;

    private GitHistory history;
    private BisectTask task;
    private GitKernels kernels;
    private BisectLayout layout;

    @BeforeEach
    void begin() throws IOException {
        List<List<Integer>> line = new ArrayList<>(List.of(List.of()));
        IntStream.range(0, 15).forEach(i -> line.add(List.of(i)));
        history = GitHistory.make(folder.resolve("linux"), line);
        FarmRun.Places places = SampleRun.places(folder);
        Path spec = Files.writeString(
                folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n");
        layout = BisectRun.ofTree(
                history.folder(),
                "main~15",
                "main",
                BisectTask.CellName.of("pvhvm/xen-4.17"),
                SpecReader.read(spec),
                places);
        try (BisectJournal journal = BisectJournal.open(layout.journal())) {
            task = journal.task();
        }
        kernels = new GitKernels(task, places);
    }

    @Test
    void theFirstBadCommitIsNamedWithItsSubjectAndDateAndGitAgreesWhenItReplaysTheLog() throws IOException {
        BisectRecord record = finished((number, purpose, id, suspects) -> step(number, purpose, id, 11, 7));

        assertThat(record.sentence())
                .isEqualTo("the first bad one is commit " + history.id(11).substring(0, 12)
                        + " (\"Change number 11\"), verified: bad again, and its parent good again");
        assertThat(record.firstBad().what())
                .isEqualTo(new BisectRecord.Suspect(
                        history.id(11), "Change number 11", "Ada Lovelace", "2023-11-14T23:24:20+01:00"));
        assertThat(record.firstBad().parents()).containsExactly(history.id(10));
        assertThat(record.firstBad().evidence().purpose()).isEqualTo(Purpose.VERIFY_BAD);
        assertThat(record.firstBad().evidence().evidence())
                .containsExactly(new Evidence(212, "[ 1.5] Kernel panic - not syncing"));
        assertThat(history.git("bisect", "replay", layout.log().toString()))
                .contains(history.id(11) + " is the first bad commit");
        assertThat(Json.read(layout.record(), BisectRecord.class)).isEqualTo(record);
    }

    @Test
    void whatItLeavesKeepsToTheSchema() throws IOException {
        new BisectReport(layout, task, kernels).unfinished(List.of());
        assertKeepsToTheSchema();
        finished((number, purpose, id, suspects) -> step(number, purpose, id, 11, 7));
        assertKeepsToTheSchema();
        assertThat(schema().validate(
                                Files.readString(layout.record()).replace("\"bad\"", "\"worse\""), InputFormat.JSON))
                .isNotEmpty();
        finished((number, purpose, id, suspects) -> step(number, purpose, id, 11, 10));
        assertKeepsToTheSchema();
    }

    @Test
    void whereNobodyCanTellAllSuspectsAreNamed() throws IOException {
        BisectRecord record = finished((number, purpose, id, suspects) -> step(number, purpose, id, 11, 10));

        assertThat(record.outcome()).isEqualTo(Outcome.Kind.UNDECIDED);
        assertThat(record.firstBad()).isNull();
        assertThat(record.sentence())
                .startsWith("the first bad one is one of 2, and those of them that decide could not be tested: ")
                .contains("Change number 10", "Change number 11");
        Command.Result git = Command.of("git", "bisect", "replay", layout.log().toString())
                .in(history.folder())
                .run();
        assertThat(git.output())
                .contains("There are only 'skip'ped commits left to test", history.id(10), history.id(11));
    }

    @Test
    void aFaultThatDoesNotComeAgainNamesNobody() throws IOException {
        BisectRecord record = finished((number, purpose, id, suspects) ->
                step(number, purpose, id, purpose == Purpose.VERIFY_BAD ? 99 : 11, -1));

        assertThat(record.outcome()).isEqualTo(Outcome.Kind.NOT_REPRODUCIBLE);
        assertThat(record.firstBad()).isNull();
        assertThat(record.suspects()).isEmpty();
        assertThat(record.sentence())
                .startsWith("not reproducible: when tested again, commit ")
                .contains(" was good; ");
        assertThat(Files.readString(layout.log())).doesNotContain("# first bad commit");
    }

    @Test
    void aPassThatCameOnlyAfterAFailureIsPointedAt() throws IOException {
        BisectRecord record = finished((number, purpose, id, suspects) -> {
            Step step = step(number, purpose, id, 11, -1);
            return purpose == Purpose.SEARCH && step.answer() == Answer.GOOD
                    ? new Step(number, purpose, id, "", Answer.GOOD, Verdict.PASS, true, "", List.of(), "", "", "", 1)
                    : step;
        });

        assertThat(record.sentence()).contains("; of test 3, ", "a first attempt had failed (flaky)");
    }

    private BisectRecord finished(Tester tester) throws IOException {
        return new BisectReport(layout, task, kernels)
                .finished(Bisection.run(kernels, task.good(), task.bad(), tester));
    }

    /** From the commit {@code firstBad} on they are bad, and {@code untestable} does not compile. */
    private Step step(int number, Purpose purpose, String id, int firstBad, int untestable) throws IOException {
        int commit = history.number(id);
        boolean compiles = commit != untestable;
        Verdict verdict = !compiles || commit >= firstBad ? Verdict.FAIL : Verdict.PASS;
        return new Step(
                number,
                purpose,
                id,
                kernels.describe(id).title(),
                compiles ? Answer.of(verdict) : Answer.SKIP,
                verdict,
                false,
                verdict == Verdict.PASS ? "" : "it did not do",
                compiles && verdict == Verdict.FAIL
                        ? List.of(new Evidence(212, "[ 1.5] Kernel panic - not syncing"))
                        : List.of(),
                compiles ? "6.1.0-farm1" : "",
                compiles ? "ab".repeat(32) : "",
                "steps/" + number,
                12.5);
    }

    private void assertKeepsToTheSchema() throws IOException {
        String json = Files.readString(layout.record());
        assertThat(schema().validate(json, InputFormat.JSON)).as(json).isEmpty();
    }

    private static Schema schema() throws IOException {
        try (InputStream in = BisectRecord.class.getResourceAsStream(BisectRecord.SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
        }
    }
}
