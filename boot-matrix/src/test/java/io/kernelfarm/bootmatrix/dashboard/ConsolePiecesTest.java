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
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolePiecesTest {

    private static final String CONSOLE = "consoles/a.log";

    @TempDir
    private Path out;

    private DashboardLayout layout;
    private Path log;

    @BeforeEach
    void layOut() {
        layout = new DashboardLayout(out.resolve("dashboard"));
        log = out.resolve("a.log");
    }

    @Test
    void eachLineIsWhereTheIndexSays() throws IOException {
        Files.writeString(log, numbered(2345));
        ConsoleIndex index = write();
        assertThat(index.lines()).isEqualTo(2345);
        assertThat(index.pieces()).isEqualTo(3);
        assertThat(index.columns()).isEqualTo("[    0.002345] line 2345".length());
        for (int line = 1; line <= index.lines(); line++) {
            JsonNode piece = piece((line - 1) / index.pieceLines());
            assertThat(piece.get("lines").get((line - 1) % index.pieceLines()).textValue())
                    .endsWith("] line " + line);
        }
        assertThat(piece(0).get("before").textValue()).isEmpty();
        assertThat(piece(1).get("before").textValue()).isEqualTo("[    0.001000]");
        assertThat(ConsoleIndex.read(layout.consoleIndex("r", CONSOLE))).contains(index);
    }

    @Test
    void theExcerptIsTheEvidenceAndWhatStandsAroundIt() throws IOException {
        Files.writeString(log, numbered(100));
        assertThat(numbers(write(2, 50, 52))).containsExactly(1, 2, 3, 4, 5, 47, 48, 49, 50, 51, 52, 53, 54, 55);
        assertThat(numbers(write()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(76, 100).boxed().toList());
        // A result may name lines that its log does not have.
        assertThat(numbers(write(5000))).contains(76, 100);
    }

    @Test
    void anUnchangedLogIsNotReadAgainAndAChangedOneIs() throws IOException {
        Files.writeString(log, numbered(2500));
        write(7);
        Path piece = layout.consolePiece("r", CONSOLE, 1);
        FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(piece, past);
        write(7);
        assertThat(Files.getLastModifiedTime(piece)).isEqualTo(past);
        Files.writeString(log, numbered(500));
        assertThat(write(7).lines()).isEqualTo(500);
        assertThat(piece).doesNotExist();
        assertThat(layout.consolePiece("r", CONSOLE, 2)).doesNotExist();
    }

    @Test
    void anIndexThatCannotBeReadIsMadeAnew() throws IOException {
        Files.writeString(log, "one\n");
        write();
        Files.writeString(layout.consoleIndex("r", CONSOLE), "{\"version\":1,");
        assertThat(write().lines()).isEqualTo(1);
    }

    @Test
    void hostileTextStaysAStringAndControlsAreShown() throws IOException {
        Files.writeString(log, Samples.HOSTILE + "\r\n\u001B[2J\"\\\u2028end\n");
        write();
        String script = Files.readString(layout.consolePiece("r", CONSOLE, 0));
        assertThat(script).doesNotContain("\u001B", "\u0000", "\u009B", "\u202E", "\u2028", "\r");
        assertThat(piece(0).get("lines").get(0).textValue())
                .contains("</code><script>alert(1)</script> red ^[]0;title^G ^@")
                .endsWith("]]> & \"'");
        assertThat(piece(0).get("lines").get(1).textValue()).isEqualTo("\"\\\uFFFDend");
    }

    @Test
    void aLineWithoutAnEndIsCut() throws IOException {
        Files.writeString(log, "first\n" + "x".repeat(100_000));
        ConsoleIndex index = write();
        assertThat(index.lines()).isEqualTo(2);
        assertThat(piece(0).get("lines").get(1).textValue())
                .isEqualTo("x".repeat(4096) + " … and 95904 more characters in this line");
    }

    @Test
    void linesEndAtLineFeedsAlone() throws IOException {
        Files.writeString(log, "\n\r\nprogress\rdone\r\nlast");
        write();
        assertThat(piece(0).get("lines"))
                .extracting(JsonNode::textValue)
                .containsExactly("", "", "progress^Mdone", "last");
    }

    @Test
    void anEmptyLogHasNoPieces() throws IOException {
        Files.writeString(log, "");
        ConsoleIndex index = write();
        assertThat(index.lines()).isZero();
        assertThat(index.pieces()).isZero();
        assertThat(layout.consolePiece("r", CONSOLE, 0)).doesNotExist();
    }

    private ConsoleIndex write(Integer... evidence) throws IOException {
        return ConsolePieces.write(
                layout,
                "r",
                new RunConsoles.ConsoleLog(
                        CONSOLE, log, new ArrayList<>(), new ArrayList<>(), new TreeSet<>(List.of(evidence))));
    }

    private JsonNode piece(int number) throws IOException {
        String script = Files.readString(layout.consolePiece("r", CONSOLE, number));
        String start = "kernelFarm.loaded(";
        assertThat(script).startsWith(start).endsWith(");\n");
        return new JsonMapper().readTree(script.substring(start.length(), script.length() - ");\n".length()));
    }

    private static List<Integer> numbers(ConsoleIndex index) {
        return index.excerpt().stream().map(ConsoleIndex.Line::line).toList();
    }

    private static String numbered(int lines) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(n -> String.format("[%5d.%06d] line %d%n", 0, n, n))
                .collect(Collectors.joining());
    }
}
