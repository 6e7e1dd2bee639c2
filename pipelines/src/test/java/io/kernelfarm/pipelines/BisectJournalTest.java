package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Bisection;
import io.kernelfarm.pipelines.bisect.BuildList;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import io.kernelfarm.pipelines.bisect.Tester;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bisection that is ended, at whichever byte, and gone on with. */
class BisectJournalTest {

    private static final List<String> BUILDS =
            IntStream.range(0, 20).mapToObj(i -> "b" + i).toList();

    @TempDir
    private Path folder;

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void whereverItWasKilledNothingIsTestedTwiceAndTheResultIsTheSame() throws IOException {
        Path file = create("whole.jsonl");
        Outcome whole = run(file);
        assertThat(whole.kind()).isEqualTo(Outcome.Kind.FOUND);
        assertThat(whole.suspects()).containsExactly("b13");
        assertThat(asked.get()).isEqualTo(whole.steps().size());
        byte[] bytes = Files.readAllBytes(file);
        int header = new String(bytes, StandardCharsets.UTF_8).indexOf('\n') + 1;

        for (int length = header;
                length <= bytes.length;
                length += length == bytes.length ? 1 : Math.min(53, bytes.length - length)) {
            byte[] left = Arrays.copyOf(bytes, length);
            Path broken = Files.write(folder.resolve("broken.jsonl"), left);
            int kept = (int) new String(left, StandardCharsets.UTF_8)
                            .chars()
                            .filter(character -> character == '\n')
                            .count()
                    - 1;
            asked.set(0);

            Outcome resumed = run(broken);

            assertThat(resumed).isEqualTo(whole);
            assertThat(asked.get()).isEqualTo(whole.steps().size() - kept);
            assertThat(broken).hasBinaryContent(bytes);
        }
    }

    @Test
    void theTaskIsKept() throws IOException {
        try (BisectJournal journal = BisectJournal.open(create("task.jsonl"))) {
            assertThat(journal.task()).isEqualTo(task());
            assertThat(journal.task().spec().boot().modes()).isNotEmpty();
        }
    }

    @Test
    void anotherHistoryIsNotTakenForThisOne() throws IOException {
        Path file = create("other.jsonl");
        run(file);

        try (BisectJournal journal = BisectJournal.open(file)) {
            Tester tester = journal.around(this::test, steps -> {});
            assertThatThrownBy(() -> Bisection.run(new BuildList(BUILDS), "b2", "b19", tester))
                    .isInstanceOf(FarmException.class)
                    .hasMessageContaining("does not fit to the history any more: its test 1 is good-end of b0");
        }
    }

    @Test
    void aDamagedOneAndOneOfAnotherVersionAreTold() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.jsonl"), "{\"version\":1,\n");
        assertThatThrownBy(() -> BisectJournal.open(damaged)).hasMessageContaining(damaged + " is damaged");
        Path newer = create("newer.jsonl");
        Files.writeString(newer, Files.readString(newer).replace("{\"version\":1", "{\"version\":2"));
        assertThatThrownBy(() -> BisectJournal.open(newer)).hasMessageContaining("is of version 2");
    }

    private Path create(String name) throws IOException {
        Path file = folder.resolve(name);
        BisectJournal.create(file, task());
        return file;
    }

    private BisectTask task() throws IOException {
        Path spec = Files.writeString(
                folder.resolve("kernel.yaml"),
                "source: {debian: linux-source-6.1}\nprofile: quick\noptions: {HZ_250: y}\nboot: {cmdline: quiet}\n");
        return new BisectTask(
                BisectTask.FORMAT_VERSION,
                Instant.parse("2026-01-02T03:04:05Z"),
                "",
                BUILDS,
                "b0",
                "b19",
                BisectTask.CellName.of("pvhvm/xen-4.17"),
                SpecReader.read(spec));
    }

    private Outcome run(Path file) throws IOException {
        try (BisectJournal journal = BisectJournal.open(file)) {
            BisectTask task = journal.task();
            return Bisection.run(
                    new BuildList(task.builds()), task.good(), task.bad(), journal.around(this::test, steps -> {}));
        }
    }

    /** From 13 on they are bad; 8 to 10 cannot be tested. */
    private Step test(int number, Purpose purpose, String id, int suspects) {
        asked.incrementAndGet();
        int build = Integer.parseInt(id.substring(1));
        Verdict verdict = build >= 8 && build <= 10 ? Verdict.ERROR : build >= 13 ? Verdict.FAIL : Verdict.PASS;
        return new Step(
                number,
                purpose,
                id,
                "Änderung \"" + build + "\"\n",
                Answer.of(verdict),
                verdict,
                build == 3,
                verdict == Verdict.PASS ? "" : "Kernel panic - not syncing",
                verdict == Verdict.FAIL ? List.of(new Evidence(212, "[ 1.5] Kernel panic")) : List.of(),
                "6.1." + build,
                "ab".repeat(32),
                "steps/" + number,
                12.5);
    }
}
