package io.kernelfarm.bootmatrix.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

    @Test
    void aLineMayComeInSeveralReads() throws IOException {
        assertThat(lines("Linux ver", "sion 6.1\n", "next", "\n")).containsExactly("Linux version 6.1", "next");
    }

    @Test
    void carriageReturnsBeforeTheLineFeedBelongToTheEnd() throws IOException {
        assertThat(lines("one\r\n", "two\r\r\n", "three\r", "\n")).containsExactly("one", "two", "three");
    }

    @Test
    void aLoneCarriageReturnEndsNoLine() throws IOException {
        assertThat(lines("10%\r20%\rdone\nnext\n")).containsExactly("10%20%done", "next");
    }

    @Test
    void emptyLinesCount() throws IOException {
        assertThat(lines("\n\r\n\nfourth\n")).containsExactly("", "", "", "fourth");
    }

    @Test
    void theLastLineNeedsNoEnd() throws IOException {
        assertThat(lines("one\nKernel panic - not sync")).containsExactly("one", "Kernel panic - not sync");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "x\n", "a line of some length\n", "no end "})
    void aFloodIsCutOffBeforeItFillsTheMemory(String part) {
        byte[] flood = part.repeat((int) LineReader.MOST / part.length() + 1).getBytes(StandardCharsets.US_ASCII);
        InputStream endless = new ByteArrayInputStream(flood);
        List<String> told = new ArrayList<>();
        assertThatThrownBy(() -> new LineReader().copy(endless, OutputStream.nullOutputStream(), told::add))
                .isInstanceOf(LineReader.FloodException.class)
                .hasMessage("its console was flooded with more than 16 MiB");
        assertThat(told).hasSizeLessThan(300_000);
    }

    @Test
    void noBytesAreNoLines() throws IOException {
        assertThat(lines()).isEmpty();
    }

    @Test
    void everyByteIsACharacter() throws IOException {
        byte[] all = new byte[256];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
            expected.append((char) i);
        }
        List<String> lines = read(new ByteArrayInputStream(all), new ByteArrayOutputStream());
        assertThat(String.join("\n", lines)).isEqualTo(expected.toString().replace("\r", ""));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                LineReader.LONGEST_LINE - 1,
                LineReader.LONGEST_LINE,
                LineReader.LONGEST_LINE + 1,
                3 * LineReader.LONGEST_LINE + 7
            })
    void aLongLineIsOneLine(int length) throws IOException {
        String longLine = "x".repeat(length);
        assertThat(lines("first\n", longLine + "\r\n", "third\n"))
                .containsExactly("first", longLine.substring(0, Math.min(length, LineReader.LONGEST_LINE)), "third");
    }

    @Test
    void aLongLineIsToldBeforeItsEnd() throws IOException {
        assertThat(lines("x".repeat(LineReader.LONGEST_LINE + 1)))
                .as("a console may never print a line feed")
                .hasSize(1);
    }

    /** The report shows a log's lines under their numbers, counting line feeds; evidence has to point there. */
    @Test
    void linesHaveTheNumbersOfTheKeptLog() throws IOException {
        String console = "(XEN) a\r\r\n" + "spin |\rspin /\r\n" + "y".repeat(9000) + "\n"
                + "\u0000\u00ff\u001b[31m\u0085\u000b\n\n" + "panic\r\n";
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        List<String> lines = read(new ByteArrayInputStream(console.getBytes(StandardCharsets.ISO_8859_1)), log);

        String[] kept = log.toString(StandardCharsets.ISO_8859_1).split("\n", -1);
        assertThat(lines).hasSize(kept.length - 1);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(kept[i].replace("\r", "")).as("line %d", i + 1).startsWith(lines.get(i));
        }
        assertThat(lines.get(5)).isEqualTo("panic");
    }

    @Test
    void theLogKeepsEveryByte() throws IOException {
        byte[] console = new byte[100_000];
        new java.util.Random(1).nextBytes(console);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        read(new ByteArrayInputStream(console), log);
        assertThat(log.toByteArray()).isEqualTo(console);
    }

    /** The lines of a console that delivers {@code reads} one by one. */
    private static List<String> lines(String... reads) throws IOException {
        List<InputStream> streams = Arrays.stream(reads)
                .map(read -> (InputStream) new ByteArrayInputStream(read.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
        return read(new SequenceInputStream(Collections.enumeration(streams)), new ByteArrayOutputStream());
    }

    private static List<String> read(InputStream in, ByteArrayOutputStream log) throws IOException {
        List<String> lines = new ArrayList<>();
        new LineReader().copy(in, log, lines::add);
        return lines;
    }
}
