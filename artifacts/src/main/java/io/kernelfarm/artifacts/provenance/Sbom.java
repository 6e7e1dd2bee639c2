package io.kernelfarm.artifacts.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The list of parts in CycloneDX 1.6: the kernel, with its source as its ancestor; the packages that carry it; and under
 * {@code formulation} what it was made with.
 */
final class Sbom {
    static final String SPEC_VERSION = "1.6";

    private static final String LICENSE = "GPL-2.0-only WITH Linux-syscall-note";

    private Sbom() {}

    static byte[] of(Provenance provenance) {
        ObjectNode sbom = Json.object();
        sbom.put("$schema", "http://cyclonedx.org/schema/bom-" + SPEC_VERSION + ".schema.json");
        sbom.put("bomFormat", "CycloneDX");
        sbom.put("specVersion", SPEC_VERSION);
        sbom.put("serialNumber", "urn:uuid:" + serial(provenance.runId()));
        sbom.put("version", 1);

        ObjectNode metadata = sbom.putObject("metadata");
        metadata.put(
                "timestamp",
                provenance.finished().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.putObject("tools")
                .putArray("components")
                .addObject()
                .put("type", "application")
                .put("name", "kernel-farm")
                .put("version", provenance.farmVersion());
        String kernel = "kernel:" + provenance.kernel().release();
        kernel(metadata.putObject("component"), kernel, provenance);

        ArrayNode components = sbom.putArray("components");
        ArrayNode dependencies = sbom.putArray("dependencies");
        dependencies.addObject().put("ref", kernel);
        for (PublishedPackage one : provenance.packages()) {
            String reference = PackageUrl.of(one);
            ObjectNode component = components.addObject();
            component.put("type", "application").put("bom-ref", reference);
            component.put("name", one.name()).put("version", one.version());
            sha256(component, one.sha256());
            license(component);
            component.put("purl", reference);
            properties(
                    component,
                    "kernel-farm:file",
                    one.path().getFileName().toString(),
                    "kernel-farm:size",
                    Long.toString(one.size()));
            dependencies.addObject().put("ref", reference).putArray("dependsOn").add(kernel);
        }
        formulation(sbom, provenance);
        return Json.bytes(sbom);
    }

    /** The same run has the same number, and no other run has it. */
    private static UUID serial(String runId) {
        return UUID.nameUUIDFromBytes((Statement.BUILDER + "/" + runId).getBytes(UTF_8));
    }

    private static void kernel(ObjectNode component, String reference, Provenance provenance) {
        Provenance.Kernel kernel = provenance.kernel();
        component.put("type", "operating-system").put("bom-ref", reference);
        component.put("name", "linux").put("version", kernel.release());
        component.put("description", "The image that every package of this kernel carries.");
        sha256(component, kernel.imageSha256());
        license(component);
        // The release's own suffix is no part of a CPE: vulnerabilities are listed by the version it starts with.
        component.put("cpe", "cpe:2.3:o:linux:linux_kernel:" + kernel.version() + ":*:*:*:*:*:*:*");
        component.put("purl", PackageUrl.generic("linux", kernel.release()));
        ObjectNode pedigree = component.putObject("pedigree");
        ObjectNode source = pedigree.putArray("ancestors").addObject();
        source.put("type", "application").put("bom-ref", "source");
        source.put("name", provenance.source().name())
                .put("version", provenance.source().version());
        String digest = provenance.source().digests().getOrDefault("sha256", "");
        if (!digest.isEmpty()) {
            sha256(source, digest);
        }
        license(source);
        source.put("purl", PackageUrl.of(provenance.source()));
        List<Provenance.Patch> patches = provenance.source().patches();
        pedigree.put(
                "notes",
                "Built from the source as it is there, with "
                        + (patches.isEmpty() ? "no patch on top." : "patches on top: " + named(patches) + "."));
        properties(
                component,
                "kernel-farm:run",
                provenance.runId(),
                "kernel-farm:configuration:sha256",
                kernel.configurationSha256());
    }

    private static String named(List<Provenance.Patch> patches) {
        return patches.stream()
                .map(patch -> patch.name() + " (SHA-256 " + patch.sha256() + ")")
                .collect(Collectors.joining(", "));
    }

    private static void formulation(ObjectNode sbom, Provenance provenance) {
        ArrayNode components = sbom.putArray("formulation").addObject().putArray("components");
        for (Provenance.Tool tool : provenance.kernel().toolchain()) {
            components
                    .addObject()
                    .put("type", "application")
                    .put("bom-ref", "tool:" + tool.name())
                    .put("name", tool.name())
                    .put("version", tool.version())
                    .put("description", tool.says())
                    .put("purl", PackageUrl.of(tool));
        }
    }

    private static void sha256(ObjectNode component, String digest) {
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest);
    }

    private static void license(ObjectNode component) {
        component.putArray("licenses").addObject().put("expression", LICENSE);
    }

    /** @param pairs names and values in turn */
    private static void properties(ObjectNode component, String... pairs) {
        ArrayNode properties = component.putArray("properties");
        for (int i = 0; i < pairs.length; i += 2) {
            properties.addObject().put("name", pairs[i]).put("value", pairs[i + 1]);
        }
    }
}
