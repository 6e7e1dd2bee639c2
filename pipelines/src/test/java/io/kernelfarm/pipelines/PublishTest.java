package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.apt.AptLayout;
import io.kernelfarm.artifacts.provenance.ProvenanceLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published beside the packages: where they come from, and the key. */
class PublishTest {

    private static final String ID = "20260102T030405Z-abcdef";
    private static final String RELEASE = "6.1.192-farm1";

    @TempDir
    private Path folder;

    private FarmRun.Places places;

    @BeforeEach
    void lay() {
        places = SampleRun.places(folder);
    }

    @Test
    void theStatementNamesWhatLiesInTheRepositories() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");

        JsonNode statement = statement(places.out().provenance(ID));
        for (JsonNode subject : statement.at("/subject")) {
            String name = subject.at("/name").asText();
            Path file = name.startsWith("vmlinuz-") ? run.build().image() : inRepositories(name);
            assertThat(Sha256.of(file))
                    .as(name)
                    .isEqualTo(subject.at("/digest/sha256").asText());
        }
        assertThat(statement.at("/subject"))
                .hasSizeGreaterThanOrEqualTo(3)
                .hasSize(Publication.read(run).packages().size() + 1);
        JsonNode predicate = statement.at("/predicate");
        assertThat(predicate
                        .at("/buildDefinition/externalParameters/spec/profile")
                        .asText())
                .isEqualTo("quick");
        assertThat(predicate
                        .at("/buildDefinition/resolvedDependencies/0/digest/sha256")
                        .asText())
                .isEqualTo("ab".repeat(32));
        assertThat(predicate
                        .at("/buildDefinition/resolvedDependencies/1/digest/sha256")
                        .asText())
                .isEqualTo(Sha256.of(run.build().config()));
        assertThat(predicate.at("/runDetails/metadata/invocationId").asText()).isEqualTo(ID);
        for (String file : List.of("provenance.intoto.jsonl", "sbom.cdx.json", "sbom.cdx.json.asc")) {
            assertThat(places.out().provenance(ID).root().resolve(file))
                    .hasSameBinaryContentAs(run.provenance().root().resolve(file));
        }
    }

    @Test
    void theyAreSignedWithTheKeyThatIsPublishedInBothForms() throws IOException {
        SampleRun.published(places, ID, RELEASE, 1, "");
        ProvenanceLayout provenance = places.out().provenance(ID);

        Path ring = folder.resolve("ring.gpg");
        Tools.must(
                "gpg",
                "--dearmor",
                "--output",
                ring.toString(),
                places.out().publicKey().toString());
        assertThat(Tools.must(
                        "gpgv",
                        "--keyring",
                        ring.toString(),
                        provenance.sbomSignature().toString(),
                        provenance.sbom().toString()))
                .contains("Good signature from \"Kernel Farm's tests");
        JsonNode envelope = new ObjectMapper().readTree(provenance.statement().toFile());
        byte[] payload = Base64.getDecoder().decode(envelope.at("/payload").asText());
        byte[] head =
                ("DSSEv1 28 application/vnd.in-toto+json " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[head.length + payload.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(payload, 0, signed, head.length, payload.length);
        Path message = Files.write(folder.resolve("message"), signed);
        Path signature = Files.write(
                folder.resolve("signature"),
                Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText()));
        assertThat(Tools.must(
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-verify",
                        places.out().publicKeyPem().toString(),
                        "-signature",
                        signature.toString(),
                        message.toString()))
                .contains("Verified OK");
    }

    @Test
    void publishingAgainReplacesTheProvenanceAndLeavesNothingBeside() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        Path stray = Files.writeString(places.out().provenance(ID).root().resolve("stray"), "stray");

        FarmRun.publish(run, places, event -> {});

        assertThat(stray).doesNotExist();
        try (Stream<Path> files = Files.list(places.out().provenance(ID).root().getParent())) {
            assertThat(files).containsExactly(places.out().provenance(ID).root());
        }
    }

    @Test
    void aChannelThatNothingComesIntoIsDatedAnewBeforeAptDoubtsIt() throws IOException {
        AptLayout apt = new AptLayout(places.out().aptRepository());
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        new Promoter(run, "stable", "somebody", Terms.OF_SPEC, places, new SilentProgress()).promote();
        Path fresh = apt.signedRelease("stable");
        String packages = Files.readString(apt.packages("stable", "amd64"));
        FileTime recently =
                FileTime.from(Instant.now().minus(Duration.ofDays(44)).truncatedTo(ChronoUnit.SECONDS));
        Files.setLastModifiedTime(fresh, recently);

        FarmRun.publish(run, places, event -> {});
        assertThat(Files.getLastModifiedTime(fresh)).isEqualTo(recently);
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().minus(Duration.ofDays(46))));
        FarmRun.publish(run, places, event -> {});

        assertThat(Files.getLastModifiedTime(fresh).toInstant())
                .isAfter(Instant.now().minus(Duration.ofDays(1)));
        assertThat(apt.packages("stable", "amd64")).hasContent(packages);
    }

    @Test
    void theKeyIsMadeOnFirstUseForItsOwnerAloneAndNeverPrinted() throws IOException, InterruptedException {
        SampleRun.built(places, ID, RELEASE, "1", 1, "");
        Map<String, String> home =
                Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
        Path key = folder.resolve("config/kernel-farm/signing-key.asc");

        FarmProcess.Result doctor = FarmProcess.run(folder, home, "doctor");
        assertThat(doctor.out()).containsPattern("ok +signing key +none yet: made in .* when first needed");
        assertThat(key).doesNotExist();
        FarmProcess.Result packed = FarmProcess.run(folder, home, "package", ID, "--cache", "cache");
        assertThat(packed.exit()).isZero();
        FarmProcess.Result published = FarmProcess.run(folder, home, "publish", ID, "--cache", "cache");

        assertThat(published.exit()).isZero();
        assertThat(published.out()).contains("publish: making a signing key in " + key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())))
                .isEqualTo("rwx------");
        String secret = Files.readString(key).lines().skip(2).findFirst().orElseThrow();
        assertThat(published.out() + published.err()).doesNotContain("PRIVATE KEY", secret);
        try (Stream<Path> all = Files.walk(folder.resolve("out"))) {
            assertThat(all.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain("PRIVATE KEY"));
        }
        assertThat(FarmProcess.run(folder, home, "doctor").out()).containsPattern("ok +signing key +[0-9A-F]{40} in ");

        FarmProcess.Result other = FarmProcess.run(
                folder,
                home,
                "publish",
                ID,
                "--cache",
                "cache",
                "--key",
                TestKeyFile.file().toString());
        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.err()).contains("are signed with another key than ").hasLineCount(1);

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        FarmProcess.Result open = FarmProcess.run(folder, home, "publish", ID, "--cache", "cache");
        assertThat(open.exit()).isEqualTo(2);
        assertThat(open.err()).contains("others than its owner may use it").hasLineCount(1);
        assertThat(FarmProcess.run(folder, home, "doctor").out()).containsPattern("MISSING +signing key");
    }

    @Test
    void aKeyThatIsNamedHasToBeThere() throws IOException {
        RunLayout run = SampleRun.built(places, ID, RELEASE, "1", 1, "");
        FarmRun.pack(run, places, event -> {});
        Path nowhere = folder.resolve("nowhere.asc");

        FarmException refused = catchThrowableOfType(
                FarmException.class,
                () -> FarmRun.publish(
                        run,
                        new FarmRun.Places(places.out(), places.cache(), new KeyPlace(nowhere, true)),
                        event -> {}));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused).hasMessageContaining(nowhere + " cannot be used: there is no such file");
        assertThat(nowhere).doesNotExist();
        assertThat(places.out().repository()).doesNotExist();
    }

    private static JsonNode statement(ProvenanceLayout provenance) throws IOException {
        JsonNode envelope = new ObjectMapper().readTree(provenance.statement().toFile());
        return new ObjectMapper()
                .readTree(Base64.getDecoder().decode(envelope.at("/payload").asText()));
    }

    private Path inRepositories(String name) throws IOException {
        try (Stream<Path> all = Files.walk(places.out().repository())) {
            return all.filter(path -> path.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
