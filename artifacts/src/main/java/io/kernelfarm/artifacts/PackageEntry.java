package io.kernelfarm.artifacts;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One thing that a package installs. All belong to root:root; devices do not exist here.
 */
public sealed interface PackageEntry {
    InstallPath path();

    /** Permission bits, {@code 0} to {@code 0777}. */
    int mode();

    /**
     * A regular file.
     *
     * @param content is read while the package is written
     */
    record File(InstallPath path, FileContent content, int mode) implements PackageEntry {
        public File {
            checkMode(path, mode);
        }

        public File(InstallPath path, Path source, int mode) {
            this(path, FileContent.of(source), mode);
        }
    }

    /** A directory that the package owns. Directories above an entry need not be named. */
    record Directory(InstallPath path, int mode) implements PackageEntry {
        public Directory {
            checkMode(path, mode);
        }
    }

    /**
     * A symbolic link.
     *
     * @param target absolute, or relative to the directory of the link
     */
    record Symlink(InstallPath path, String target) implements PackageEntry {
        public Symlink {
            if (target.isEmpty() || target.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("symbolic link " + path + " has no usable target");
            }
            if (!SymlinkTarget.staysInside(path, target)) {
                throw new IllegalArgumentException(
                        "symbolic link " + path + " leads out of the root by '" + target + "'; shorten its '..'");
            }
        }

        @Override
        public int mode() {
            return 0777;
        }
    }

    /**
     * A file that is not in the package, but made by its scripts or by others and removed together with it (rpm's
     * {@code %ghost}). A deb has no such thing: there the {@code postrm} script removes it.
     */
    record Ghost(InstallPath path, int mode) implements PackageEntry {
        public Ghost {
            checkMode(path, mode);
        }
    }

    /**
     * What lies in a directory, without itself: directories with mode 0755, files with 0755 if they are executable and with
     * 0644 otherwise, and symbolic links.
     *
     * @param root where the directory itself is to be, without a slash at the end
     * @param wanted is asked with paths from the directory
     */
    static List<PackageEntry> below(Path directory, String root, Predicate<Path> wanted) throws IOException {
        List<PackageEntry> entries = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                Path relative = directory.relativize(path);
                if (!path.equals(directory) && wanted.test(relative)) {
                    entries.add(new Directory(new InstallPath(root + "/" + relative), 0755));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Path relative = directory.relativize(path);
                if (wanted.test(relative)) {
                    InstallPath place = new InstallPath(root + "/" + relative);
                    entries.add(
                            attributes.isSymbolicLink()
                                    ? new Symlink(
                                            place, Files.readSymbolicLink(path).toString())
                                    : new File(place, path, Files.isExecutable(path) ? 0755 : 0644));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return entries;
    }

    private static void checkMode(InstallPath path, int mode) {
        if ((mode & ~0777) != 0) {
            throw new IllegalArgumentException(
                    "%s has mode %o; only permission bits up to 0777 are allowed".formatted(path, mode));
        }
        if ((mode & 0002) != 0 || (mode & 0400) == 0) {
            throw new IllegalArgumentException(
                    "%s has mode %03o; the owner must be able to read it and others not to write it"
                            .formatted(path, mode));
        }
    }
}
