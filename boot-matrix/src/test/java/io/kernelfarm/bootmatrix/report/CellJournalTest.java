package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellJournalTest {

    private static final MatrixResult MATRIX = Samples.troubled();
    private static final List<Cell> CELLS =
            MATRIX.cells().stream().map(CellResult::cell).toList();
    private static final CellJournal.Header HEADER =
            new CellJournal.Header(Map.of("image", Samples.IMAGE, "emulator", "QEMU 7.2"), CELLS);

    @TempDir
    private Path folder;

    @Test
    void whatIsFinishedIsKeptAndTheRestIsLeft() throws IOException {
        Path file = journalOf(3);
        try (CellJournal journal = CellJournal.open(file, HEADER)) {
            assertThat(journal.kept()).isEqualTo(MATRIX.cells().subList(0, 3));
            assertThat(journal.unfinished(CELLS)).isEqualTo(CELLS.subList(3, 7));
        }
    }

    @Test
    void theWholeIsTheSameAsIfNothingHadHappened() throws IOException {
        Path file = journalOf(3);
        try (CellJournal journal = CellJournal.open(file, HEADER)) {
            journal.control(Samples.CONTROL);
            MatrixResult rest = part(3, 7);
            rest.cells().forEach(journal::finished);
            MatrixResult whole = journal.whole(rest, CELLS);
            assertThat(whole.cells()).isEqualTo(MATRIX.cells());
            assertThat(whole.control()).isEqualTo(Samples.CONTROL);
            assertThat(whole.kernel()).isEqualTo(MATRIX.kernel());
            assertThat(whole.seconds()).as("both parts").isGreaterThanOrEqualTo(rest.seconds());
        }
        try (CellJournal again = CellJournal.open(file, HEADER)) {
            assertThat(again.unfinished(CELLS)).isEmpty();
            MatrixResult whole = again.whole(part(0, 0), CELLS);
            assertThat(whole.cells()).isEqualTo(MATRIX.cells());
            assertThat(whole.control()).isEqualTo(Samples.CONTROL);
        }
    }

    @Test
    void aCellThatIsFinishedTwiceCountsOnce() throws IOException {
        Path file = journalOf(1);
        try (CellJournal journal = CellJournal.open(file, HEADER)) {
            journal.finished(MATRIX.cells().get(0));
            journal.finished(MATRIX.cells().get(1));
            journal.finished(MATRIX.cells().get(1));
        }
        assertThat(Files.readAllLines(file)).hasSize(3);
        try (CellJournal journal = CellJournal.open(file, HEADER)) {
            assertThat(journal.kept()).hasSize(2);
        }
    }

    /** The farm may be killed between any two bytes that it writes. */
    @Test
    void whereverTheFileEndsItGoesOnFromTheLastWholeLine() throws IOException {
        byte[] all = Files.readAllBytes(journalOf(3));
        int header = new String(all, StandardCharsets.UTF_8).indexOf('\n') + 1;
        Path file = folder.resolve("torn.jsonl");
        for (int length = header; length <= all.length; length++) {
            boolean nearAnEnd =
                    all[length - 1] == '\n' || all[Math.max(0, length - 2)] == '\n' || length == all.length - 1;
            if (!nearAnEnd && length % 97 != 0) {
                continue;
            }
            byte[] torn = Arrays.copyOf(all, length);
            Files.write(file, torn);
            int lines = (int) new String(torn, StandardCharsets.UTF_8)
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            try (CellJournal journal = CellJournal.open(file, HEADER)) {
                assertThat(journal.kept())
                        .as("%d bytes", length)
                        .isEqualTo(MATRIX.cells().subList(0, lines - 1));
                journal.finished(MATRIX.cells().get(3));
            }
            try (CellJournal journal = CellJournal.open(file, HEADER)) {
                assertThat(journal.kept())
                        .hasSize(lines)
                        .endsWith(MATRIX.cells().get(3));
            }
        }
    }

    @Test
    void anotherKernelOrMatrixIsRefusedInOneSentence() throws IOException {
        Path file = journalOf(2);
        byte[] before = Files.readAllBytes(file);
        assertRefused(
                file,
                new CellJournal.Header(Map.of("image", "cafe", "emulator", "QEMU 7.2"), CELLS),
                "the finished cells were booted with image '" + Samples.IMAGE + "', which is 'cafe' now");
        assertRefused(
                file,
                new CellJournal.Header(Map.of("image", Samples.IMAGE, "emulator", "QEMU 10"), CELLS),
                "the finished cells were booted with emulator 'QEMU 7.2', which is 'QEMU 10' now");
        assertRefused(
                file,
                new CellJournal.Header(HEADER.conditions(), CELLS.subList(0, 4)),
                "the finished cells belong to another matrix, of 7 cells, and this one has 4");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void whereNothingWasBegunThereIsNothingToGoOnWith() throws IOException {
        assertRefused(folder.resolve("none"), HEADER, "no boot of it was ever begun");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertRefused(empty, HEADER, empty + " is empty");
    }

    @Test
    void aDamagedLineInTheMiddleIsNamed() throws IOException {
        Path file = journalOf(2);
        Files.writeString(file, "{\"elapsed\":1,\"cell\":{\"mode\":\"paper\"}}\n", StandardOpenOption.APPEND);
        assertRefused(file, HEADER, file + " is damaged in line 4 (cell.mode is 'paper', not a mode)");
        Files.writeString(file, "not JSON\n");
        assertThatThrownBy(() -> CellJournal.check(file, HEADER))
                .hasMessageStartingWith(file + " is damaged in line 1 (");
    }

    @Test
    void aNewJournalReplacesTheOld() throws IOException {
        Path file = journalOf(5);
        CellJournal.begin(file, HEADER).close();
        try (CellJournal journal = CellJournal.open(file, HEADER)) {
            assertThat(journal.kept()).isEmpty();
        }
    }

    private static void assertRefused(Path file, CellJournal.Header header, String sentence) {
        assertThatThrownBy(() -> CellJournal.check(file, header)).hasMessage(sentence);
        assertThatThrownBy(() -> CellJournal.open(file, header)).hasMessage(sentence);
    }

    /** The journal of a farm that finished the first {@code count} cells. */
    private Path journalOf(int count) throws IOException {
        Path file = folder.resolve(CellJournal.FILE_NAME);
        try (CellJournal journal = CellJournal.begin(file, HEADER)) {
            part(0, count).cells().forEach(journal::finished);
        }
        return file;
    }

    private static MatrixResult part(int from, int to) {
        return Samples.matrix(MATRIX.kernel().release(), "", MATRIX.cells().subList(from, to));
    }
}
