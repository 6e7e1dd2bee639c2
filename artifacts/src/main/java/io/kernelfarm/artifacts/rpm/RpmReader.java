package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads binary rpms of format 3 and 4. Digests that the package carries of its header and payload are checked; signatures are
 * not.
 */
public record RpmReader(ReadLimits limits) implements PackageReader {
    static final int LEAD_SIZE = 96;
    private static final int MAX_HEADERS = 80 << 20;
    private static final int MAX_LINK_TARGET = 4096;
    private static final int TYPE_BITS = 0170000;

    public static boolean recognizes(byte[] start) {
        return start.length >= 4
                && start[0] == (byte) 0xed
                && start[1] == (byte) 0xab
                && start[2] == (byte) 0xee
                && start[3] == (byte) 0xdb;
    }

    @Override
    public PackageMetadata metadata(Path file) throws IOException {
        return metadata(header(file));
    }

    public static PackageMetadata metadata(RpmHeader header) throws PackageFormatException {
        String epoch = header.has(RpmTag.EPOCH) ? header.number(RpmTag.EPOCH) + ":" : "";
        return new PackageMetadata(
                header.string(RpmTag.NAME),
                epoch + header.string(RpmTag.VERSION) + "-" + header.string(RpmTag.RELEASE),
                header.string(RpmTag.ARCH),
                header.optionalString(RpmTag.SUMMARY).orElse(""),
                header.optionalString(RpmTag.DESCRIPTION).orElse(""),
                header.number(RpmTag.LONG_SIZE, RpmTag.SIZE));
    }

    RpmHeader header(Path file) throws IOException {
        return headers(file).header();
    }

    /**
     * Both headers of a package.
     *
     * @param headerStart where the header begins in the file; it ends where the payload begins
     */
    public record Headers(RpmHeader signature, RpmHeader header, long headerStart) {}

