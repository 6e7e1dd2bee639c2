package io.kernelfarm.artifacts.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.openpgp.TestKey;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CycloneDX's own validator, openssl and gpgv are the judges. */
class ProvenanceTest {
    private static final String IMAGE = Digests.sha256("image".getBytes(UTF_8));
    private static final String DEB = Digests.sha256("deb".getBytes(UTF_8));
    private static final String RPM = Digests.sha256("rpm".getBytes(UTF_8));
    private static final String SOURCE = Digests.sha256("source".getBytes(UTF_8));
    private static final String CONFIGURATION = Digests.sha256("configuration".getBytes(UTF_8));

    @TempDir
    private Path dir;

    private SigningKey key;
    private ProvenanceLayout layout;

    @BeforeEach
    void makeKey() throws IOException {
        key = TestKey.first();
        layout = new ProvenanceLayout(dir.resolve("provenance"));
    }

    private static Provenance sample(Optional<String> sourceSha256) {
        return sample(Provenance.Source.debian("linux-source-6.1", "6.1.192-2", sourceSha256.orElse("")));
    }

    private static Provenance sample(Provenance.Source source) {
        return new Provenance(
                "20260102T030405Z-abcdef",
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Instant.parse("2026-01-02T03:14:05Z"),
                "0.1.0",
                Map.of("profile", "quick", "boot", Map.of("modes", List.of("metal", "pvhvm"))),
                source,
                new Provenance.Kernel(
                        "6.1.192-farm1",
                        "6.1.192",
                        IMAGE,
                        CONFIGURATION,
                        Digests.sha256("inputs".getBytes(UTF_8)),
                        List.of(
                                new Provenance.Tool("gcc", "gcc (Debian 12.2.0-14) 12.2.0"),
                                new Provenance.Tool("ld", "GNU ld (GNU Binutils for Debian) 2.40"))),
                List.of(
                        new PublishedPackage(
                                Path.of("/pool/linux-image-6.1.192-farm1_6.1.192-1_amd64.deb"),
                                DEB,
                                DEB,
                                1234,
                                "linux-image-6.1.192-farm1",
                                "6.1.192-1",
                                "amd64",
                                "testing"),
                        new PublishedPackage(
                                Path.of("/pool/kernel-core-6.1.192+x_farm1-1.x86_64.rpm"),
                                RPM,
                                RPM,
                                2345,
                                "kernel-core",
                                "6.1.192+x_farm1-1",
                                "x86_64",
                                "testing")));
    }

    @Test
    void cycloneDxFindsNoFaultInTheListOfParts() throws IOException {
        for (Optional<String> source : List.of(Optional.of(SOURCE), Optional.<String>empty())) {
            byte[] sbom = Sbom.of(sample(source));
            assertThat(new JsonParser().validate(sbom, Version.VERSION_16)).isEmpty();
        }
        String bad = new String(Sbom.of(sample(Optional.of(SOURCE))), UTF_8).replace("SHA-256", "SHA-257");
        assertThat(new JsonParser().validate(bad.getBytes(UTF_8), Version.VERSION_16))
                .isNotEmpty();
    }

    @Test
    void theListOfPartsNamesKernelSourcePackagesAndTools() throws IOException {
        JsonNode sbom = new ObjectMapper().readTree(Sbom.of(sample(Optional.of(SOURCE))));
        JsonNode kernel = sbom.at("/metadata/component");
        assertThat(kernel.at("/hashes/0/content").asText()).isEqualTo(IMAGE);
        assertThat(kernel.at("/cpe").asText()).isEqualTo("cpe:2.3:o:linux:linux_kernel:6.1.192:*:*:*:*:*:*:*");
        assertThat(kernel.at("/licenses/0/expression").asText()).isEqualTo("GPL-2.0-only WITH Linux-syscall-note");
        assertThat(kernel.at("/pedigree/ancestors/0/purl").asText())
                .isEqualTo("pkg:deb/debian/linux-source-6.1@6.1.192-2?arch=all");
        assertThat(kernel.at("/pedigree/ancestors/0/hashes/0/content").asText()).isEqualTo(SOURCE);
        assertThat(sbom.at("/components")).hasSize(2);
        assertThat(sbom.at("/components/0/hashes/0/content").asText()).isEqualTo(DEB);
        assertThat(sbom.at("/components/1/purl").asText())
                .isEqualTo("pkg:rpm/kernel-farm/kernel-core@6.1.192%2Bx_farm1-1?arch=x86_64");
        assertThat(sbom.at("/formulation/0/components/0/description").asText())
                .isEqualTo("gcc (Debian 12.2.0-14) 12.2.0");
        assertThat(sbom.at("/formulation/0/components/1/version").asText()).isEqualTo("2.40");
    }

