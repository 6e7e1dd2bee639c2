package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain <b>text</b>|plain <b>text</b>",
                "a\tb|a\tb",
                "grün ✓ 内核|grün ✓ 内核",
                "\u001B[1;31mred\u001B[0m|red",
                "\u001B[2J\u001B[Hclear|clear",
                "\u001B7saved\u001B8|saved",
                "\u001B(Bcharset|charset",
                // What a terminal would hide is shown.
                "\u001B]0;title\u0007end|^[]0;title^Gend",
                "\u001BPq hidden \u001B\\end|^[Pq hidden end",
                "\u001B[12|^[[12",
                "bell\u0007 nul\u0000 del\u007F|bell^G nul^@ del^?",
                "c1\u009B31m|c1\uFFFD31m",
                "turn\u202Eed|turn\uFFFDed",
                "half\uD800pair|half\uFFFDpair",
                "not\uFFFFa character|not\uFFFDa character",
            })
    void showsWhatWasPrinted(String line, String shown) {
        assertThat(ConsoleText.harmless(line)).isEqualTo(shown);
    }

    @Test
    void nothingThatSteersATerminalOrBreaksXmlComesThrough() {
        Random random = new Random(20261122);
        String alphabet = "\u001B[]0;31mPX^_\\ \u0007\u0000\r\n\u009B\u202E\uD83D\uDE00\uDC00ab<>&";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(ConsoleText.harmless(line.toString()).codePoints())
                    .as("%s", line)
                    .allMatch(c -> c >= ' '
                            && c != 0x7F
                            && (c < 0x80 || c > 0x9F)
                            && (c < 0xD800 || c > 0xDFFF)
                            && c != 0x202E);
        }
    }
}
