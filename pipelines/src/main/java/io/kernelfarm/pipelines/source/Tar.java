package io.kernelfarm.pipelines.source;

import io.kernelfarm.artifacts.Compression.Algorithm;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.StoredEntry;
import io.kernelfarm.artifacts.SymlinkTarget;
import io.kernelfarm.artifacts.unpack.PackageStream;
import io.kernelfarm.artifacts.unpack.TarWalk;
import io.kernelfarm.artifacts.unpack.Unpacker;
import io.kernelfarm.pipelines.FarmException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Unpacks a tarball of strangers: nothing gets out of its folder, and nothing grows without end. */
final class Tar {

    /** Several times what a kernel has. */
    static final ReadLimits LIMITS = new ReadLimits(8L << 30, 500_000);

    /** What files begin with that one of these has compressed. */
    private enum Format {
        GZIP("1f8b"),
        XZ("fd377a585a00"),
        ZSTD("28b52ffd"),
        BZIP2("425a68"),
        PLAIN("");

        private final String magic;

        Format(String magic) {
            this.magic = magic;
        }

        static Format of(byte[] start) {
            String hex = HexFormat.of().formatHex(start);
            return Arrays.stream(values())
                    .filter(one -> hex.startsWith(one.magic))
                    .findFirst()
                    .orElseThrow();
        }

        InputStream decoded(InputStream in) throws IOException {
            return switch (this) {
                case GZIP -> Algorithm.GZIP.decompress(in);
                case XZ -> Algorithm.XZ.decompress(in);
                case ZSTD -> Algorithm.ZSTD.decompress(in);
                case BZIP2 -> new BZip2CompressorInputStream(in, true);
                case PLAIN -> in;
            };
        }
    }

    private Tar() {}

    /**
     * Unpacks {@code file} into {@code folder}, which is not there yet. What is readable by nobody is readable then: only whether
     * a file can be executed is kept of its mode, and its time.
     *
     * @param name of the tarball, for messages
     * @return the one folder that all of it lies in, if it is so, else {@code folder}
     * @throws FarmException wrong usage, if it is damaged, hostile or no tarball
     */
    static Path unpack(Path file, String name, Path folder) throws IOException {
        return unpack(file, name, folder, LIMITS);
    }

    static Path unpack(Path file, String name, Path folder, ReadLimits limits) throws IOException {
        Map<InstallPath, FileTime> times = new HashMap<>();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(8);
            Format format = Format.of(raw.readNBytes(8));
            raw.reset();
            PackageStream.Decoder decoder = () -> format.decoded(raw);
            Unpacker.unpack(
                    file,
                    folder,
                    limits,
                    (tar, visitor) -> TarWalk.over(tar, limits.unpackedBytes(), decoder, (entry, content) -> {
                        if (!TarWalk.isRoot(entry)) {
                            StoredEntry stored = checked(tar, entry);
                            if (stored.type() == StoredEntry.Type.FILE) {
                                times.put(stored.path(), time(entry));
                            }
                            visitor.visit(stored, content);
                        }
                    }));
        } catch (PackageFormatException e) {
            throw FarmException.usage("the tarball " + name + " is refused: " + e.what(), e);
        }
        for (Map.Entry<InstallPath, FileTime> one : times.entrySet()) {
            Files.setLastModifiedTime(folder.resolve(one.getKey().relative()), one.getValue());
        }
        try (Stream<Path> topmost = Files.list(folder)) {
            List<Path> two = topmost.limit(2).toList();
            return two.size() == 1 && Files.isDirectory(two.get(0), LinkOption.NOFOLLOW_LINKS) ? two.get(0) : folder;
        }
    }

    private static StoredEntry checked(Path file, TarArchiveEntry entry) throws PackageFormatException {
        String name = entry.getName();
        if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
            throw new PackageFormatException(file, "its entry " + printable(name) + " leads out of it");
        }
        StoredEntry stored = TarWalk.stored(file, entry);
        String target = stored.target();
        boolean leadsOut =
                switch (stored.type()) {
                    case SYMLINK -> target.startsWith("/") || !SymlinkTarget.staysInside(stored.path(), target);
                    case HARD_LINK ->
                        target.startsWith("/") || List.of(target.split("/", -1)).contains("..");
                    default -> false;
                };
        if (leadsOut) {
            throw new PackageFormatException(
                    file, "its link " + stored.path().relative() + " leads out of it, to " + printable(target));
        }
        boolean directory = stored.type() == StoredEntry.Type.DIRECTORY;
        int mode = directory || (stored.mode() & 0111) != 0 ? 0755 : 0644;
        return new StoredEntry(stored.path(), stored.type(), mode, stored.size(), target);
    }

    private static String printable(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 100 ? plain.substring(0, 100) + "…" : plain;
    }

    /** Within what every file system and every format of a package can say. */
    private static FileTime time(TarArchiveEntry entry) {
        long seconds = entry.getLastModifiedTime().to(TimeUnit.SECONDS);
        return FileTime.from(Math.max(0, Math.min(seconds, Integer.MAX_VALUE)), TimeUnit.SECONDS);
    }
}