    @Test
    void aCommitAndATarballAreNamedAsEachStandardNamesThemAndSoArePatches() throws IOException {
        String commit = "830b3c68c1fb1e9176028d02ef86f3cf76aa2476";
        Provenance.Patch patch = new Provenance.Patch("0001-a-change.patch", IMAGE);
        ProvenanceFiles.write(
                sample(new Provenance.Source(
                        "linux",
                        "6.1",
                        "git+https://example.org/linux.git@" + commit,
                        new TreeMap<>(Map.of("gitCommit", commit)),
                        List.of(patch))),
                key,
                layout);
        JsonNode dependencies = payload().at("/predicate/buildDefinition/resolvedDependencies");
        assertThat(dependencies.at("/0/uri").asText()).isEqualTo("git+https://example.org/linux.git@" + commit);
        assertThat(dependencies.at("/0/digest/gitCommit").asText()).isEqualTo(commit);
        assertThat(dependencies.at("/1/name").asText()).isEqualTo("patch:0001-a-change.patch");
        assertThat(dependencies.at("/1/digest/sha256").asText()).isEqualTo(IMAGE);
        byte[] ofCommit = Files.readAllBytes(layout.sbom());
        byte[] ofTarball = Sbom.of(sample(new Provenance.Source(
                "linux",
                "6.1",
                "https://example.org/linux-6.1.tar.xz",
                new TreeMap<>(Map.of("sha256", SOURCE)),
                List.of())));
        for (byte[] sbom : List.of(ofCommit, ofTarball)) {
            assertThat(new JsonParser().validate(sbom, Version.VERSION_16)).isEmpty();
        }
        JsonNode pedigree = new ObjectMapper().readTree(ofCommit).at("/metadata/component/pedigree");
        assertThat(pedigree.at("/ancestors/0/purl").asText())
                .isEqualTo("pkg:generic/linux@6.1?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Flinux.git%40" + commit);
        assertThat(pedigree.at("/notes").asText()).contains("0001-a-change.patch (SHA-256 " + IMAGE + ")");
        pedigree = new ObjectMapper().readTree(ofTarball).at("/metadata/component/pedigree");
        assertThat(pedigree.at("/ancestors/0/purl").asText())
                .isEqualTo("pkg:generic/linux@6.1?download_url=https:%2F%2Fexample.org%2Flinux-6.1.tar.xz");
        assertThat(pedigree.at("/ancestors/0/hashes/0/content").asText()).isEqualTo(SOURCE);
    }

    @Test
    void opensslVerifiesTheStatementWithThePublishedKeyAndRefusesAnotherOne() throws IOException {
        ProvenanceFiles.write(sample(Optional.of(SOURCE)), key, layout);

        assertThat(layout.statement()).content().hasLineCount(1);
        JsonNode envelope = new ObjectMapper().readTree(layout.statement().toFile());
        assertThat(envelope.at("/payloadType").asText()).isEqualTo("application/vnd.in-toto+json");
        byte[] payload = Base64.getDecoder().decode(envelope.at("/payload").asText());
        // Put together anew, from the words of the DSSE protocol.
        byte[] type = "application/vnd.in-toto+json".getBytes(UTF_8);
        Path signed = dir.resolve("signed");
        Files.write(signed, ("DSSEv1 " + type.length + " ").getBytes(UTF_8));
        append(signed, type);
        append(signed, (" " + payload.length + " ").getBytes(UTF_8));
        append(signed, payload);
        Path signature = Files.write(
                dir.resolve("signature"),
                Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText()));
        Path pem = Files.writeString(dir.resolve("key.pem"), key.publicKeyPem());
        String[] verify = {
            "openssl",
            "dgst",
            "-sha256",
            "-verify",
            pem.toString(),
            "-signature",
            signature.toString(),
            signed.toString()
        };

