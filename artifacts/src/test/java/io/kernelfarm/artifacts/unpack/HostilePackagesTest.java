package io.kernelfarm.artifacts.unpack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.artifacts.rpm.RpmHeaderBuilder;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmTag;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages that mean harm or are broken. */
class HostilePackagesTest {
    @TempDir
    private Path dir;

    private Path target;

    @BeforeEach
    void target() {
        target = dir.resolve("jail/target");
    }

    /** Makes a tar's entries. */
    private interface Entries {
        void put(TarArchiveOutputStream tar) throws IOException;
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte type, String link, String content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setMode(type == TarConstants.LF_DIR ? 0755 : 0644);
        entry.setLinkName(link);
        byte[] bytes = content.getBytes(UTF_8);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name) throws IOException {
        entry(tar, name, TarConstants.LF_NORMAL, "", "harm");
    }

    private static byte[] tar(Entries entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            entries.put(tar);
        }
        return bytes.toByteArray();
    }

    private static void control(TarArchiveOutputStream tar) throws IOException {
        entry(
                tar,
                "./control",
                TarConstants.LF_NORMAL,
                "",
                "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n");
    }

    private Path deb(String dataName, byte[] data) throws IOException {
        return deb(tar(HostilePackagesTest::control), dataName, data);
    }

    private Path deb(byte[] control, String dataName, byte[] data) throws IOException {
        Path deb = dir.resolve("hostile.deb");
        try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(deb))) {
            member(ar, "debian-binary", "2.0\n".getBytes(US_ASCII));
            member(ar, "control.tar", control);
            member(ar, dataName, data);
        }
        return deb;
    }

    private static void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
        ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
        ar.write(content);
        ar.closeArchiveEntry();
    }

    private Path deb(Entries entries) throws IOException {
        return deb("data.tar", tar(entries));
    }

    private void assertRefused(Path file, PackageReader reader, String why) throws IOException {
        Files.createDirectories(target.getParent());
        assertThatThrownBy(() -> reader.extract(file, target))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageStartingWith(file + " cannot be read as a package: ")
                .hasMessageContaining(why);
        assertThat(target.getParent()).as("nothing is left behind").isEmptyDirectory();
    }

    private void assertRefused(Path file, String why) throws IOException {
        assertRefused(file, PackageReaders.of(file), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "./../escaped", "/../escaped", "a/../../escaped", "..", "a\nb", "a//b"})
    void aNameThatLeadsOutIsRefused(String name) throws IOException {
        assertRefused(deb(tar -> file(tar, name)), "");
        assertThat(dir.resolve("escaped")).doesNotExist();
        assertThat(dir.resolve("jail/escaped")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "..", "sub", "/etc"})
    void nothingIsWrittenThroughALink(String link) throws IOException {
        assertRefused(
                deb(tar -> {
                    entry(tar, "./door", TarConstants.LF_SYMLINK, link, "");
                    file(tar, "./door/harm");
                }),
                "/door/harm lies below /door, which is no directory");
        assertRefused(
                deb(tar -> {
                    file(tar, "./door/harm");
                    entry(tar, "./door", TarConstants.LF_SYMLINK, link, "");
                }),
                "/door is in it twice");
        assertRefused(
                deb(tar -> {
                    entry(tar, "./door", TarConstants.LF_SYMLINK, link, "");
                    file(tar, "./door");
                }),
                "/door is in it twice");
    }

    @Test
    void aHardLinkReachesOnlyWhatThePackageBrought() throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), "secret");
        for (String first : new String[] {secret.toString(), "../../secret", "./link", "./later"}) {
            assertRefused(
                    deb(tar -> {
                        entry(tar, "./link", TarConstants.LF_SYMLINK, secret.toString(), "");
                        entry(tar, "./mine", TarConstants.LF_LINK, first, "");
                        file(tar, "./later");
                    }),
                    "");
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
    void aDeviceIsRefused(byte type) throws IOException {
        assertRefused(deb(tar -> entry(tar, "./dev/sda", type, "", "")), "/dev/sda is a device");
    }

    @Test
    void aLinkToOutsideStaysInside() throws IOException {
        Path deb = deb(tar -> {
            entry(tar, "./etc/shadow", TarConstants.LF_NORMAL, "", "inner");
            entry(tar, "./absolute", TarConstants.LF_SYMLINK, "/etc/shadow", "");
            entry(tar, "./climbing", TarConstants.LF_SYMLINK, "../../../../etc/shadow", "");
        });
        PackageReaders.of(deb).extract(deb, target);
        assertThat(target.resolve("absolute")).hasContent("inner");
        assertThat(target.resolve("climbing")).hasContent("inner");
    }

    @Test
    void aSetUserIdBitIsNotKept() throws IOException {
        Path deb = deb(tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("./su");
            entry.setMode(06755);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });
        PackageReaders.of(deb).extract(deb, target);
        assertThat((Integer) Files.getAttribute(target.resolve("su"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    @Test
    void whatUnpacksToTooMuchIsRefused() throws IOException {
        byte[] zeros = new byte[64 << 20];
        Path big = Files.write(dir.resolve("zeros"), zeros);
        PackageSpec spec = Samples.spec(dir, List.of(new PackageEntry.File(Samples.path("/zeros"), big, 0644)));
        ReadLimits limits = new ReadLimits(32 << 20, 100);
        Path deb = new DebWriter(Compression.DEFAULT).writeInto(spec, dir);
        assertThat(deb).satisfies(file -> assertThat(Files.size(file)).isLessThan(100_000));
        assertRefused(deb, new DebReader(limits), "bytes allowed");
        Path rpm = new RpmWriter(Compression.DEFAULT).writeInto(spec, dir);
        assertRefused(rpm, new RpmReader(limits), "allowed");
        ReadLimits few = new ReadLimits(1 << 30, 3);
        assertRefused(deb, new DebReader(few), "more than 3 entries");
        assertRefused(rpm, new RpmReader(few), "more than 3 entries");
        assertThatThrownBy(() -> new DebReader(few).entries(deb)).isInstanceOf(PackageFormatException.class);
        assertThatThrownBy(() -> new RpmReader(few).entries(rpm)).isInstanceOf(PackageFormatException.class);
    }

    @Test
    void aNameOfGigabytesIsRefusedBeforeItIsRead() throws IOException {
        byte[] bomb = tar(tar -> {
            byte[] name = new byte[256 << 20];
            Arrays.fill(name, (byte) 'a');
            TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            entry.setSize(name.length);
            tar.putArchiveEntry(entry);
            tar.write(name);
            tar.closeArchiveEntry();
        });
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (var out = Compression.DEFAULT.compress(packed)) {
            new ByteArrayInputStream(bomb).transferTo(out);
        }
        assertRefused(deb("data.tar.zst", packed.toByteArray()), "unpacks to more than is allowed");
    }

    /** The library fills holes with zeros, as many as the header says; an old form of it has room for exbibytes. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHoleThatOnlyAHeaderTellsOfIsRefused() throws IOException {
        Entries hole = tar -> {
            entry(tar, "pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, "", """
                    22 GNU.sparse.major=1
                    22 GNU.sparse.minor=0
                    24 GNU.sparse.name=hole
                    34 GNU.sparse.realsize=2147483647
                    """);
            entry(tar, "hole", TarConstants.LF_NORMAL, "", "0\n" + "\0".repeat(510));
        };
        assertRefused(deb(hole), "/hole is a device or of another kind");
        byte[] control = tar(tar -> {
            hole.put(tar);
            control(tar);
        });
        Path deb = deb(control, "data.tar", tar(tar -> {}));
        assertThatThrownBy(() -> new DebReader(ReadLimits.DEFAULT).control(deb))
                .isInstanceOf(PackageFormatException.class)
                .hasMessageContaining("hole is a device or of another kind");
    }

    @Test
    void aMemberOfUnknownCompressionIsRefused() throws IOException {
        assertRefused(deb("data.tar.lz4", new byte[100]), "unknown compression");
        assertRefused(deb("other", new byte[100]), "no member data.tar");
    }

    @Test
    void anRpmWhoseHeaderOrPayloadWasChangedIsRefused() throws IOException {
        Path rpm = new RpmWriter(Compression.DEFAULT).writeInto(Samples.spec(dir), dir);
        byte[] good = Files.readAllBytes(rpm);
        long headerStart = new RpmReader(ReadLimits.DEFAULT).headers(rpm).headerStart();
        byte[] header = good.clone();
        int summary = new String(good, ISO_8859_1).indexOf("A sample");
        header[summary]++;
        assertThat((long) summary).isGreaterThan(headerStart);
        assertRefused(Files.write(dir.resolve("header.rpm"), header), "its header does not have the digest");

        Path plain = dir.resolve("gzip.rpm");
        byte[] payload = Files.readAllBytes(
                new RpmWriter(new Compression(Compression.Algorithm.GZIP, 1)).writeInto(Samples.spec(dir), dir));
        payload[payload.length - 1]++;
        assertRefused(Files.write(plain, payload), "");
    }

    @Test
    void anRpmHeaderOfAbsurdSizeIsRefused() throws IOException {
        Path rpm = new RpmWriter(Compression.DEFAULT).writeInto(Samples.spec(dir), dir);
        byte[] bytes = Files.readAllBytes(rpm);
        for (int[] absurd : new int[][] {{Integer.MAX_VALUE, 100}, {100, Integer.MAX_VALUE}, {-1, -1}, {0, 0}}) {
            ByteBuffer.wrap(bytes).putInt(96 + 8, absurd[0]).putInt(96 + 12, absurd[1]);
            assertRefused(Files.write(dir.resolve("absurd.rpm"), bytes), "absurd size");
        }
    }

    @Test
    void anRpmTagOfAbsurdlyManyValuesIsRefused() throws IOException {
        RpmHeaderBuilder header = new RpmHeaderBuilder();
        header.strings(RpmTag.BASE_NAMES, Collections.nCopies(2_000_000, ""));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Arrays.copyOf(new byte[] {(byte) 0xed, (byte) 0xab, (byte) 0xee, (byte) 0xdb}, 96));
        bytes.writeBytes(header.build(RpmTag.HEADER_SIGNATURES));
        assertRefused(Files.write(dir.resolve("many.rpm"), bytes.toByteArray()), "absurd number of values");
    }

    @Test
    void namesThatFillTheMemoryAreRefused() throws IOException {
        String far = "a".repeat(4000);
        assertRefused(
                deb(tar -> {
                    for (int i = 0; i < 10_000; i++) {
                        // The library's own way to write a long target takes it ten milliseconds each.
                        entry(tar, "././@LongLink", TarConstants.LF_GNUTYPE_LONGLINK, "", far + "\0");
                        entry(tar, "./link" + i, TarConstants.LF_SYMLINK, "short", "");
                    }
                }),
                "absurdly long");
    }

    @Test
    void aPathThatIsTooDeepOrTooLongForItsPlaceIsRefused() throws IOException {
        assertRefused(deb(tar -> file(tar, "./" + "d/".repeat(2045) + "file")), "128 directories deep");
        assertRefused(deb(tar -> file(tar, "./" + ("d".repeat(254) + "/").repeat(15) + "e".repeat(250))), "too long");
    }

    /** Whatever happens to the bytes, it ends with a result or with the one declared exception. */
    @ParameterizedTest
    @ValueSource(strings = {"ZSTD", "XZ", "GZIP"})
    void brokenBytesEndInTheDeclaredException(String algorithm) throws IOException {
        PackageSpec spec = Samples.small(dir.resolve("short"));
        Compression compression = new Compression(Compression.Algorithm.valueOf(algorithm), 1);
        Random random = new Random(20260102);
        for (PackageWriter writer : new PackageWriter[] {new DebWriter(compression), new RpmWriter(compression)}) {
            byte[] good = Files.readAllBytes(writer.writeInto(spec, dir));
            int refused = 0;
            for (int round = 0; round < 200; round++) {
                byte[] bad = good.clone();
                if (round % 4 == 0) {
                    bad = Arrays.copyOf(bad, random.nextInt(bad.length));
                }
                for (int change = 0; change < 1 + round % 3 && bad.length > 0; change++) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
                Path file = Files.write(dir.resolve("bad"), bad);
                refused += isRefused(file) ? 1 : 0;
            }
            assertThat(refused).isGreaterThan(50);
        }
    }

    private boolean isRefused(Path file) throws IOException {
        Path place = dir.resolve("place");
        try {
            PackageReader reader = PackageReaders.of(file);
            reader.metadata(file);
            reader.entries(file);
            reader.extract(file, place);
            Tools.must("rm", "-r", place.toString());
            return false;
        } catch (PackageFormatException e) {
            assertThat(place).doesNotExist();
            return true;
        }
    }
}
