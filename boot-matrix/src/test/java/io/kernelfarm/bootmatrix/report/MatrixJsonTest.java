package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixJsonTest {

    @TempDir
    private Path folder;

    static Stream<MatrixResult> samples() {
        return Stream.of(Samples.allPass(), Samples.oneFails(), Samples.troubled(), Samples.hostile(), Samples.empty());
    }

    @Test
    void looksAsDocumented() throws IOException {
        Golden.assertMatches("troubled.matrix.json", MatrixJson.toJson(Samples.troubled()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatItWrote(MatrixResult result) throws IOException {
        Path file = folder.resolve("new/matrix.json");
        MatrixJson.write(result, file);
        assertThat(MatrixJson.read(file)).isEqualTo(result);
        assertThat(file.getParent()).as("nothing temporary is left").isDirectoryContaining("glob:**/matrix.json");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void keepsToItsSchema(MatrixResult result) throws IOException {
        assertThat(schema().validate(MatrixJson.toJson(result), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void itsSchemaRefusesWhatIsNoMatrix() throws IOException {
        String good = MatrixJson.toJson(Samples.allPass());
        for (String bad : new String[] {
            good.replace("\"version\": 1", "\"version\": 2"),
            good.replace("\"PASS\"", "\"GOOD\""),
            good.replace("\"flaky\"", "\"shaky\""),
            good.replace(Samples.IMAGE, "cafe")
        }) {
            assertThat(bad).isNotEqualTo(good);
            assertThat(schema().validate(bad, InputFormat.JSON)).isNotEmpty();
        }
    }

    @Test
    void roundsSecondsToTenths() {
        String json = MatrixJson.toJson(
                new MatrixResult(Samples.allPass().kernel(), "", "", Samples.STARTED, 60.04, java.util.List.of()));
        assertThat(json).contains("\"seconds\": 60.0,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\": 1          | \"version\": 9          | is of format version 9, and this Kernel Farm reads version 1",
                "\"version\": 1          | \"edition\": 1          | version is missing",
                "\"required\": true      | \"required\": \"yes\"   | cells[0].required is not true or false",
                "\"mode\": \"metal\"     | \"mode\": \"paper\"     | cells[0].mode is 'paper', not a mode",
                "\"verdict\": \"PASS\"   | \"verdict\": \"GOOD\"   | cells[0].verdict is 'GOOD', not a verdict",
                "\"line\": 118           | \"line\": 1.5           | cells[0].checks[0].evidence[0].line is not a whole number",
                "2026-11-22T18:04:05Z    | yesterday               | started is 'yesterday', not a time such as",
                "\"attempts\": [         | \"attempts\": [ 7,      | cells[0].attempts[0] is not an object",
                "\"kernel\": {           | \"kernel\" {            | is not JSON (line 3",
            })
    void saysInOneSentenceWhatIsWrong(String good, String bad, String says) throws IOException {
        String json = MatrixJson.toJson(Samples.allPass());
        assertThat(json).contains(good);
        Path file = folder.resolve("matrix.json");
        Files.writeString(file, json.replaceFirst(java.util.regex.Pattern.quote(good), bad));
        assertThatThrownBy(() -> MatrixJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(says)
                .hasMessageContaining("boot the matrix again")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void saysSoWhenThereIsNothingToRead() throws IOException {
        Path file = folder.resolve("matrix.json");
        assertThatThrownBy(() -> MatrixJson.read(file))
                .hasMessage("there is no " + file + " yet; boot the matrix first");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> MatrixJson.read(file))
                .hasMessageStartingWith(file + " is not a matrix: the file is not an object");
        Files.write(file, new byte[] {'"', (byte) 0xFF, '"'});
        assertThatThrownBy(() -> MatrixJson.read(file)).hasMessageStartingWith(file + " is not JSON");
    }

    private static Schema schema() throws IOException {
        try (InputStream in = MatrixJson.class.getResourceAsStream(MatrixJson.SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
        }
    }
}