        assertThat(Tools.must(verify)).contains("Verified OK");
        append(signed, new byte[] {' '});
        assertThat(Tools.run(verify).exit()).isNotZero();
    }

    @Test
    void theSignedBytesAreThoseOfTheProtocolsExample() {
        assertThat(Envelope.signed("http://example.com/HelloWorld", "hello world".getBytes(UTF_8)))
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world".getBytes(UTF_8));
    }

    @Test
    void theStatementSaysWhatWentInAndWhatCameOut() throws IOException {
        ProvenanceFiles.write(sample(Optional.of(SOURCE)), key, layout);
        JsonNode statement = payload();

        assertThat(statement.at("/_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.at("/predicateType").asText()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(statement.at("/subject"))
                .extracting(subject -> subject.at("/digest/sha256").asText())
                .containsExactly(DEB, RPM, IMAGE);
        JsonNode definition = statement.at("/predicate/buildDefinition");
        assertThat(definition.at("/externalParameters/spec/boot/modes/1").asText())
                .isEqualTo("pvhvm");
        assertThat(definition.at("/resolvedDependencies"))
                .extracting(dependency -> dependency.at("/name").asText())
                .containsExactly("source", "configuration", "gcc", "ld");
        // in-toto: each resource has at least one of these.
        assertThat(definition.at("/resolvedDependencies"))
                .allMatch(dependency -> dependency.has("uri") || dependency.has("digest"));
        JsonNode details = statement.at("/predicate/runDetails");
        assertThat(details.at("/metadata/invocationId").asText()).isEqualTo("20260102T030405Z-abcdef");
        assertThat(details.at("/metadata/startedOn").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(details.at("/byproducts/0/digest/sha256").asText()).isEqualTo(Digests.sha256(layout.sbom()));

        assertThat(ProvenanceFiles.read(layout))
                .isEqualTo(new ProvenanceFiles.Summary(
                        "pkg:deb/debian/linux-source-6.1@6.1.192-2?arch=all",
                        SOURCE,
                        CONFIGURATION,
                        "tag:kernelfarm.io,2026:farm 0.1.0",
                        key.fingerprint()));
    }

    @Test
    void gpgvVerifiesTheListOfPartsAndRefusesAnotherOne() throws IOException {
        ProvenanceFiles.write(sample(Optional.of(SOURCE)), key, layout);
        Path armored = Files.writeString(dir.resolve("key.asc"), key.publicKey());
        Path keyring = dir.resolve("key.gpg");
        Tools.must("gpg", "--dearmor", "--output", keyring.toString(), armored.toString());
        String[] verify = {
            "gpgv",
            "--keyring",
            keyring.toString(),
            layout.sbomSignature().toString(),
            layout.sbom().toString()
        };

        assertThat(Tools.must(verify)).contains("Good signature");
        append(layout.sbom(), new byte[] {'\n'});
        assertThat(Tools.run(verify).exit()).isNotZero();
    }

    @Test
    void theSameProvenanceIsTheSameBytes() throws IOException {
        ProvenanceFiles.write(sample(Optional.of(SOURCE)), key, layout);
        ProvenanceLayout again = new ProvenanceLayout(dir.resolve("again"));
        ProvenanceFiles.write(sample(Optional.of(SOURCE)), key, again);

        assertThat(again.sbom()).hasSameBinaryContentAs(layout.sbom());
        assertThat(again.statement()).hasSameBinaryContentAs(layout.statement());
        try (var files = Files.list(layout.root())) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void aDamagedStatementIsNamed() throws IOException {
        Files.createDirectories(layout.root());
        for (String damaged : List.of("{", "{\"payload\":\"?\"}", "{\"payload\":\"AAAA\"}")) {
            Files.writeString(layout.statement(), damaged);
            assertThatThrownBy(() -> ProvenanceFiles.read(layout))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("provenance.intoto.jsonl is not a signed statement (");
        }
    }

    private JsonNode payload() throws IOException {
        JsonNode envelope = new ObjectMapper().readTree(layout.statement().toFile());
        return new ObjectMapper()
                .readTree(Base64.getDecoder().decode(envelope.at("/payload").asText()));
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND);
    }
}
