package io.kernelfarm.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs gzip, xz and zstd are the judges. */
class CompressionTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path dir;

    /** Half noise, half text, so that neither stored nor compressed blocks are missing. */
    private static byte[] sample(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(size);
        random.nextBytes(bytes);
        for (int i = 0; i < size; i++) {
            if (i / 50_000 % 2 == 0) {
                bytes[i] = (byte) ('a' + (bytes[i] & 3));
            }
        }
        return bytes;
    }

    private Path compress(Compression compression, byte[] content) throws IOException {
        Path file = dir.resolve("content." + compression.algorithm().suffix());
        try (OutputStream out = compression.compress(Files.newOutputStream(file))) {
            // Pieces of changing length, as files of a package are.
            for (int at = 0, piece = 1; at < content.length; at += piece, piece = piece * 7 % 300_007) {
                out.write(content, at, Math.min(piece, content.length - at));
            }
        }
        return file;
    }

    private void check(Compression compression, int size) throws IOException {
        byte[] content = sample(size);
        Path file = compress(compression, content);
        try (InputStream in = compression.algorithm().decompress(Files.newInputStream(file))) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        String program = compression.algorithm().program();
        Tools.must(program, "-t", file.toString());
        Tools.must(program, "-d", "-k", "-f", file.toString());
        assertThat(dir.resolve("content")).hasBinaryContent(content);
    }

    @ParameterizedTest
    @MethodSource("io.kernelfarm.artifacts.Samples#compressions")
    void theAlgorithmsOwnProgramReadsEachLevel(Compression compression) throws IOException {
        check(compression, 500_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 7 * MIB + 5})
    void blocksMakeOneStream(int size) throws IOException {
        check(new Compression(Compression.Algorithm.XZ, 0), size);
        check(new Compression(Compression.Algorithm.GZIP, 6), size);
        check(Compression.DEFAULT, size);
    }

    @Test
    void anXzStreamTellsItsBlocks() throws IOException {
        Path file = compress(new Compression(Compression.Algorithm.XZ, 0), sample(5 * MIB / 2));
        assertThat(Tools.must("xz", "--robot", "--list", "-vv", file.toString()))
                .contains("file\t1\t3\t", "\tCRC32\t")
                .contains("block\t1\t1\t1\t12\t0\t", "\tcu\t", "\t--lzma2=dict=256KiB\n");
    }

    @Test
    void cuttingIntoBlocksCostsLittle() throws IOException {
        byte[] content = sample(4 * MIB);
        Path plain = Files.write(dir.resolve("plain"), content);
        Tools.must("gzip", "-6", "-k", plain.toString());
        long whole = Files.size(dir.resolve("plain.gz"));
        assertThat(Files.size(compress(new Compression(Compression.Algorithm.GZIP, 6), content)))
                .isLessThan(whole + whole / 500);
    }

    @ParameterizedTest
    @CsvSource({"deb, ZSTD, 1", "rpm, XZ, 0", "deb, GZIP, 6"})
    void theNumberOfProcessorsDoesNotChangeAByte(String format, Compression.Algorithm algorithm, int level)
            throws IOException {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        for (int i = 0; i < 5; i++) {
            Files.write(tree.resolve("file" + i), sample(MIB + i));
        }
        List<Path> packages = new ArrayList<>();
        for (int processors : new int[] {1, 2, 5}) {
            packages.add(PackTree.in(
                    List.of("-XX:ActiveProcessorCount=" + processors),
                    format,
                    new Compression(algorithm, level),
                    tree,
                    dir.resolve("out" + processors)));
        }
        assertThat(packages.get(1)).hasSameBinaryContentAs(packages.get(0));
        assertThat(packages.get(2)).hasSameBinaryContentAs(packages.get(0));
    }

    /** A frame of one byte, whose header asks for a window: RFC 8878, 3.1.1. */
    private static byte[] zstdFrame(int windowLog) {
        return new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((windowLog - 10) << 3), 9, 0, 0, 'a'};
    }

    @Test
    void aStreamThatAsksForTooMuchMemoryIsRefused() throws IOException {
        assertThat(plain(Compression.Algorithm.ZSTD, zstdFrame(27))).asString().isEqualTo("a");
        assertThatThrownBy(() -> plain(Compression.Algorithm.ZSTD, zstdFrame(28)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory");

        Path file = compress(new Compression(Compression.Algorithm.XZ, 0), new byte[] {'a'});
        ByteBuffer xz = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        // The block's header after that of the stream: size, flags, two sizes of a byte each, filter, length,
        // dictionary.
        int header = 12;
        int size = (xz.get(header) + 1) * 4;
        xz.put(header + 6, (byte) 36); // 1 GiB
        CRC32 check = new CRC32();
        check.update(xz.array(), header, size - 4);
        xz.putInt(header + size - 4, (int) check.getValue());
        assertThatThrownBy(() -> plain(Compression.Algorithm.XZ, xz.array()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory");
    }

    private static byte[] plain(Compression.Algorithm algorithm, byte[] compressed) throws IOException {
        try (InputStream in = algorithm.decompress(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void aHeapTooSmallForALevelIsNamed() throws IOException {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        assertThatThrownBy(() -> PackTree.in(
                        List.of("-Xmx256m"), "deb", new Compression(Compression.Algorithm.XZ, 9), tree, dir))
                .hasMessageContaining("xz at level 9 needs")
                .hasMessageContaining("choose a lower level or raise -Xmx");
    }
}
