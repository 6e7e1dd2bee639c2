package io.kernelfarm.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A package with one of each kind of entry. */
public final class Samples {
    public static final Instant TIMESTAMP = Instant.parse("2026-01-02T03:04:05Z");
    public static final String LONG_PART = "a-name-that-is-longer-than-what-fits-into-the-header-of-a-tar";
    public static final String LONG_NAME = (LONG_PART + "/").repeat(3) + "end";
    public static final PackageInfo INFO = new PackageInfo(
            "A sample & <nothing> \"more\"",
            "First line\n\nThird line: größer\n",
            "Näme <name@localhost>",
            "MIT",
            "misc",
            "https://localhost/");

    private Samples() {}

    public static PackageSpec spec(Path directory) throws IOException {
        return spec(directory, List.of());
    }

    public static PackageSpec spec(Path directory, List<PackageEntry> more) throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "text\n".repeat(100_000));
        Path empty = Files.write(directory.resolve("empty"), new byte[0]);
        return new PackageSpec(
                "sample",
                "1.0~rc1",
                "2",
                Architecture.AMD64,
                INFO,
                Relations.NONE,
                Map.of(),
                TIMESTAMP,
                Stream.concat(
                                Stream.of(
                                        new PackageEntry.Directory(path("/opt/sample"), 0755),
                                        new PackageEntry.Directory(path("/opt/sample/private"), 0700),
                                        directory(LONG_PART),
                                        directory(LONG_PART + "/" + LONG_PART),
                                        directory(LONG_PART + "/" + LONG_PART + "/" + LONG_PART),
                                        new PackageEntry.File(path("/opt/sample/text"), text, 0644),
                                        new PackageEntry.File(path("/opt/sample/empty"), empty, 0600),
                                        new PackageEntry.File(path("/opt/sample/größe mit leer"), text, 0755),
                                        new PackageEntry.File(path("/opt/sample/" + LONG_NAME), text, 0644),
                                        new PackageEntry.Symlink(path("/opt/sample/link"), "private/../text"),
                                        new PackageEntry.Symlink(path("/opt/sample/absolute"), "/opt/sample/text")),
                                more.stream())
                        .toList());
    }

    /** A package of nothing but these entries. */
    public static PackageSpec of(String name, String version, List<PackageEntry> entries) {
        return new PackageSpec(
                name, version, "1", Architecture.AMD64, INFO, Relations.NONE, Map.of(), TIMESTAMP, entries);
    }

    /**
     * A package of a few hundred bytes that has something in every place of its format.
     *
     * @param text is written for it
     */
    public static PackageSpec small(Path text) throws IOException {
        Files.writeString(text, "text\n".repeat(50));
        return new PackageSpec(
                "sample",
                "1",
                "1",
                Architecture.AMD64,
                INFO,
                new Relations(List.of("a = 1"), List.of("b"), List.of(), List.of()),
                Map.of(),
                TIMESTAMP,
                List.of(
                        new PackageEntry.File(path("/" + LONG_NAME), text, 0644),
                        new PackageEntry.Symlink(path("/link"), "short"),
                        new PackageEntry.Directory(path("/d"), 0755)));
    }

    private static PackageEntry directory(String name) {
        return new PackageEntry.Directory(path("/opt/sample/" + name), 0755);
    }

    public static InstallPath path(String value) {
        return new InstallPath(value);
    }

    /** The default, and the edges of each algorithm. */
    public static Stream<Compression> compressions() {
        return Stream.of(
                Compression.DEFAULT,
                new Compression(Compression.Algorithm.ZSTD, 1),
                new Compression(Compression.Algorithm.ZSTD, 19),
                new Compression(Compression.Algorithm.XZ, 0),
                new Compression(Compression.Algorithm.XZ, 9),
                new Compression(Compression.Algorithm.GZIP, 1),
                new Compression(Compression.Algorithm.GZIP, 9));
    }
}
