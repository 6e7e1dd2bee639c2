package io.kernelfarm.pipelines.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.pipelines.FarmException.Blame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tarballs of the real tar, and such as no tar would write. */
class TarTest {

    private static final ReadLimits SMALL = new ReadLimits(1 << 20, 50);

    @TempDir
    private Path folder;

    private Path outside;

    @BeforeEach
    void putSomethingBesideIt() throws IOException {
        outside = Files.writeString(folder.resolve("outside"), "untouched");
    }

    @ParameterizedTest
    @CsvSource({"--no-auto-compress, tar", "--gzip, tar.gz", "--xz, tar.xz", "--zstd, tar.zst", "--bzip2, tar.bz2"})
    void whatTarPackedIsThereAgain(String option, String suffix) throws IOException {
        Path kernel = FakeKernel.make(folder.resolve("linux-6.1"));
        Map<String, String> content = FakeKernel.content(kernel);
        Path file = folder.resolve("linux-6.1." + suffix);
        FakeKernel.run(folder, "tar", "--create", option, "--file", file.toString(), "linux-6.1");

        Path tree = Tar.unpack(file, "linux", folder.resolve("unpacked"));

        assertThat(tree).isEqualTo(folder.resolve("unpacked/linux-6.1"));
        assertThat(FakeKernel.content(tree)).isEqualTo(content);
    }

    /** As "git archive" without --prefix writes it. */
    @Test
    void aTarballNeedsNoFolderAroundAllOfIt() throws IOException {
        Path kernel = FakeKernel.make(folder.resolve("linux"));
        Path file = folder.resolve("linux.tar");
        FakeKernel.run(kernel, "tar", "--create", "--file", file.toString(), ".");

        assertThat(FakeKernel.content(Tar.unpack(file, "linux", folder.resolve("unpacked"))))
                .isEqualTo(FakeKernel.content(kernel));
    }

    @Test
    void anybodyMayReadWhatIsUnpackedAndNothingRunsAsAnotherUser() throws IOException {
        Path file = tar(out -> {
            TarArchiveEntry entry = new TarArchiveEntry("linux/secret");
            entry.setMode(0104700);
            entry.setModTime(-5_000_000_000_000L);
            out.putArchiveEntry(entry);
            out.closeArchiveEntry();
            entry(out, "linux/folder/", TarConstants.LF_DIR, "");
        });

        Path tree = Tar.unpack(file, "linux", folder.resolve("unpacked"));

        assertThat(FakeKernel.run(tree, "stat", "--format=%a %Y", "secret", "folder"))
                .startsWith("755 0\n755 ");
    }

