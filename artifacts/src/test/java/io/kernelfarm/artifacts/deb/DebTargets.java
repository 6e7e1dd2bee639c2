package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.fuzz.Target;
import io.kernelfarm.artifacts.unpack.PackageStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The readers below {@link DebReader}: ar, tar, and the control file. */
public final class DebTargets {
    private static final String CONTROL = """
            Package: sample
            Version: 1:2.0~rc1-1
            Architecture: amd64
            Installed-Size: 12
            Depends:
             a (>= 1),
             b
            Description: one
             two
             .
             three
            """;

    private DebTargets() {}

    /** All of them; they read no more than {@code limits}. */
    public static List<Target> all(Path directory, ReadLimits limits) throws IOException {
        Path file = directory.resolve("fuzzed.deb");
        byte[] control = tar(false);
        byte[] gnu = tar(true);
        byte[] pax = pax();
        DebReader reader = new DebReader(limits);
        return List.of(
                new Target("ar", List.of(deb(control, gnu)), bytes -> readAr(file, bytes)),
                new Target(
                        "control.tar", List.of(control), bytes -> reader.control(Files.write(file, deb(bytes, gnu)))),
                new Target("data.tar", List.of(gnu, pax), bytes -> {
                    reader.entries(Files.write(file, deb(control, bytes)));
                    reader.extract(file, directory.resolve("jail/target"));
                }),
                new Target("control file", List.of(CONTROL.getBytes(UTF_8)), bytes -> {
                    DebControl.parse(new String(bytes, UTF_8)).forEach(DebControl::format);
                    reader.metadata(Files.write(file, deb(controlTar(bytes), gnu)));
                }));
    }

    private static void readAr(Path file, byte[] bytes) throws IOException {
        ByteArrayInputStream raw = new ByteArrayInputStream(bytes);
        PackageStream.guarded(
                file, () -> ArFormat.find(file, raw, "data.tar").content().transferTo(OutputStream.nullOutputStream()));
    }

    private static byte[] controlTar(byte[] control) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes, 1)) {
            tar.file("./control", 0644, control);
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(boolean longNames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes, 1)) {
            tar.directory(".", 0755);
            tar.file("./control", 0644, CONTROL.getBytes(UTF_8));
            if (longNames) {
                tar.directory("./d", 0755);
                tar.file("./d/" + "n".repeat(150), 0644, "text".getBytes(UTF_8));
                tar.symlink("./link", "d/" + "n".repeat(150));
            }
        }
        return bytes.toByteArray();
    }

    /** As others write it: pax headers, a sparse file, a hard link, a device. */
    private static byte[] pax() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        raw(bytes, "pax", 'x', "", record("path", "./long") + record("mtime", "1.5") + record("size", "4"));
        raw(bytes, "./short", '0', "", "text");
        raw(
                bytes,
                "pax",
                'x',
                "",
                record("GNU.sparse.major", "1")
                        + record("GNU.sparse.minor", "0")
                        + record("GNU.sparse.name", "./sparse")
                        + record("GNU.sparse.realsize", "9"));
        raw(bytes, "./sparse", '0', "", "1\n5\n4\n" + "\0".repeat(506) + "text");
        raw(bytes, "./hard", '1', "./long", "");
        raw(bytes, "./device", '3', "", "");
        bytes.writeBytes(new byte[1024]);
        return bytes.toByteArray();
    }

    private static String record(String key, String value) {
        int length = key.length() + value.length() + 3;
        int digits = Integer.toString(length).length();
        return (length + digits + (Integer.toString(length + digits).length() - digits)) + " " + key + "=" + value
                + "\n";
    }

    private static void raw(ByteArrayOutputStream out, String name, char type, String link, String content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, "%011o\0".formatted(content.length()));
        put(header, 136, "00000000001\0");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, "%06o\0".formatted(sum));
        out.writeBytes(header);
        out.writeBytes(content.getBytes(US_ASCII));
        out.writeBytes(new byte[(512 - content.length() % 512) % 512]);
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(US_ASCII), 0, header, at, text.length());
    }

    private static byte[] deb(byte[] control, byte[] data) throws IOException {
        ByteArrayOutputStream deb = new ByteArrayOutputStream();
        ArFormat.start(deb);
        member(deb, "debian-binary", "2.0\n".getBytes(US_ASCII));
        member(deb, "control.tar", control);
        member(deb, "data.tar", data);
        return deb.toByteArray();
    }

    private static void member(OutputStream deb, String name, byte[] content) throws IOException {
        ArFormat.member(deb, name, content.length, 1);
        deb.write(content);
        ArFormat.end(deb, content.length);
    }
}
