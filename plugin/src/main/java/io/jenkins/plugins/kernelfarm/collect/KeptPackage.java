package io.jenkins.plugins.kernelfarm.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A package in Jenkins' archive: an entry of {@code packages.json}.
 *
 * @param name of its file
 * @param size in bytes
 * @param sha256 lower-case hexadecimal, as the agent said
 */
public record KeptPackage(String name, long size, String sha256) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static void write(Path file, List<KeptPackage> packages) throws IOException {
        ArrayNode list = MAPPER.createArrayNode();
        packages.forEach(one ->
                list.addObject().put("name", one.name()).put("size", one.size()).put("sha256", one.sha256()));
        AtomicFile.write(file, list + "\n");
    }

    /** The list in {@code file}; empty if there is none. */
    public static List<KeptPackage> read(Path file) throws IOException {
        List<KeptPackage> packages = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            for (JsonNode one : MAPPER.readTree(Files.readAllBytes(file))) {
                packages.add(new KeptPackage(
                        one.path("name").asText(),
                        one.path("size").asLong(),
                        one.path("sha256").asText()));
            }
        }
        return packages;
    }
}
