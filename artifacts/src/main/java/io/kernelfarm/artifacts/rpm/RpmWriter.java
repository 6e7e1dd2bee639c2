package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.Relations;
import io.kernelfarm.artifacts.Relations.Kind;
import io.kernelfarm.artifacts.ScriptHook;
import io.kernelfarm.artifacts.pack.SourceFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes binary packages in rpm's format 4: lead, signature header with digests, header, compressed cpio. After rpm's
 * {@code docs/manual/format.md}, {@code tags.md} and its source.
 */
public record RpmWriter(Compression compression) implements PackageWriter {
    /** The rpm whose format this is; readers take a header without it for that of an ancient package. */
    private static final String FORMAT_OF_RPM = "4.18.0";

    private static final int LEAD_SIZE = 96;
    private static final int LEAD_NAME_SIZE = 66;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR_FILE = 0100000;
    private static final int SYMBOLIC_LINK = 0120000;

    private record ScriptTags(int script, int program, int requirement) {}

    private static final Map<ScriptHook, ScriptTags> SCRIPT_TAGS = Map.of(
            ScriptHook.PRE_INSTALL, new ScriptTags(RpmTag.PRE_IN, RpmTag.PRE_IN_PROG, RpmTag.SENSE_SCRIPT_PRE),
            ScriptHook.POST_INSTALL, new ScriptTags(RpmTag.POST_IN, RpmTag.POST_IN_PROG, RpmTag.SENSE_SCRIPT_POST),
            ScriptHook.PRE_REMOVE, new ScriptTags(RpmTag.PRE_UN, RpmTag.PRE_UN_PROG, RpmTag.SENSE_SCRIPT_PRE_UN),
            ScriptHook.POST_REMOVE, new ScriptTags(RpmTag.POST_UN, RpmTag.POST_UN_PROG, RpmTag.SENSE_SCRIPT_POST_UN),
            ScriptHook.POST_TRANSACTION,
                    new ScriptTags(RpmTag.POST_TRANS, RpmTag.POST_TRANS_PROG, RpmTag.SENSE_POST_TRANS));

    private record RelationTags(int names, int flags, int versions) {}

    private static final Map<Kind, RelationTags> RELATION_TAGS = Map.of(
            Kind.PROVIDES, new RelationTags(RpmTag.PROVIDE_NAME, RpmTag.PROVIDE_FLAGS, RpmTag.PROVIDE_VERSION),
            Kind.DEPENDS, new RelationTags(RpmTag.REQUIRE_NAME, RpmTag.REQUIRE_FLAGS, RpmTag.REQUIRE_VERSION),
            Kind.RECOMMENDS, new RelationTags(RpmTag.RECOMMEND_NAME, RpmTag.RECOMMEND_FLAGS, RpmTag.RECOMMEND_VERSION),
            Kind.SUGGESTS, new RelationTags(RpmTag.SUGGEST_NAME, RpmTag.SUGGEST_FLAGS, RpmTag.SUGGEST_VERSION),
            Kind.ENHANCES, new RelationTags(RpmTag.ENHANCE_NAME, RpmTag.ENHANCE_FLAGS, RpmTag.ENHANCE_VERSION),
            Kind.SUPPLEMENTS,
                    new RelationTags(RpmTag.SUPPLEMENT_NAME, RpmTag.SUPPLEMENT_FLAGS, RpmTag.SUPPLEMENT_VERSION),
            Kind.CONFLICTS, new RelationTags(RpmTag.CONFLICT_NAME, RpmTag.CONFLICT_FLAGS, RpmTag.CONFLICT_VERSION));

    /** The kinds of relations to which the writer adds none of its own. */
    private static final List<Kind> FURTHER_KINDS =
            List.of(Kind.RECOMMENDS, Kind.SUGGESTS, Kind.ENHANCES, Kind.SUPPLEMENTS, Kind.CONFLICTS);

