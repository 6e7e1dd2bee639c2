package io.kernelfarm.pipelines;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two folders that ought to have the same in them, to the bit: names, kinds, permissions, contents and the ends of links. Times do not count.
 *
 * @param files how many were looked at, folders among them
 * @param difference the first, in the order of names
 */
record SameBits(int files, Optional<Difference> difference) {

    /** How many bytes of either side are shown. */
    private static final int SHOWN = 16;

    /** A line of {@code readelf --wide --section-headers}: number, name, type, address, offset and size, the last three hexadecimal. */
    private static final Pattern SECTION =
            Pattern.compile("\\s*\\[\\s*\\d+] (\\S+)\\s+(\\S+)\\s+[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) .*");

    /**
     * A file that differs.
     *
     * @param file from the folders' root
     * @param how in one sentence's end: {@code has other permissions, rw-r--r-- and rwxr-xr-x}
     */
    record Difference(String file, String how) {}

    /**
     * Compares.
     *
     * @param ignored names, from the root, of what says when and how long
     */
    static SameBits compare(Path first, Path second, Set<String> ignored) throws IOException {
        NavigableSet<String> ours = names(first, ignored);
        NavigableSet<String> theirs = names(second, ignored);
        NavigableSet<String> all = new TreeSet<>(ours);
        all.addAll(theirs);
        for (String name : all) {
            Optional<String> how = !theirs.contains(name)
                    ? Optional.of("is in the first alone")
                    : !ours.contains(name)
                            ? Optional.of("is in the second alone")
                            : difference(first.resolve(name), second.resolve(name));
            if (how.isPresent()) {
                return new SameBits(all.size(), Optional.of(new Difference(name, how.get())));
            }
        }
        return new SameBits(all.size(), Optional.empty());
    }

    private static NavigableSet<String> names(Path folder, Set<String> ignored) throws IOException {
        NavigableSet<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.map(path -> folder.relativize(path).toString())
                    .filter(name -> !name.isEmpty() && !ignored.contains(name))
                    .forEach(names::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }

    private static Optional<String> difference(Path first, Path second) throws IOException {
        if (!kind(first).equals(kind(second))) {
            return Optional.of("is " + kind(first) + " in the first and " + kind(second) + " in the second");
        }
        if (Files.isSymbolicLink(first)) {
            String ours = Files.readSymbolicLink(first).toString();
            String theirs = Files.readSymbolicLink(second).toString();
            return ours.equals(theirs) ? Optional.empty() : Optional.of("leads to " + ours + " and to " + theirs);
        }
        String ours = PosixFilePermissions.toString(Files.getPosixFilePermissions(first));
        String theirs = PosixFilePermissions.toString(Files.getPosixFilePermissions(second));
        if (!ours.equals(theirs)) {
            return Optional.of("has other permissions, " + ours + " and " + theirs);
        }
        long at = Files.isDirectory(first) ? -1 : Files.mismatch(first, second);
        return at < 0 ? Optional.empty() : Optional.of(contents(first, second, at));
    }

    private static String kind(Path path) {
        return Files.isSymbolicLink(path) ? "a link" : Files.isDirectory(path) ? "a folder" : "a file";
    }

    private static String contents(Path first, Path second, long at) throws IOException {
        long ours = Files.size(first);
        long theirs = Files.size(second);
        return "differs from byte " + at + " on" + section(first, at) + ": " + shown(first, at) + " and "
                + shown(second, at)
                + (ours == theirs ? "" : "; it has " + ours + " and " + theirs + " bytes");
    }

    /** The section of an ELF file that has byte {@code at}. */
    private static String section(Path file, long at) throws IOException {
        Command.Result result = Command.of("readelf", "--wide", "--section-headers", file.toString())
                .run();
        for (String line : result.exit() == 0 ? result.output().lines().toList() : List.<String>of()) {
            Matcher section = SECTION.matcher(line);
            if (section.matches() && !section.group(2).equals("NOBITS")) {
                long offset = Long.parseLong(section.group(3), 16);
                if (at >= offset && at < offset + Long.parseLong(section.group(4), 16)) {
                    return ", in section " + section.group(1);
                }
            }
        }
        return "";
    }

    /** A few bytes, as text if they are some. */
    private static String shown(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(SHOWN, open.length() - at)];
            open.seek(at);
            open.readFully(bytes);
            if (bytes.length == 0) {
                return "its end";
            }
            StringBuilder text = new StringBuilder();
            for (byte each : bytes) {
                if (each < ' ' || each > '~') {
                    return HexFormat.of().formatHex(bytes);
                }
                text.append((char) each);
            }
            return "'" + text + "'";
        }
    }
}
