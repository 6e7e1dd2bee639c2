package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.fuzz.Target;
import io.kernelfarm.artifacts.unpack.PackageStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The readers below {@link RpmReader}, and rpms without digests, in which broken bytes come farther. */
public final class RpmTargets {
    private RpmTargets() {}

    /** All of them; they read no more than {@code limits}. */
    public static List<Target> all(Path directory, ReadLimits limits) throws IOException {
        Path file = directory.resolve("fuzzed.rpm");
        byte[] newc = cpio(false);
        byte[] stripped = cpio(true);
        byte[] header = header();
        RpmReader reader = new RpmReader(limits);
        return List.of(
                new Target("cpio", List.of(newc, stripped), bytes -> readCpio(file, bytes, limits)),
                new Target("rpm header", List.of(header), bytes -> readHeader(file, bytes, reader)),
                new Target(
                        "rpm lead and headers",
                        List.of(rpm(header, newc)),
                        bytes -> reader.headers(Files.write(file, bytes))),
                new Target(
                        "rpm payload",
                        List.of(newc, stripped),
                        bytes -> extract(reader, Files.write(file, rpm(header, bytes)), directory.resolve("jail"))),
                new Target(
                        "rpm without digests",
                        List.of(rpm(header, newc), rpm(header, stripped)),
                        bytes -> extract(reader, Files.write(file, bytes), directory.resolve("jail"))));
    }

    private static void extract(RpmReader reader, Path file, Path jail) throws IOException {
        reader.extract(file, jail.resolve("target"));
    }

    private static void readCpio(Path file, byte[] bytes, ReadLimits limits) throws IOException {
        PackageStream in = PackageStream.open(file, limits.unpackedBytes(), () -> new ByteArrayInputStream(bytes));
        CpioReader cpio = new CpioReader(file, in, index -> {
            if (index > 3) {
                throw new PackageFormatException(file, "it has four files");
            }
            return new CpioReader.Entry("/d/file", index, 0, 0100644, 1, index == 0 ? 5 : 0);
        });
        for (CpioReader.Entry entry = cpio.next(); entry != null; entry = cpio.next()) {
            cpio.endContent(entry, cpio.content(entry));
        }
    }

    private static void readHeader(Path file, byte[] bytes, RpmReader reader) throws IOException {
        RpmHeader header =
                RpmHeader.read(file, PackageStream.open(file, bytes.length, () -> new ByteArrayInputStream(bytes)));
        for (int tag = 0; tag < 6000; tag++) {
            int asked = tag;
            refusable(() -> header.strings(asked));
            refusable(() -> header.numbers(asked));
        }
        RpmReader.metadata(header);
        reader.entries(file, header);
    }

    private interface Step {
        void take() throws PackageFormatException;
    }

    /** A tag of another type is refused, and then others are looked at. */
    private static void refusable(Step step) {
        try {
            step.take();
        } catch (PackageFormatException e) {
            assert e.getMessage() != null;
        }
    }

    private static byte[] cpio(boolean stripped) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter cpio = new CpioWriter(bytes, stripped)) {
            cpio.entry(0, "./d/file", 0100644, 1, 5, out -> out.write("text\n".getBytes(UTF_8)));
            cpio.entry(1, "./d", 0040755, 1, 0, out -> {});
            cpio.entry(2, "./link", 0120777, 1, 6, out -> out.write("d/file".getBytes(UTF_8)));
            cpio.entry(3, "./empty", 0100600, 1, 0, out -> {});
            cpio.trailer();
        }
        return bytes.toByteArray();
    }

    private static byte[] header() {
        RpmHeaderBuilder header = new RpmHeaderBuilder();
        header.string(RpmTag.NAME, "sample");
        header.string(RpmTag.VERSION, "1");
        header.string(RpmTag.RELEASE, "1");
        header.string(RpmTag.ARCH, "x86_64");
        header.text(RpmTag.SUMMARY, "summary");
        header.int32(RpmTag.EPOCH, 1);
        header.strings(RpmTag.BASE_NAMES, List.of("file", "d", "link", "empty"));
        header.strings(RpmTag.DIR_NAMES, List.of("/d/", "/"));
        header.int32s(RpmTag.DIR_INDEXES, List.of(0L, 1L, 1L, 1L));
        header.int16s(RpmTag.FILE_MODES, List.of(0100644, 0040755, 0120777, 0100600));
        header.int32s(RpmTag.FILE_FLAGS, List.of(0L, 0L, 0L, 0L));
        header.int32s(RpmTag.FILE_INODES, List.of(1L, 2L, 3L, 4L));
        header.int32s(RpmTag.FILE_DEVICES, List.of(1L, 1L, 1L, 1L));
        header.strings(RpmTag.FILE_LINKTOS, List.of("", "", "d/file", ""));
        header.int64s(RpmTag.LONG_FILE_SIZES, List.of(5L, 0L, 6L, 0L));
        header.int64s(RpmTag.LONG_SIZE, List.of(5L));
        header.string(RpmTag.PAYLOAD_FORMAT, "cpio");
        header.string(RpmTag.PAYLOAD_COMPRESSOR, "gzip");
        return header.build(RpmTag.HEADER_IMMUTABLE);
    }

    private static byte[] rpm(byte[] header, byte[] payload) throws IOException {
        RpmHeaderBuilder signature = new RpmHeaderBuilder();
        signature.int32(RpmTag.SIG_SIZE, 1);
        byte[] signed = signature.build(RpmTag.HEADER_SIGNATURES);
        List<byte[]> parts = new ArrayList<>();
        parts.add(Arrays.copyOf(new byte[] {(byte) 0xed, (byte) 0xab, (byte) 0xee, (byte) 0xdb, 3}, 96));
        parts.add(Arrays.copyOf(signed, (signed.length + 7) / 8 * 8));
        parts.add(header);
        ByteArrayOutputStream rpm = new ByteArrayOutputStream();
        parts.forEach(rpm::writeBytes);
        try (OutputStream gzip = new Compression(Compression.Algorithm.GZIP, 1).compress(rpm)) {
            gzip.write(payload);
        }
        return rpm.toByteArray();
    }
}
