package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MatrixTableTest {

    private static final Path FOLDER = Path.of("out/runs/r1/boot");

    @Test
    void looksAsExpected() throws IOException {
        Golden.assertMatches("pass.table.txt", plain(Samples.allPass(), StandardCharsets.UTF_8));
        Golden.assertMatches("troubled.table.txt", plain(Samples.troubled(), StandardCharsets.UTF_8));
        Golden.assertMatches("troubled.ascii.table.txt", plain(Samples.troubled(), StandardCharsets.US_ASCII));
        Golden.assertMatches("empty.table.txt", plain(Samples.empty(), StandardCharsets.UTF_8));
    }

    @Test
    void coloursAddNothingButColours() {
        String coloured = MatrixTable.render(Samples.troubled(), FOLDER, true, StandardCharsets.UTF_8);
        assertThat(coloured).contains("\u001B[1;31m");
        assertThat(coloured.replaceAll("\u001B\\[[0-9;]*m", ""))
                .isEqualTo(plain(Samples.troubled(), StandardCharsets.UTF_8));
    }

    @Test
    void hostileTextCannotSteerTheTerminal() {
        String table = plain(Samples.hostile(), StandardCharsets.UTF_8);
        assertThat(table.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
        assertThat(table).contains("<script>").doesNotContain("\u009B", "\u202E");
    }

    private static String plain(MatrixResult result, Charset charset) {
        return MatrixTable.render(result, FOLDER, false, charset);
    }
}