    @Override
    public String fileName(PackageSpec spec) {
        return nameVersionRelease(spec) + "." + spec.architecture().rpm() + ".rpm";
    }

    private static String nameVersionRelease(PackageSpec spec) {
        return spec.name() + "-" + spec.version() + "-" + spec.release();
    }

    @Override
    public void write(PackageSpec spec, OutputStream out) throws IOException {
        check(spec);
        Path payload = Files.createTempFile("kernel-farm-payload-", ".cpio");
        try {
            Payload written = writePayload(spec, payload);
            byte[] header = header(spec, written);
            out.write(lead(spec));
            out.write(signature(header, payload, written.archiveSize()));
            out.write(header);
            SourceFile.copy(payload, out);
        } finally {
            Files.deleteIfExists(payload);
        }
    }

    private static void check(PackageSpec spec) {
        for (Kind kind : spec.relations().all().keySet()) {
            if (!RELATION_TAGS.containsKey(kind)) {
                throw new IllegalArgumentException("an rpm has no relation " + kind + "; let it conflict");
            }
        }
        if (!spec.watched().isEmpty()) {
            throw new IllegalArgumentException("the rpm " + spec.name() + " cannot watch directories, as "
                    + spec.watched().get(0) + " would be");
        }
    }

    /**
     * What writing the payload told.
     *
     * @param digests one for each entry, empty where it has no content
     * @param sizes one for each entry
     */
    private record Payload(
            long archiveSize, String archiveDigest, String compressedDigest, List<String> digests, List<Long> sizes) {
        /** Whether a file is too large for the plain form of cpio and for 32-bit sizes. */
        boolean large() {
            return isLarge(sizes);
        }
    }

    private static boolean isLarge(List<Long> sizes) {
        return sizes.stream().anyMatch(size -> size > CpioWriter.MAX_FILE_SIZE);
    }

    /** What an entry has in the payload. */
    private record Content(long size, CpioWriter.Content bytes) {}

    private static Content content(PackageEntry entry, MessageDigest digest, byte[] buffer) throws IOException {
        if (entry instanceof PackageEntry.File regular) {
            SourceFile source = regular.content().source();
            return new Content(source.size(), out -> source.copyTo(out, digest, buffer));
        }
        if (entry instanceof PackageEntry.Symlink link) {
            byte[] target = link.target().getBytes(UTF_8);
            return new Content(target.length, out -> out.write(target));
        }
        return new Content(0, out -> {});
    }

    private Payload writePayload(PackageSpec spec, Path file) throws IOException {
        List<PackageEntry> entries = spec.entries();
        MessageDigest compressed = Digests.sha256();
        MessageDigest plain = Digests.sha256();
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[SourceFile.BUFFER_SIZE];
        List<Content> contents = new ArrayList<>();
        for (PackageEntry entry : entries) {
            contents.add(content(entry, digest, buffer));
        }
        List<Long> sizes = contents.stream().map(Content::size).toList();
        List<String> digests = new ArrayList<>();
        long archiveSize;
        try (OutputStream disk = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                OutputStream packed = compression.compress(new DigestOutputStream(disk, compressed));
                CpioWriter cpio = new CpioWriter(
                        new BufferedOutputStream(new DigestOutputStream(packed, plain), 1 << 16), isLarge(sizes))) {
            for (int i = 0; i < entries.size(); i++) {
                PackageEntry entry = entries.get(i);
                if (!(entry instanceof PackageEntry.Ghost)) {
                    Content content = contents.get(i);
                    long mtime = spec.timestamp().getEpochSecond();
                    cpio.entry(i, "." + entry.path(), mode(entry), mtime, content.size(), content.bytes());
                }
                // Only files have been fed to it; asking for it makes it ready for the next.
                digests.add(entry instanceof PackageEntry.File ? Digests.hex(digest) : "");
            }
            cpio.trailer();
            archiveSize = cpio.written();
        }
        return new Payload(archiveSize, Digests.hex(plain), Digests.hex(compressed), digests, sizes);
    }

