package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KcidbJsonTest {

    private static final KcidbJson.Origin ORIGIN =
            new KcidbJson.Origin("20261122T180405Z-3fa9c1", "x86_64", "gcc (Debian 12.2.0) 12.2.0", "quick", 64.13);

    static Stream<MatrixResult> samples() {
        return MatrixJsonTest.samples();
    }

    @Test
    void looksAsDocumented() throws IOException {
        Golden.assertMatches("troubled.kcidb.json", KcidbJson.toJson(Samples.troubled(), ORIGIN));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void keepsToItsSchema(MatrixResult result) throws IOException {
        assertThat(schema().validate(KcidbJson.toJson(result, ORIGIN), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void itsSchemaRefusesWhatKcidbWould() throws IOException {
        String good = KcidbJson.toJson(Samples.allPass(), ORIGIN);
        for (String[] change : new String[][] {
            {"\"major\": 5", "\"major\": 4"},
            {"\"status\": \"PASS\"", "\"status\": \"GOOD\""},
            {"\"path\": \"boot.metal\"", "\"path\": \"boot.metal on qemu\""},
            {"\"id\": \"kernel_farm:", "\"id\": \"Kernel Farm:"},
            {"\"origin\": \"kernel_farm\"", "\"origin\": \"kernel-farm\""},
            {"\"valid\": true", "\"valid\": true, \"console\": \"consoles/metal.log\""},
        }) {
            assertThat(good).contains(change[0]);
            assertThat(schema().validate(good.replace(change[0], change[1]), InputFormat.JSON))
                    .as(change[1])
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTestHasAnIdOfItsOwnAndTheBuildThatIsThere(MatrixResult result) throws IOException {
        JsonNode tree = new JsonMapper().readTree(KcidbJson.toJson(result, ORIGIN));
        Set<String> ids = new HashSet<>();
        for (JsonNode test : tree.get("tests")) {
            assertThat(ids.add(test.get("id").textValue())).isTrue();
            assertThat(test.get("build_id")).isEqualTo(tree.at("/builds/0/id"));
        }
        assertThat(tree.at("/builds/0/checkout_id")).isEqualTo(tree.at("/checkouts/0/id"));
    }

    @Test
    void whatTheConsoleSaysIsCutAtKcidbsLimitAndBearsNoNul() throws IOException {
        // A sign of two UTF-16 units must not be cut in half.
        String flood = "\u0000" + "\uD83D\uDC1B".repeat(20_000);
        JsonNode test = new JsonMapper()
                .readTree(KcidbJson.toJson(Samples.panicAt(7, flood), ORIGIN))
                .at("/tests/0");
        String excerpt = test.get("log_excerpt").textValue();
        assertThat(excerpt.codePointCount(0, excerpt.length())).isEqualTo(16_384);
        assertThat(excerpt)
                .startsWith("The kernel panicked before user space.\n^@")
                .endsWith("\uD83D\uDC1B");
    }

    @Test
    void isWrittenWhole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/kcidb.json");
        KcidbJson.write(Samples.allPass(), ORIGIN, file);
        assertThat(file).hasContent(KcidbJson.toJson(Samples.allPass(), ORIGIN));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    private static Schema schema() throws IOException {
        try (InputStream in = KcidbJson.class.getResourceAsStream(KcidbJson.SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
        }
    }
}
