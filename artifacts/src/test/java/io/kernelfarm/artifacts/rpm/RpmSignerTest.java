package io.kernelfarm.artifacts.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.openpgp.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** rpm and rpmsign are the judges. */
class RpmSignerTest {
    @TempDir
    private Path dir;

    private Path unsigned;
    private Path signed;

    @BeforeEach
    void sign() throws IOException {
        unsigned = new RpmWriter(Compression.DEFAULT).writeInto(Samples.spec(dir), dir);
        signed = dir.resolve("signed.rpm");
        sign(unsigned, signed);
        Path key = Files.writeString(dir.resolve("key.asc"), TestKey.first().publicKey());
        Tools.must("rpmkeys", "--root", dir.resolve("root").toString(), "--import", key.toString());
    }

    private static void sign(Path from, Path to) throws IOException {
        new RpmSigner(TestKey.first()).sign(from, new RpmReader(ReadLimits.DEFAULT).headers(from), to);
    }

    private Tools.Result check(Path rpm) {
        return Tools.run("rpmkeys", "--root", dir.resolve("root").toString(), "-Kv", rpm.toString());
    }

    @Test
    void rpmVerifiesTheSignature() throws IOException {
        assertThat(Tools.must("rpm", "--root", dir.resolve("root").toString(), "-K", signed.toString()))
                .contains("digests signatures OK");
        String id = TestKey.first().fingerprint().substring(32).toLowerCase(Locale.ROOT);
        assertThat(check(signed).output())
                .contains("Header V4 RSA/SHA256 Signature, key ID " + id + ": OK")
                .contains("Payload SHA256 digest: OK");
        assertThat(Tools.must("rpm", "-qp", "--qf", "%{RSAHEADER:pgpsig}", "--nosignature", signed.toString()))
                .startsWith("RSA/SHA256, ")
                .endsWith(id);

        byte[] bytes = Files.readAllBytes(signed);
        bytes[bytes.length - 100] ^= 1;
        assertThat(check(Files.write(dir.resolve("payload.rpm"), bytes)).exit()).isNotZero();
        Path other = dir.resolve("other.rpm");
        new RpmSigner(TestKey.second()).sign(unsigned, new RpmReader(ReadLimits.DEFAULT).headers(unsigned), other);
        assertThat(check(other).output()).contains("NOKEY");
    }

    @Test
    void onlyTheSignatureHeaderChanges() throws IOException {
        RpmReader reader = new RpmReader(ReadLimits.DEFAULT);
        assertThat(rest(reader, signed)).isEqualTo(rest(reader, unsigned));
        assertThat(Arrays.copyOf(Files.readAllBytes(signed), RpmReader.LEAD_SIZE))
                .isEqualTo(Arrays.copyOf(Files.readAllBytes(unsigned), RpmReader.LEAD_SIZE));
        reader.checkWhole(signed);

        Path bare = Files.copy(signed, dir.resolve("bare.rpm"));
        Tools.must("rpmsign", "--delsign", bare.toString());
        assertThat(rest(reader, bare)).isEqualTo(rest(reader, unsigned));
        assertThat(check(bare).output()).doesNotContain("Signature").contains("Header SHA256 digest: OK");
        for (String tag : new String[] {"SIGMD5", "SHA1HEADER", "SHA256HEADER", "SIGSIZE", "ARCHIVESIZE"}) {
            assertThat(Tools.must("rpm", "-qp", "--nosignature", "--qf", "%{" + tag + "}", bare.toString()))
                    .isEqualTo(Tools.must("rpm", "-qp", "--qf", "%{" + tag + "}", unsigned.toString()));
        }

        Path again = dir.resolve("again.rpm");
        sign(signed, again);
        assertThat(Files.size(again)).isEqualTo(Files.size(signed));
        assertThat(check(again).exit()).isZero();
    }

    private static byte[] rest(RpmReader reader, Path rpm) throws IOException {
        byte[] bytes = Files.readAllBytes(rpm);
        return Arrays.copyOfRange(bytes, (int) reader.headers(rpm).headerStart(), bytes.length);
    }

    @Test
    void aPackageThatASignatureWouldNotHoldIsRefused() throws IOException {
        // As rpm before 4.14 made them: the header says nothing of the payload.
        RpmHeaderBuilder header = new RpmHeaderBuilder();
        header.string(RpmTag.NAME, "old");
        header.string(RpmTag.VERSION, "1");
        header.string(RpmTag.RELEASE, "1");
        header.string(RpmTag.ARCH, "noarch");
        RpmHeaderBuilder signature = new RpmHeaderBuilder();
        signature.string(RpmTag.SIG_SHA1, "0");
        byte[] padded = signature.build(RpmTag.HEADER_SIGNATURES);
        Path old = dir.resolve("old.rpm");
        Files.write(old, Arrays.copyOf(Files.readAllBytes(unsigned), RpmReader.LEAD_SIZE));
        Files.write(old, Arrays.copyOf(padded, (padded.length + 7) / 8 * 8), StandardOpenOption.APPEND);
        Files.write(old, header.build(RpmTag.HEADER_IMMUTABLE), StandardOpenOption.APPEND);
        assertThatThrownBy(() -> sign(old, dir.resolve("never.rpm")))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("it has no digest of its payload");
        assertThat(dir.resolve("never.rpm")).doesNotExist();
    }
}
