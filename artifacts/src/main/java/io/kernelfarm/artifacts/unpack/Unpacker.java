package io.kernelfarm.artifacts.unpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.DirectoryTree;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.StoredEntry;
import io.kernelfarm.artifacts.SymlinkTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the entries of one package below a directory. Until the last entry has come there are no symbolic links there, so nothing
 * can be written through one; the caller's directory appears only when all is done.
 */
public final class Unpacker {
    private static final PosixFilePermission[] BY_BIT = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    /** Walks over a package. */
    public interface Walk {
        void over(Path file, Visitor visitor) throws IOException;
    }

    /** Takes one entry and, if it is a file, its content. */
    public interface Visitor {
        void visit(StoredEntry entry, InputStream content) throws IOException;
    }

    private final Path file;
    private final ReadLimits limits;
    private final EntryBudget budget;
    private final Path root;
    private final Map<InstallPath, StoredEntry.Type> seen = new HashMap<>();
    private final List<StoredEntry> links = new ArrayList<>();
    private final Map<Path, Integer> directoryModes = new HashMap<>();
    private long unpacked;

    private Unpacker(Path file, ReadLimits limits, Path root) {
        this.file = file;
        this.limits = limits;
        this.budget = new EntryBudget(file, limits);
        this.root = root;
    }

    public static void unpack(Path file, Path target, ReadLimits limits, Walk walk) throws IOException {
        Path destination = target.toAbsolutePath().normalize();
        if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS) && !isEmptyDirectory(destination)) {
            throw new IOException(target + " is not an empty directory; a package is unpacked into one of its own");
        }
        Files.createDirectories(destination.getParent());
        Path part = Files.createTempDirectory(destination.getParent(), ".unpack-");
        try {
            Unpacker unpacker = new Unpacker(file, limits, part);
            walk.over(file, unpacker::add);
            unpacker.finish();
            Files.setPosixFilePermissions(part, permissions(0755));
            // rename(2) replaces an empty directory.
            Files.move(part, destination, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DirectoryTree.delete(part);
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
            return !content.iterator().hasNext();
        }
    }

    private void add(StoredEntry entry, InputStream content) throws IOException {
        budget.take(entry);
        claim(entry);
        Path place = root.resolve(entry.path().relative());
        if (place.toString().getBytes(UTF_8).length > InstallPath.MAX_PATH_BYTES) {
            throw new PackageFormatException(file, "a path in it is too long to be unpacked below " + root.getParent());
        }
        Files.createDirectories(place.getParent());
        switch (entry.type()) {
            case DIRECTORY -> {
                Files.createDirectories(place);
                directoryModes.put(place, entry.mode());
            }
            case FILE -> {
                unpacked += entry.size();
                if (unpacked > limits.unpackedBytes() || unpacked < 0) {
                    throw new PackageFormatException(
                            file, "it unpacks to more than the " + limits.unpackedBytes() + " bytes allowed");
                }
                try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
                    content.transferTo(out);
                }
                Files.setPosixFilePermissions(place, permissions(entry.mode()));
            }
            case HARD_LINK -> {
                InstallPath first = path(file, entry.target());
                if (seen.get(first) != StoredEntry.Type.FILE) {
                    throw new PackageFormatException(
                            file, entry.path() + " is another name for " + first + ", which is no file before it");
                }
                Files.createLink(place, root.resolve(first.relative()));
            }
            case SYMLINK -> links.add(entry);
        }
    }

    /** A directory may be named again; nothing else may, and nothing may lie below what is no directory. */
    private void claim(StoredEntry entry) throws PackageFormatException {
        boolean directory = entry.type() == StoredEntry.Type.DIRECTORY;
        StoredEntry.Type before = seen.put(entry.path(), entry.type());
        if (before != null && !(directory && before == StoredEntry.Type.DIRECTORY)) {
            throw new PackageFormatException(file, entry.path() + " is in it twice");
        }
        Optional<InstallPath> above = entry.path().parent();
        while (above.isPresent()) {
            StoredEntry.Type known = seen.putIfAbsent(above.get(), StoredEntry.Type.DIRECTORY);
            if (known == StoredEntry.Type.DIRECTORY) {
                return;
            }
            if (known == null) {
                budget.take(above.get().value().length());
            } else {
                throw new PackageFormatException(
                        file, entry.path() + " lies below " + above.get() + ", which is no directory");
            }
            above = above.get().parent();
        }
    }

    private void finish() throws IOException {
        for (StoredEntry link : links) {
            Files.createSymbolicLink(
                    root.resolve(link.path().relative()),
                    Path.of(SymlinkTarget.insideRoot(link.path(), link.target())));
        }
        for (Map.Entry<Path, Integer> directory : directoryModes.entrySet()) {
            // Whoever unpacks must be able to look into it, and to remove it.
            Files.setPosixFilePermissions(directory.getKey(), permissions(directory.getValue() | 0700));
        }
    }

    /** An entry's name as a path; the exception if it is none that could be installed. */
    public static InstallPath path(Path file, String name) throws PackageFormatException {
        String relative = name.startsWith("./") ? name.substring(2) : name;
        String plain = relative.startsWith("/") ? relative.substring(1) : relative;
        String path = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        try {
            return new InstallPath("/" + path);
        } catch (IllegalArgumentException e) {
            throw new PackageFormatException(file, e.getMessage(), e);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BY_BIT.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(BY_BIT[bit]);
            }
        }
        return permissions;
    }
}
