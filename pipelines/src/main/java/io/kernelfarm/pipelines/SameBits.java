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
        Place place = inSections(first, second).orElse(new Place("", at, ours, at, theirs));
        return "differs from byte " + place.ours() + " on" + place.section() + ": "
                + shown(first, place.ours(), place.ourEnd()) + " and "
                + shown(second, place.theirs(), place.theirEnd())
                + (ours == theirs ? "" : "; it has " + ours + " and " + theirs + " bytes");
    }

    /**
     * Where two files differ first, and where what they have in common ends.
     *
     * @param section in words, or nothing
     */
    private record Place(String section, long ours, long ourEnd, long theirs, long theirEnd) {}

    /**
     * Of two ELF files with the same sections, in the first of these that differs. A build ID, which names all that comes behind it, counts
     * only if nothing else does.
     */
    private static Optional<Place> inSections(Path first, Path second) throws IOException {
        List<ElfSection> ours = ElfSection.of(first);
        List<ElfSection> theirs = ElfSection.of(second);
        if (!ours.stream()
                .map(ElfSection::name)
                .toList()
                .equals(theirs.stream().map(ElfSection::name).toList())) {
            return Optional.empty();
        }
        Optional<Place> buildId = Optional.empty();
        for (int i = 0; i < ours.size(); i++) {
            ElfSection our = ours.get(i);
            ElfSection their = theirs.get(i);
            long at = our.mismatch(first, their, second);
            if (at >= 0) {
                Place place = new Place(
                        ", in section " + our.name(), our.offset() + at, our.end(), their.offset() + at, their.end());
                if (!our.isBuildId()) {
                    return Optional.of(place);
                }
                buildId = Optional.of(place);
            }
        }
        return buildId;
    }

    /** A few bytes, as text if they are some. */
    private static String shown(Path file, long at, long end) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(SHOWN, end - at)];
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
