package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a page shows, for programs and for the page's scripts: a {@code .json}, and beside it a {@code .js} that hands the same over to
 * {@code farm.js}, because a page that was opened from a disk may not read the other.
 */
final class DataFile {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private DataFile() {}

    /** {@code record} as it stands in files: names in snake_case, times in ISO 8601. */
    static JsonNode tree(Object record) {
        return MAPPER.valueToTree(record);
    }

    /** What {@link #tree} made of a record; none if there is no such file, or one that another farm wrote in another way. */
    static <T> Optional<T> read(Path json, Class<T> type) throws IOException {
        try {
            return Optional.ofNullable(MAPPER.readValue(Files.readAllBytes(json), type));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Writes {@code content} to {@code json}, and to its twin, unless they hold it already. */
    static void write(Path json, JsonNode content) throws IOException {
        AtomicFile.writeIfChanged(json, json(content));
        AtomicFile.writeIfChanged(twin(json), script(content));
    }

    /** {@code content} as it stands in {@code file}, which is either a {@code .json} or its twin. */
    static String text(Path file, JsonNode content) {
        return file.toString().endsWith(".js") ? script(content) : json(content);
    }

    private static String json(JsonNode content) {
        return content + "\n";
    }

    private static String script(JsonNode content) {
        // U+2028 and U+2029 end a line in old scripts, and no text of the page's may end the script.
        String script = content.toString()
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029")
                .replace("</", "<\\/");
        return "kernelFarm.loaded(" + script + ");\n";
    }

    /** The script beside {@code json}. */
    static Path twin(Path json) {
        return json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", ".js"));
    }
}
