package io.kernelfarm.artifacts.provenance;

import java.nio.file.Path;

/**
 * The paths of one run's provenance. Nothing else knows them.
 *
 * <pre>
 * provenance.intoto.jsonl   the SLSA statement in its signed envelope (in-toto bundle: one envelope a line)
 * sbom.cdx.json             the list of parts (CycloneDX)
 * sbom.cdx.json.asc         its detached OpenPGP signature
 * </pre>
 */
public record ProvenanceLayout(Path root) {
    static final String SBOM = "sbom.cdx.json";

    public Path statement() {
        return root.resolve("provenance.intoto.jsonl");
    }

    public Path sbom() {
        return root.resolve(SBOM);
    }

    public Path sbomSignature() {
        return root.resolve(SBOM + ".asc");
    }
}