    private static int mode(PackageEntry entry) {
        int type;
        if (entry instanceof PackageEntry.Directory) {
            type = DIRECTORY;
        } else if (entry instanceof PackageEntry.Symlink) {
            type = SYMBOLIC_LINK;
        } else {
            type = REGULAR_FILE;
        }
        return type | entry.mode();
    }

    private static byte[] lead(PackageSpec spec) {
        byte[] name = Arrays.copyOf(nameVersionRelease(spec).getBytes(UTF_8), LEAD_NAME_SIZE);
        name[LEAD_NAME_SIZE - 1] = 0;
        return ByteBuffer.allocate(LEAD_SIZE)
                .putInt(0xedabeedb)
                .put((byte) 3)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) spec.architecture().rpmLeadNumber())
                .put(name)
                .putShort((short) 1)
                .putShort((short) 5)
                .array();
    }

    private static byte[] signature(byte[] header, Path payload, long archiveSize) throws IOException {
        MessageDigest md5 = Digests.of("MD5");
        md5.update(header);
        SourceFile.copy(payload, new DigestOutputStream(OutputStream.nullOutputStream(), md5));
        RpmHeaderBuilder signature = new RpmHeaderBuilder();
        signature.string(RpmTag.SIG_SHA1, Digests.hex(Digests.of("SHA-1").digest(header)));
        signature.string(RpmTag.SIG_SHA256, Digests.sha256(header));
        signature.binary(RpmTag.SIG_MD5, md5.digest());
        size(signature, RpmTag.SIG_SIZE, RpmTag.SIG_LONG_SIZE, header.length + Files.size(payload));
        size(signature, RpmTag.SIG_PAYLOAD_SIZE, RpmTag.SIG_LONG_ARCHIVE_SIZE, archiveSize);
        byte[] bytes = signature.build(RpmTag.HEADER_SIGNATURES);
        return Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    }

    private byte[] header(PackageSpec spec, Payload payload) {
        RpmHeaderBuilder header = new RpmHeaderBuilder();
        describe(header, spec);
        relate(header, spec, payload);
        spec.scripts().forEach((hook, script) -> {
            ScriptTags tags = SCRIPT_TAGS.get(hook);
            header.string(tags.script(), body(script));
            header.strings(tags.program(), List.of(interpreter(script)));
        });
        listFiles(header, spec, payload);
        header.string(RpmTag.PAYLOAD_FORMAT, "cpio");
        header.string(RpmTag.PAYLOAD_COMPRESSOR, compression.algorithm().program());
        header.string(RpmTag.PAYLOAD_FLAGS, Integer.toString(compression.level()));
        header.int32(RpmTag.PAYLOAD_DIGEST_ALGO, RpmTag.SHA256_ALGORITHM);
        header.strings(RpmTag.PAYLOAD_DIGEST, List.of(payload.compressedDigest()));
        header.strings(RpmTag.PAYLOAD_DIGEST_ALT, List.of(payload.archiveDigest()));
        return header.build(RpmTag.HEADER_IMMUTABLE);
    }

    private static void describe(RpmHeaderBuilder header, PackageSpec spec) {
        PackageInfo info = spec.info();
        header.strings(RpmTag.HEADER_I18N_TABLE, List.of("C"));
        header.string(RpmTag.NAME, spec.name());
        header.string(RpmTag.VERSION, spec.version());
        header.string(RpmTag.RELEASE, spec.release());
        header.string(RpmTag.ARCH, spec.architecture().rpm());
        header.string(RpmTag.OS, "linux");
        header.text(RpmTag.SUMMARY, info.summary());
        header.text(RpmTag.DESCRIPTION, info.description().strip());
        header.string(RpmTag.PACKAGER, info.maintainer());
        header.string(RpmTag.LICENSE, info.license());
        header.text(RpmTag.GROUP, info.section());
        if (!info.homepage().isEmpty()) {
            header.string(RpmTag.URL, info.homepage());
        }
        header.int32(RpmTag.BUILD_TIME, spec.timestamp().getEpochSecond());
        // The same bytes on every machine: none is named.
        header.string(RpmTag.BUILD_HOST, "localhost");
        // Without it, a package counts as a source package.
        header.string(RpmTag.SOURCE_RPM, nameVersionRelease(spec) + ".src.rpm");
        header.string(RpmTag.RPM_VERSION, FORMAT_OF_RPM);
        header.string(RpmTag.ENCODING, "utf-8");
        header.int32s(
                RpmTag.CHANGELOG_TIME,
                spec.changelog().stream()
                        .map(change -> change.date().getEpochSecond())
                        .toList());
        header.strings(
                RpmTag.CHANGELOG_NAME,
                spec.changelog().stream()
                        .map(change -> change.author() + " - " + change.version())
                        .toList());
        header.strings(
                RpmTag.CHANGELOG_TEXT,
                spec.changelog().stream().map(change -> "- " + change.text()).toList());
    }

    private void relate(RpmHeaderBuilder header, PackageSpec spec, Payload payload) {
        String evr = spec.version() + "-" + spec.release();
        Relations relations = spec.relations();
        SortedSet<RpmRelation> provides = parse(relations.of(Kind.PROVIDES));
        provides.add(new RpmRelation(spec.name(), RpmTag.SENSE_EQUAL, evr));
        provides.add(new RpmRelation(spec.name() + "(" + spec.architecture().rpmIsa() + ")", RpmTag.SENSE_EQUAL, evr));
        relation(header, RELATION_TAGS.get(Kind.PROVIDES), provides);

        SortedSet<RpmRelation> requires = parse(relations.of(Kind.DEPENDS));
        requires.add(rpmlib("CompressedFileNames", "3.0.4-1"));
        requires.add(rpmlib("FileDigests", "4.6.0-1"));
        requires.add(rpmlib("PayloadFilesHavePrefix", "4.0-1"));
        if (evr.indexOf('~') >= 0) {
            requires.add(rpmlib("TildeInVersions", "4.10.0-1"));
        }
        if (relations.all().values().stream().flatMap(List::stream).anyMatch(RpmRelation::isRich)) {
            requires.add(rpmlib("RichDependencies", "4.12.0-1"));
        }
        if (payload.large()) {
            requires.add(rpmlib("LargeFiles", "4.12.0-1"));
        }
        switch (compression.algorithm()) {
            case ZSTD -> requires.add(rpmlib("PayloadIsZstd", "5.4.18-1"));
            case XZ -> requires.add(rpmlib("PayloadIsXz", "5.2-1"));
            case GZIP -> {}
        }
        spec.scripts()
                .forEach((hook, script) -> requires.add(new RpmRelation(
                        interpreter(script),
                        RpmTag.SENSE_INTERPRETER | SCRIPT_TAGS.get(hook).requirement(),
                        "")));
        relation(header, RELATION_TAGS.get(Kind.DEPENDS), requires);
        for (Kind kind : FURTHER_KINDS) {
            relation(header, RELATION_TAGS.get(kind), parse(relations.of(kind)));
        }
    }

    private static SortedSet<RpmRelation> parse(List<String> relations) {
        SortedSet<RpmRelation> parsed = new TreeSet<>();
        relations.forEach(relation -> parsed.add(RpmRelation.parse(relation)));
        return parsed;
    }

    private static RpmRelation rpmlib(String feature, String since) {
        return new RpmRelation(
                RpmTag.RPMLIB_PREFIX + feature + ")",
                RpmTag.SENSE_RPMLIB | RpmTag.SENSE_LESS | RpmTag.SENSE_EQUAL,
                since);
    }

    private static void relation(RpmHeaderBuilder header, RelationTags tags, Collection<RpmRelation> relations) {
        header.strings(tags.names(), relations.stream().map(RpmRelation::name).toList());
        header.int32s(
                tags.flags(),
                relations.stream().map(relation -> (long) relation.flags()).toList());
        header.strings(
                tags.versions(), relations.stream().map(RpmRelation::version).toList());
    }

    private static String interpreter(String script) {
        String line = script.lines().findFirst().orElseThrow().substring(2).strip();
        return line.split(" ", 2)[0];
    }

    private static String body(String script) {
        return script.substring(script.indexOf('\n') + 1).stripTrailing();
    }

    private static void listFiles(RpmHeaderBuilder header, PackageSpec spec, Payload payload) {
        List<PackageEntry> entries = spec.entries();
        int count = entries.size();
        Map<String, Long> directories = new LinkedHashMap<>();
        List<Long> directoryOf = new ArrayList<>();
        for (PackageEntry entry : entries) {
            String directory = directory(entry.path());
            directories.putIfAbsent(directory, (long) directories.size());
            directoryOf.add(directories.get(directory));
        }
        header.strings(RpmTag.DIR_NAMES, List.copyOf(directories.keySet()));
        header.int32s(RpmTag.DIR_INDEXES, directoryOf);
        header.strings(
                RpmTag.BASE_NAMES,
                entries.stream().map(entry -> entry.path().name()).toList());
        if (payload.large()) {
            header.int64s(RpmTag.LONG_FILE_SIZES, payload.sizes());
        } else {
            header.int32s(RpmTag.FILE_SIZES, payload.sizes());
        }
        header.int16s(RpmTag.FILE_MODES, entries.stream().map(RpmWriter::mode).toList());
        header.int16s(RpmTag.FILE_RDEVS, repeat(0, count));
        header.int32s(RpmTag.FILE_MTIMES, repeat(spec.timestamp().getEpochSecond(), count));
        header.strings(RpmTag.FILE_DIGESTS, payload.digests());
        header.strings(
                RpmTag.FILE_LINKTOS,
                entries.stream()
                        .map(entry -> entry instanceof PackageEntry.Symlink link ? link.target() : "")
                        .toList());
        header.int32s(
                RpmTag.FILE_FLAGS,
                entries.stream()
                        .map(entry -> entry instanceof PackageEntry.Ghost ? (long) RpmTag.FILE_IS_GHOST : 0L)
                        .toList());
        header.strings(RpmTag.FILE_USER_NAME, repeat("root", count));
        header.strings(RpmTag.FILE_GROUP_NAME, repeat("root", count));
        header.int32s(RpmTag.FILE_VERIFY_FLAGS, repeat(0xFFFF_FFFFL, count));
        header.int32s(RpmTag.FILE_DEVICES, repeat(1L, count));
        List<Long> inodes = new ArrayList<>();
        for (long inode = 1; inode <= count; inode++) {
            inodes.add(inode);
        }
        header.int32s(RpmTag.FILE_INODES, inodes);
        header.strings(RpmTag.FILE_LANGS, repeat("", count));
        header.int32(RpmTag.FILE_DIGEST_ALGO, RpmTag.SHA256_ALGORITHM);
        long installed = 0;
        for (int i = 0; i < count; i++) {
            installed += entries.get(i) instanceof PackageEntry.File
                    ? payload.sizes().get(i)
                    : 0;
        }
        size(header, RpmTag.SIZE, RpmTag.LONG_SIZE, installed);
    }

    /** Sizes from 4 GiB on have a tag of their own. */
    private static void size(RpmHeaderBuilder header, int tag, int longTag, long bytes) {
        if (bytes <= 0xFFFF_FFFFL) {
            header.int32(tag, bytes);
        } else {
            header.int64s(longTag, List.of(bytes));
        }
    }

    private static <T> List<T> repeat(T value, int count) {
        return Collections.nCopies(count, value);
    }

    /** With a slash at the end, as rpm keeps it. */
    private static String directory(InstallPath path) {
        return path.value().substring(0, path.value().length() - path.name().length());
    }
}
