package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageMetadata;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.StoredEntry;
import io.kernelfarm.artifacts.unpack.EntryBudget;
import io.kernelfarm.artifacts.unpack.PackageStream;
import io.kernelfarm.artifacts.unpack.Unpacker;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Reads Debian packages of format 2.0 (deb(5)) with members that are plain, gzip, xz or zstd. */
public record DebReader(ReadLimits limits) implements PackageReader {
    /** More than any control file or md5sums list has. */
    private static final int MAX_CONTROL_BYTES = 16 << 20;

    /** A name, its link and what else stands before one entry of a tar. */
    private static final int MAX_TAR_HEADER_BYTES = 1 << 20;

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
        walkMember(file, "control.tar", (tar, entry) -> {
            if (fields.isEmpty() && isPlainFile(entry) && entry.getName().matches("(\\./)?control")) {
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
        walkMember(file, "data.tar", (tar, entry) -> {
            String name = entry.getName();
            if (!name.equals("./") && !name.equals(".") && !name.equals("/")) {
                visitor.visit(stored(file, entry), tar);
            }
        });
    }

    private static StoredEntry stored(Path file, TarArchiveEntry entry) throws PackageFormatException {
        InstallPath path = Unpacker.path(file, entry.getName());
        int mode = entry.getMode() & 07777;
        if (entry.isDirectory()) {
            return new StoredEntry(path, StoredEntry.Type.DIRECTORY, mode, 0, "");
        }
        if (entry.isSymbolicLink()) {
            return new StoredEntry(path, StoredEntry.Type.SYMLINK, mode, 0, linkName(file, path, entry));
        }
        if (entry.isLink()) {
            return new StoredEntry(path, StoredEntry.Type.HARD_LINK, mode, 0, linkName(file, path, entry));
        }
        if (isPlainFile(entry)) {
            return new StoredEntry(path, StoredEntry.Type.FILE, mode, entry.getSize(), "");
        }
        throw unusual(file, path);
    }

    private static PackageFormatException unusual(Path file, InstallPath path) {
        return new PackageFormatException(file, path + " is a device or of another kind that is not unpacked");
    }

    /** The library's own {@code isFile} takes a device for one. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> true;
            default -> false;
        };
    }

    private static String linkName(Path file, InstallPath path, TarArchiveEntry entry) throws PackageFormatException {
        String target = entry.getLinkName();
        if (target.isEmpty() || target.chars().anyMatch(Character::isISOControl)) {
            throw new PackageFormatException(file, path + " is a link without a usable target");
        }
        return target;
    }

    private interface TarVisitor {
        void visit(InputStream content, TarArchiveEntry entry) throws IOException;
    }

    private void walkMember(Path file, String member, TarVisitor visitor) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ArFormat.Member found = PackageStream.guarded(file, () -> ArFormat.find(file, raw, member));
            long allowed = member.equals("control.tar") ? MAX_CONTROL_BYTES : limits.unpackedBytes();
            // Closed whatever happens: decoders hold memory that Java does not see.
            try (PackageStream plain = PackageStream.open(file, allowed, () -> decompress(file, found))) {
                TarArchiveInputStream tar = new TarArchiveInputStream(plain, UTF_8.name());
                long left = allowed;
                while (true) {
                    plain.allow(MAX_TAR_HEADER_BYTES);
                    TarArchiveEntry entry = PackageStream.guarded(file, tar::getNextEntry);
                    if (entry == null) {
                        return;
                    }
                    if (entry.isSparse()) {
                        throw unusual(file, Unpacker.path(file, entry.getName())); // Its zeros come from no stream.
                    }
                    left -= entry.getSize();
                    if (entry.getSize() < 0 || left < 0) {
                        throw new PackageFormatException(
                                file, "it unpacks to more than the " + allowed + " bytes allowed");
                    }
                    plain.allow(entry.getSize() + MAX_TAR_HEADER_BYTES);
                    InputStream content = new TarContent(file, tar);
                    visitor.visit(content, entry);
                    content.transferTo(OutputStream.nullOutputStream());
                }
            }
        }
    }

    /** The content of the tar's current entry, with the declared exception. */
    private static final class TarContent extends FilterInputStream {
        private final Path file;

        TarContent(Path file, TarArchiveInputStream tar) {
            super(tar);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            return PackageStream.guarded(file, in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return PackageStream.guarded(file, () -> in.read(bytes, offset, length));
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
