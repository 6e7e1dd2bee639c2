package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageMetadata;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.StoredEntry;
import io.kernelfarm.artifacts.unpack.EntryBudget;
import io.kernelfarm.artifacts.unpack.PackageStream;
import io.kernelfarm.artifacts.unpack.TarWalk;
import io.kernelfarm.artifacts.unpack.Unpacker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Debian packages of format 2.0 (deb(5)) with members that are plain, gzip, xz or zstd. */
public record DebReader(ReadLimits limits) implements PackageReader {
    /** More than any control file or md5sums list has. */
    private static final int MAX_CONTROL_BYTES = 16 << 20;

    public static boolean recognizes(byte[] start) {
        return ArFormat.recognizes(start);
    }

    @Override
    public PackageMetadata metadata(Path file) throws IOException {
        Map<String, String> control = control(file);
        String[] description = control.getOrDefault("Description", "").split("\n", 2);
        return new PackageMetadata(
                control.get("Package"),
                control.get("Version"),
                control.get("Architecture"),
                description[0],
                description.length < 2 ? "" : description[1].replaceAll("(?m)^ (\\.$)?", ""),
                installedBytes(file, control));
    }

    private static long installedBytes(Path file, Map<String, String> control) throws PackageFormatException {
        String kib = control.getOrDefault("Installed-Size", "0");
        if (!kib.matches("[0-9]{1,15}")) {
            throw new PackageFormatException(file, "its Installed-Size is no number");
        }
        return Long.parseLong(kib) * 1024;
    }

    /** The fields of the control file in its order; lines after a field's first keep the space in front. */
    public Map<String, String> control(Path file) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        walkMember(file, "control.tar", (entry, tar) -> {
            if (fields.isEmpty()
                    && TarWalk.isPlainFile(entry)
                    && entry.getName().matches("(\\./)?control")) {
                String text = new String(tar.readAllBytes(), UTF_8);
                fields.putAll(DebControl.parse(text).stream()
                        .findFirst()
                        .orElseThrow(() -> new PackageFormatException(file, "its control file is empty")));
            }
        });
        for (String needed : List.of("Package", "Version", "Architecture")) {
            if (!fields.containsKey(needed)) {
                throw new PackageFormatException(file, "its control file has no " + needed);
            }
        }
        if (!fields.get("Package").matches("[a-z0-9][a-z0-9+.-]*")
                || !fields.get("Version").matches("([0-9]+:)?[A-Za-z0-9.+~-]+")
                || !fields.get("Architecture").matches("[a-z0-9-]+")) {
            throw new PackageFormatException(file, "its Package, Version or Architecture breaks Debian's rules");
        }
        return fields;
    }

    /** Fails unless the contents are there to their last byte; whether they can be unpacked is not looked at. */
    public void checkWhole(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            PackageStream.guarded(
                    file,
                    () -> ArFormat.find(file, raw, "data.tar").content().transferTo(OutputStream.nullOutputStream()));
        }
    }

    @Override
    public List<StoredEntry> entries(Path file) throws IOException {
        List<StoredEntry> entries = new ArrayList<>();
        EntryBudget budget = new EntryBudget(file, limits);
        walk(file, (entry, content) -> {
            budget.take(entry);
            entries.add(entry);
        });
        return entries;
    }

    @Override
    public void extract(Path file, Path target) throws IOException {
        Unpacker.unpack(file, target, limits, this::walk);
    }

    private void walk(Path file, Unpacker.Visitor visitor) throws IOException {
        walkMember(file, "data.tar", (entry, content) -> {
            if (!TarWalk.isRoot(entry)) {
                visitor.visit(TarWalk.stored(file, entry), content);
            }
        });
    }

    private void walkMember(Path file, String member, TarWalk.Visitor visitor) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ArFormat.Member found = PackageStream.guarded(file, () -> ArFormat.find(file, raw, member));
            long allowed = member.equals("control.tar") ? MAX_CONTROL_BYTES : limits.unpackedBytes();
            TarWalk.over(file, allowed, () -> decompress(file, found), visitor);
        }
    }

    private static InputStream decompress(Path file, ArFormat.Member member) throws IOException {
        String suffix = member.name().substring(member.name().indexOf(".tar") + ".tar".length());
        if (suffix.isEmpty()) {
            return member.content();
        }
        for (Compression.Algorithm algorithm : Compression.Algorithm.values()) {
            if (suffix.equals("." + algorithm.suffix())) {
                return algorithm.decompress(member.content());
            }
        }
        throw new PackageFormatException(file, "its member " + member.name() + " has an unknown compression");
    }
}