    public Headers headers(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return headers(file, raw);
        }
    }

    private static Headers headers(Path file, InputStream raw) throws IOException {
        PackageStream in = PackageStream.open(file, MAX_HEADERS, () -> raw);
        if (!recognizes(in.readExactly(LEAD_SIZE))) {
            throw new PackageFormatException(file, "it is no rpm");
        }
        RpmHeader signature = RpmHeader.read(file, in);
        int padding = (8 - signature.bytes().length % 8) % 8;
        in.readExactly(padding);
        RpmHeader header = RpmHeader.read(file, in);
        Optional<String> digest = signature.optionalString(RpmTag.SIG_SHA256);
        if (digest.isPresent() && !digest.get().equals(Digests.sha256(header.bytes()))) {
            throw new PackageFormatException(file, "its header does not have the digest that it should have");
        }
        for (int tag : List.of(RpmTag.NAME, RpmTag.VERSION, RpmTag.RELEASE, RpmTag.ARCH)) {
            if (!header.string(tag).matches("[A-Za-z0-9+._~^-]+")) {
                throw new PackageFormatException(file, "its name, version, release or architecture breaks rpm's rules");
            }
        }
        return new Headers(signature, header, LEAD_SIZE + signature.bytes().length + padding);
    }

    @Override
    public List<StoredEntry> entries(Path file) throws IOException {
        return entries(file, header(file)).stream()
                .filter(listed -> !listed.ghost())
                .map(Listed::entry)
                .toList();
    }

    /**
     * One thing of the package.
     *
     * @param ghost whether it is named in the header, but not in the payload
     */
    public record Listed(StoredEntry entry, boolean ghost) {}

    public List<Listed> entries(Path file, RpmHeader header) throws PackageFormatException {
        List<String> names = header.strings(RpmTag.BASE_NAMES);
        EntryBudget budget = new EntryBudget(file, limits);
        List<String> directories = header.strings(RpmTag.DIR_NAMES);
        List<Long> directoryOf = header.numbers(RpmTag.DIR_INDEXES);
        List<Long> modes = header.numbers(RpmTag.FILE_MODES);
        List<Long> flags = header.numbers(RpmTag.FILE_FLAGS);
        List<String> targets = header.strings(RpmTag.FILE_LINKTOS);
        List<Long> sizes =
                header.numbers(header.has(RpmTag.LONG_FILE_SIZES) ? RpmTag.LONG_FILE_SIZES : RpmTag.FILE_SIZES);
        for (List<?> list : List.of(directoryOf, modes, flags, targets, sizes)) {
            if (list.size() != names.size()) {
                throw new PackageFormatException(file, "the lists of its files differ in length");
            }
        }
        List<Listed> entries = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            long directory = directoryOf.get(i);
            if (directory >= directories.size()) {
                throw new PackageFormatException(file, "a file of it lies in no directory");
            }
            int mode = modes.get(i).intValue();
            InstallPath path = Unpacker.path(file, directories.get((int) directory) + names.get(i));
            StoredEntry.Type type = type(file, path, mode);
            StoredEntry entry = new StoredEntry(
                    path,
                    type,
                    mode & 07777,
                    type == StoredEntry.Type.FILE ? sizes.get(i) : 0,
                    type == StoredEntry.Type.SYMLINK ? targets.get(i) : "");
            budget.take(entry);
            entries.add(new Listed(entry, (flags.get(i) & RpmTag.FILE_IS_GHOST) != 0));
        }
        return entries;
    }

    private static StoredEntry.Type type(Path file, InstallPath path, int mode) throws PackageFormatException {
        return switch (mode & TYPE_BITS) {
            case 0100000 -> StoredEntry.Type.FILE;
            case 0040000 -> StoredEntry.Type.DIRECTORY;
            case 0120000 -> StoredEntry.Type.SYMLINK;
            default ->
                throw new PackageFormatException(file, path + " is a device or of another kind that is not unpacked");
        };
    }

    @Override
    public void extract(Path file, Path target) throws IOException {
        Unpacker.unpack(file, target, limits, this::walk);
    }

    private void walk(Path file, Unpacker.Visitor visitor) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            RpmHeader header = headers(file, raw).header();
            if (!header.optionalString(RpmTag.PAYLOAD_FORMAT).orElse("cpio").equals("cpio")) {
                throw new PackageFormatException(file, "its payload is no cpio");
            }
            DigestInputStream compressed = new OnceDigested(raw, digest);
            // Beside the files themselves, there is a header of some hundred bytes for each.
            long allowed = limits.unpackedBytes() + 8192L * limits.entries();
            // Closed whatever happens: decoders hold memory that Java does not see.
            try (PackageStream plain = PackageStream.open(file, allowed, () -> decompress(file, header, compressed))) {
                walk(file, new CpioReader(file, plain, listing(file, header)), visitor);
                compressed.transferTo(OutputStream.nullOutputStream());
            }
            checkPayload(file, header, digest);
        }
    }

    /** Made when it is asked for: the payloads of most packages do not need it. */
    private CpioReader.Listing listing(Path file, RpmHeader header) {
        List<CpioReader.Entry> entries = new ArrayList<>();
        return index -> {
            if (entries.isEmpty()) {
                entries.addAll(strippedEntries(file, header));
            }
            if (index >= entries.size()) {
                throw new PackageFormatException(file, "its payload has a file that is not in its list");
            }
            return entries.get((int) index);
        };
    }

    private List<CpioReader.Entry> strippedEntries(Path file, RpmHeader header) throws PackageFormatException {
        List<Listed> listed = entries(file, header);
        List<Long> inodes = header.numbers(RpmTag.FILE_INODES);
        List<Long> devices = header.numbers(RpmTag.FILE_DEVICES);
        List<Long> modes = header.numbers(RpmTag.FILE_MODES);
        if (inodes.size() != listed.size() || devices.size() != listed.size()) {
            throw new PackageFormatException(file, "the lists of its files differ in length");
        }
        Map<Inode, Long> links = new HashMap<>();
        for (int i = 0; i < listed.size(); i++) {
            links.merge(new Inode(devices.get(i), inodes.get(i)), 1L, Long::sum);
        }
        Map<Inode, Long> seen = new HashMap<>();
        List<CpioReader.Entry> entries = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            StoredEntry entry = listed.get(i).entry();
            Inode inode = new Inode(devices.get(i), inodes.get(i));
            long size = entry.size();
            if (entry.type() == StoredEntry.Type.SYMLINK) {
                size = entry.target().getBytes(UTF_8).length;
            } else if (seen.merge(inode, 1L, Long::sum) < links.get(inode)) {
                size = 0; // The last of a file's names has the content.
            }
            entries.add(new CpioReader.Entry(
                    entry.path().value(),
                    inode.inode(),
                    inode.device(),
                    modes.get(i).intValue(),
                    links.get(inode),
                    size));
        }
        return entries;
    }

    /** Fails unless the payload is the one that the header was made for; whether it can be unpacked is not looked at. */
    public void checkWhole(Path file) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            RpmHeader header = headers(file, raw).header();
            new DigestInputStream(raw, digest).transferTo(OutputStream.nullOutputStream());
            checkPayload(file, header, digest);
        }
    }

    private static void checkPayload(Path file, RpmHeader header, MessageDigest digest) throws PackageFormatException {
        Optional<String> expected = header.optionalString(RpmTag.PAYLOAD_DIGEST);
        if (expected.isPresent()
                && header.number(RpmTag.PAYLOAD_DIGEST_ALGO) == RpmTag.SHA256_ALGORITHM
                && !expected.get().equals(Digests.hex(digest))) {
            throw new PackageFormatException(file, "its payload does not have the digest that it should have");
        }
    }

    /** A decoder that goes back to a mark would have bytes counted twice. */
    private static final class OnceDigested extends DigestInputStream {
        OnceDigested(InputStream in, MessageDigest digest) {
            super(in, digest);
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    private static InputStream decompress(Path file, RpmHeader header, InputStream compressed) throws IOException {
        String program = header.optionalString(RpmTag.PAYLOAD_COMPRESSOR).orElse("gzip");
        for (Compression.Algorithm algorithm : Compression.Algorithm.values()) {
            if (algorithm.program().equals(program)) {
                return algorithm.decompress(compressed);
            }
        }
        throw new PackageFormatException(file, "its payload has an unknown compression");
    }

    private record Inode(long device, long inode) {}

    private void walk(Path file, CpioReader cpio, Unpacker.Visitor visitor) throws IOException {
        // Of several names for one file, only one has the content; rpm gives it to the last.
        Map<Inode, List<CpioReader.Entry>> waiting = new HashMap<>();
        Map<Inode, InstallPath> done = new HashMap<>();
        EntryBudget budget = new EntryBudget(file, limits);
        CpioReader.Entry entry = cpio.next();
        while (entry != null) {
            budget.take(entry.name().length());
            InstallPath path = Unpacker.path(file, entry.name());
            StoredEntry.Type type = type(file, path, entry.mode());
            Inode inode = new Inode(entry.device(), entry.inode());
            InputStream content = cpio.content(entry);
            switch (type) {
                case DIRECTORY ->
                    visitor.visit(
                            new StoredEntry(path, type, entry.mode() & 07777, 0, ""), InputStream.nullInputStream());
                case SYMLINK ->
                    visitor.visit(
                            new StoredEntry(path, type, entry.mode() & 07777, 0, target(file, path, entry, content)),
                            InputStream.nullInputStream());
                default -> {
                    List<CpioReader.Entry> before = waiting.getOrDefault(inode, List.of());
                    if (entry.links() > 1 && done.containsKey(inode) && entry.size() == 0) {
                        visitor.visit(otherName(file, entry, done.get(inode)), InputStream.nullInputStream());
                    } else if (entry.links() > 1 && entry.size() == 0 && before.size() + 1 < entry.links()) {
                        waiting.computeIfAbsent(inode, key -> new ArrayList<>()).add(entry);
                    } else {
                        visitor.visit(new StoredEntry(path, type, entry.mode() & 07777, entry.size(), ""), content);
                        for (CpioReader.Entry other : before) {
                            visitor.visit(otherName(file, other, path), InputStream.nullInputStream());
                        }
                        waiting.remove(inode);
                        done.put(inode, path);
                    }
                }
            }
            cpio.endContent(entry, content);
            entry = cpio.next();
        }
        if (!waiting.isEmpty()) {
            throw new PackageFormatException(file, "files of it with several names have no content");
        }
    }

    private static StoredEntry otherName(Path file, CpioReader.Entry entry, InstallPath first)
            throws PackageFormatException {
        return new StoredEntry(
                Unpacker.path(file, entry.name()), StoredEntry.Type.HARD_LINK, entry.mode() & 07777, 0, first.value());
    }

    private static String target(Path file, InstallPath path, CpioReader.Entry entry, InputStream content)
            throws IOException {
        if (entry.size() < 1 || entry.size() > MAX_LINK_TARGET) {
            throw new PackageFormatException(file, path + " is a link without a usable target");
        }
        String target = new String(content.readAllBytes(), UTF_8);
        if (target.chars().anyMatch(Character::isISOControl)) {
            throw new PackageFormatException(file, path + " is a link without a usable target");
        }
        return target;
    }
}
