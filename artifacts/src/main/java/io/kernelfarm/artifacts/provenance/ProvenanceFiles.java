package io.kernelfarm.artifacts.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Base64;

/**
 * Writes and reads a run's provenance. The same provenance gives the same bytes, but for the times in it and the OpenPGP
 * signature, which has one as well.
 */
public final class ProvenanceFiles {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ProvenanceFiles() {}

    /** Makes the folder and all its files, signed with {@code key}. */
    public static void write(Provenance provenance, SigningKey key, ProvenanceLayout layout) throws IOException {
        byte[] sbom = Sbom.of(provenance);
        byte[] statement = Statement.of(provenance, Digests.sha256(sbom));
        Files.createDirectories(layout.root());
        AtomicFile.write(layout.sbom(), sbom);
        AtomicFile.write(layout.sbomSignature(), key.detached(sbom).getBytes(UTF_8));
        AtomicFile.write(layout.statement(), Envelope.sealed(Statement.MEDIA_TYPE, statement, key));
    }

    /**
     * What a statement says, for people.
     *
     * @param source the package URL of the source
     * @param sourceSha256 empty if the statement has none
     * @param builder identity and version of the farm
     * @param fingerprint of the key that signed it
     */
    public record Summary(
            String source, String sourceSha256, String configurationSha256, String builder, String fingerprint) {}

    /**
     * Reads the statement's envelope, whose signature it does not check.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException naming the file, if it is not such an envelope
     */
    public static Summary read(ProvenanceLayout layout) throws IOException {
        try {
            JsonNode envelope = MAPPER.readTree(Files.readAllBytes(layout.statement()));
            JsonNode predicate = MAPPER.readTree(
                            Base64.getDecoder().decode(envelope.path("payload").asText()))
                    .path("predicate");
            JsonNode dependencies = predicate.path("buildDefinition").path("resolvedDependencies");
            JsonNode builder = predicate.path("runDetails").path("builder");
            JsonNode source = dependency(dependencies, "source");
            return new Summary(
                    source.path("uri").asText(),
                    source.path("digest").path("sha256").asText(),
                    dependency(dependencies, "configuration")
                            .path("digest")
                            .path("sha256")
                            .asText(),
                    builder.path("id").asText() + " "
                            + builder.path("version").path("kernel-farm").asText(),
                    envelope.path("signatures").path(0).path("keyid").asText());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(
                    layout.statement() + " is not a signed statement (" + e.getMessage()
                            + "); publish the run again to have it written anew",
                    e);
        }
    }

    private static JsonNode dependency(JsonNode dependencies, String name) {
        for (JsonNode one : dependencies) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        return MAPPER.missingNode();
    }
}
