package io.kernelfarm.artifacts.provenance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.time.temporal.ChronoUnit;

/**
 * The in-toto Statement v1 with SLSA's provenance v1 as its predicate. Its subjects are the packages as published and the
 * image in them. The toolchain stands among the dependencies by name and version: it has no digest of its own.
 */
final class Statement {
    /** Media type of the payload (in-toto attestation framework, envelope). */
    static final String MEDIA_TYPE = "application/vnd.in-toto+json";

    /** Names this kind of build, and what {@code externalParameters.spec} means: the farm's kernel.yaml. */
    static final String BUILD_TYPE = "tag:kernelfarm.io,2026:build/1";

    static final String BUILDER = "tag:kernelfarm.io,2026:farm";

    private Statement() {}

    /** @param sbomSha256 of the list of parts that goes with it */
    static byte[] of(Provenance provenance, String sbomSha256) {
        ObjectNode statement = Json.object();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        ArrayNode subjects = statement.putArray("subject");
        for (PublishedPackage one : provenance.packages()) {
            resource(subjects, one.path().getFileName().toString(), one.sha256());
        }
        resource(
                subjects,
                "vmlinuz-" + provenance.kernel().release(),
                provenance.kernel().imageSha256());
        statement.put("predicateType", "https://slsa.dev/provenance/v1");
        ObjectNode predicate = statement.putObject("predicate");
        definition(predicate.putObject("buildDefinition"), provenance);
        details(predicate.putObject("runDetails"), provenance, sbomSha256);
        return Json.bytes(statement);
    }

    private static void definition(ObjectNode definition, Provenance provenance) {
        definition.put("buildType", BUILD_TYPE);
        definition.putObject("externalParameters").set("spec", Json.tree(provenance.spec()));
        definition
                .putObject("internalParameters")
                .put("inputsSha256", provenance.kernel().inputsSha256());
        ArrayNode dependencies = definition.putArray("resolvedDependencies");
        Provenance.Source source = provenance.source();
        ObjectNode sourcePackage = dependencies.addObject();
        sourcePackage.put("name", "source");
        sourcePackage.put("uri", source.uri());
        if (!source.digests().isEmpty()) {
            ObjectNode digest = sourcePackage.putObject("digest");
            source.digests().forEach(digest::put);
        }
        for (Provenance.Patch patch : source.patches()) {
            resource(dependencies, "patch:" + patch.name(), patch.sha256());
        }
        resource(dependencies, "configuration", provenance.kernel().configurationSha256());
        for (Provenance.Tool tool : provenance.kernel().toolchain()) {
            dependencies
                    .addObject()
                    .put("name", tool.name())
                    .put("uri", PackageUrl.of(tool))
                    .putObject("annotations")
                    .put("version", tool.says());
        }
    }

    private static void details(ObjectNode details, Provenance provenance, String sbomSha256) {
        ObjectNode builder = details.putObject("builder");
        builder.put("id", BUILDER);
        builder.putObject("version").put("kernel-farm", provenance.farmVersion());
        details.putObject("metadata")
                .put("invocationId", provenance.runId())
                .put(
                        "startedOn",
                        provenance.started().truncatedTo(ChronoUnit.SECONDS).toString())
                .put(
                        "finishedOn",
                        provenance.finished().truncatedTo(ChronoUnit.SECONDS).toString());
        resource(details.putArray("byproducts"), ProvenanceLayout.SBOM, sbomSha256);
    }

    private static void resource(ArrayNode list, String name, String sha256) {
        list.addObject().put("name", name).putObject("digest").put("sha256", sha256);
    }
}