    /** Writes entries. */
    private interface Entries {
        void to(TarArchiveOutputStream out) throws IOException;
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                hostile("leads out of it", out -> file(out, "/etc/passwd", "x")),
                hostile("leads out of it", out -> file(out, "linux/../../outside", "x")),
                hostile("leads out of it", out -> file(out, "..", "x")),
                hostile(
                        "linux/passwd leads out of it, to /etc/passwd",
                        out -> link(out, "linux/passwd", "/etc/passwd")),
                hostile("linux/up leads out of it, to ../../outside", out -> link(out, "linux/up", "../../outside")),
                hostile("leads out of it, to a/../../../x", out -> link(out, "linux/up", "a/../../../x")),
                hostile(
                        "leads out of it, to ../outside",
                        out -> entry(out, "linux", TarConstants.LF_LINK, "../outside")),
                hostile(
                        "leads out of it, to /etc/passwd",
                        out -> entry(out, "linux", TarConstants.LF_LINK, "/etc/passwd")),
                hostile("is no file before it", out -> entry(out, "linux", TarConstants.LF_LINK, "linux2")),
                hostile("lies below /linux/a, which is no directory", out -> {
                    link(out, "linux/a", "b");
                    file(out, "linux/a/c", "x");
                }),
                hostile("is in it twice", out -> {
                    link(out, "linux", "elsewhere");
                    file(out, "linux", "x");
                }),
                hostile("is a device", out -> entry(out, "linux/null", TarConstants.LF_CHR, "")),
                hostile("is a device", out -> entry(out, "linux/disk", TarConstants.LF_BLK, "")),
                hostile("is a device", out -> entry(out, "linux/pipe", TarConstants.LF_FIFO, "")),
                hostile("longer than 255 bytes", out -> file(out, "linux/" + "n".repeat(256), "x")),
                hostile("control character", out -> file(out, "linux/a\nb", "x")),
                hostile("bytes allowed", out -> {
                    for (int i = 0; i < 11; i++) {
                        file(out, "linux/zeros" + i, "\0".repeat(100_000));
                    }
                }),
                hostile("more than 50 entries", out -> {
                    for (int i = 0; i < 60; i++) {
                        file(out, "linux/" + i, "");
                    }
                }),
                hostile("more than 50 entries", out -> file(out, "d/".repeat(60) + "f", "")));
    }

    private static Arguments hostile(String sentence, Entries entries) {
        return Arguments.of(sentence, entries);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileTarballIsRefusedInASentence(String sentence, Entries entries) throws IOException {
        Path file = tar(entries);

        FakeKernel.assertRefused(
                Blame.USAGE,
                () -> Tar.unpack(file, "linux.tar", folder.resolve("unpacked"), SMALL),
                "the tarball linux.tar is refused: ",
                sentence);
        assertThat(outside).hasContent("untouched");
        assertThat(folder.resolve("unpacked")).doesNotExist();
    }

    /** A thousand to one, and then again. */
    @Test
    void aBombGoesOffInNobodysDisk() throws IOException {
        Path file = folder.resolve("bomb.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry("linux/zeros");
            entry.setSize(200 << 20);
            tar.putArchiveEntry(entry);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                tar.write(zeros);
            }
            tar.closeArchiveEntry();
        }
        assertThat(file).satisfies(bomb -> assertThat(Files.size(bomb)).isLessThan(1 << 20));

        FakeKernel.assertRefused(
                Blame.USAGE, () -> Tar.unpack(file, "bomb", folder.resolve("unpacked"), SMALL), "bytes allowed");
    }

    @Test
    void whatIsLargerThanAllowedIsNotEvenBegun() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("linux/huge");
        entry.setSize(1L << 40);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding(UTF_8), true);
        Path file = Files.write(folder.resolve("huge.tar"), header);

        FakeKernel.assertRefused(
                Blame.USAGE, () -> Tar.unpack(file, "huge", folder.resolve("unpacked")), "8589934592 bytes allowed");
    }

    /** A pax header (pax(1)) stands before an entry, and is read whole. */
    @Test
    void aNameWithoutEndIsRefused() throws IOException {
        Path file = folder.resolve("name.tar.gz");
        byte[] header = new byte[512];
        byte[] name = "PaxHeader".getBytes(UTF_8);
        System.arraycopy(name, 0, header, 0, name.length);
        System.arraycopy("77777777777\0".getBytes(UTF_8), 0, header, 124, 12);
        header[156] = 'x';
        System.arraycopy("ustar\00000".getBytes(UTF_8), 0, header, 257, 8);
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        System.arraycopy(String.format("%06o\0 ", sum).getBytes(UTF_8), 0, header, 148, 8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header);
            out.write("99999999999 path=".getBytes(UTF_8));
            byte[] letters = "n".repeat(1 << 20).getBytes(UTF_8);
            for (int i = 0; i < 100; i++) {
                out.write(letters);
            }
        }

        FakeKernel.assertRefused(
                Blame.USAGE,
                () -> Tar.unpack(file, "name", folder.resolve("unpacked")),
                "the tarball name is refused: ");
    }

    @Test
    void aDamagedTarballIsRefused() throws IOException {
        FakeKernel.make(folder.resolve("linux"));
        Path whole = folder.resolve("linux.tar.xz");
        FakeKernel.run(folder, "tar", "--create", "--xz", "--file", whole.toString(), "linux");
        byte[] bytes = Files.readAllBytes(whole);
        bytes[bytes.length / 2] ^= 0x55;
        Path damaged = Files.write(folder.resolve("damaged.tar.xz"), bytes);
        Path half = Files.write(folder.resolve("half.tar.xz"), java.util.Arrays.copyOf(bytes, bytes.length / 3));
        Path text = Files.writeString(folder.resolve("page.tar.xz"), "<html>Please log in</html>".repeat(100));

        for (Path file : new Path[] {damaged, half, text}) {
            FakeKernel.assertRefused(
                    Blame.USAGE,
                    () -> Tar.unpack(file, "it", folder.resolve("unpacked")),
                    "the tarball it is refused: ");
        }
    }

    private Path tar(Entries entries) throws IOException {
        Path file = folder.resolve("made.tar");
        TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(file), UTF_8.name());
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        entries.to(out);
        out.close();
        return file;
    }

    private static void file(TarArchiveOutputStream out, String name, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length());
        out.putArchiveEntry(entry);
        out.write(content.getBytes(UTF_8));
        out.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream out, String name, String target) throws IOException {
        entry(out, name, TarConstants.LF_SYMLINK, target);
    }

    private static void entry(TarArchiveOutputStream out, String name, byte kind, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }
}
