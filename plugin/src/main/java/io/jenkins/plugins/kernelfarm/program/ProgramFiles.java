package io.jenkins.plugins.kernelfarm.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One version of the program in a folder of its own. Runs on the agent. Files come there one by one, each moved into place, so two
 * who install the same at the same time do not disturb each other, and a damaged file is replaced under a program that runs.
 */
final class ProgramFiles {
    /** Its time stamp says when the version was last asked for. */
    private static final String USED = "used";

    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{16}");

    private final Path folder;

    ProgramFiles(Path folder) {
        this.folder = folder;
    }

    /** Names of those files that are not there as {@code sums} (name to SHA-256) has them. Marks the version as used. */
    List<String> damaged(Map<String, String> sums) throws IOException {
        Files.createDirectories(folder);
        Path used = folder.resolve(USED);
        if (Files.exists(used)) {
            Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
        } else {
            Files.write(used, new byte[0]);
        }
        List<String> damaged = new ArrayList<>();
        for (Map.Entry<String, String> sum : sums.entrySet()) {
            Path file = folder.resolve(sum.getKey());
            boolean good = HashedFiles.HERE.has(file, sum.getValue());
            if (!good || (isLauncher(sum.getKey()) && !Files.isExecutable(file))) {
                damaged.add(sum.getKey());
            }
        }
        return damaged;
    }

    /**
     * Puts one file there.
     *
     * @throws IOException if what came is not what {@code sum} says, or the disk does not take it; nothing is left of it then
     */
    void write(String name, String sum, InputStream content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            MessageDigest digest = digest();
            try (InputStream in = new DigestInputStream(content, digest)) {
                Files.copy(in, part);
            }
            String came = HexFormat.of().formatHex(digest.digest());
            if (!came.equals(sum)) {
                throw new IOException("what came of " + name + " has the SHA-256 " + came + " instead of " + sum);
            }
            if (isLauncher(name)) {
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Removes the versions beside this one that nobody has asked for in {@code age}, and what broken installations left. */
    void prune(Duration age) throws IOException {
        Instant limit = Instant.now().minus(age);
        removeOld(folder, "*.part", limit);
        removeOld(folder.resolve("lib"), "*.part", limit);
        try (DirectoryStream<Path> versions =
                Files.newDirectoryStream(folder.toAbsolutePath().getParent())) {
            for (Path version : versions) {
                Path used = version.resolve(USED);
                boolean ours = VERSION.matcher(version.getFileName().toString()).matches() && Files.exists(used);
                if (ours && Files.getLastModifiedTime(used).toInstant().isBefore(limit)) {
                    try (Stream<Path> files = Files.walk(version)) {
                        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                            Files.deleteIfExists(file);
                        }
                    }
                }
            }
        }
    }

    private static void removeOld(Path folder, String glob, Instant limit) throws IOException {
        if (Files.isDirectory(folder)) {
            List<Path> old = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
                files.forEach(old::add);
            }
            for (Path file : old) {
                if (Files.exists(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static boolean isLauncher(String name) {
        return name.equals(FarmProgram.LAUNCHER);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java has it.
        }
    }
}
