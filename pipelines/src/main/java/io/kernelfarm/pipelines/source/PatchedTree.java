package io.kernelfarm.pipelines.source;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Scratch;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tree with patches on top: hard links to the files of the tree without them, but for those that a patch changes. GNU patch
 * applies them. It writes a new file and puts it in place of the old one, so that the other tree keeps its own; and it touches
 * nothing outside of the tree, whatever names and links say. A hunk may have moved, but all of its context must be there: a
 * change that nearly fits may sit in another function.
 */
final class PatchedTree {

    private static final Pattern PATCHING = Pattern.compile("(?:patching|checking) (?:file|symbolic link) (.*)");
    private static final Pattern FAILED = Pattern.compile("Hunk #([0-9]+) FAILED at ([0-9]+).*");
    private static final Pattern MOVED = Pattern.compile("Hunk #[0-9]+ succeeded at .*offset.*");
    private static final Pattern WANTED = Pattern.compile("\\|(?:\\+\\+\\+|---) ([^\\t]*).*");

    private static final Pattern ED = Pattern.compile("\\S*patch: \\*{4} ed FAILED");

    /** Of a hunk, in a message. */
    private static final int SHOWN_LINES = 20;

    private PatchedTree() {}

    /** Puts it at {@code place}. */
    static void make(KernelSource bare, List<Patch> series, Path place, CacheLayout cache, Progress progress)
            throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            Path tree = scratch.folder().resolve("tree");
            Command.of(
                            "cp",
                            "--archive",
                            "--link",
                            "--no-target-directory",
                            "--",
                            bare.tree().toString(),
                            tree.toString())
                    .in(scratch.folder())
                    .output();
            for (int i = 0; i < series.size(); i++) {
                Patch patch = series.get(i);
                progress.at((double) i / series.size(), "applying " + patch.name());
                apply(patch, tree, scratch.folder(), progress);
            }
            SourceTree.check(tree, bare.identity() + " with its patches");
            settle(tree, FileTime.from(bare.timestamp()));
            Scratch.deliver(tree, place);
        }
    }

    private static void apply(Patch patch, Path tree, Path scratch, Progress progress) throws IOException {
        // What is applied is what was hashed, whoever edits the file meanwhile.
        Path copy =
                Files.copy(patch.file(), scratch.resolve("patch"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        if (!Sha256.of(copy).equals(patch.sha256())) {
            throw FarmException.usage(patch.file() + " was changed while it was used; begin again");
        }
        Path rejects = scratch.resolve("rejects");
        Files.deleteIfExists(rejects);
        Command.Result result = Command.of(
                        "patch",
                        "--unified",
                        "--strip=" + patch.strip(),
                        "--fuzz=0",
                        "--force",
                        "--get=0",
                        "--no-backup-if-mismatch",
                        "--reject-file=" + rejects,
                        "--directory=" + tree,
                        "--input=" + copy)
                .withOwnEnvironment()
                // Whatever format it is told, it has ed(1) run what looks like a script for that; here it finds none.
                .with("PATH", scratch.resolve("no-programs").toString())
                .in(scratch)
                .run();
        String said = result.output() + result.errors();
        if (said.lines().anyMatch(line -> ED.matcher(line).matches())) {
            throw FarmException.usage(
                    "the patch " + patch.name() + " has a script for ed(1) in it; write it with 'diff -u' or git");
        }
        if (result.exit() != 0 && said.contains(Disk.FULL)) {
            throw Disk.full(tree);
        }
        if (result.exit() != 0) {
            throw FarmException.usage("the patch " + patch.name() + " does not apply: " + reason(said, rejects));
        }
        if (said.lines().noneMatch(line -> PATCHING.matcher(line).matches())) {
            throw FarmException.usage("the patch " + patch.name()
                    + " changes nothing: patch(1) finds no unified diff in it; write it with 'diff -u' or git");
        }
        long moved = said.lines().filter(line -> MOVED.matcher(line).matches()).count();
        if (moved > 0) {
            progress.note("of the patch " + patch.name() + ", " + moved + (moved == 1 ? " hunk was" : " hunks were")
                    + " found at other lines than it says");
        }
    }

    /** File and hunk, and the hunk itself; or else what patch says. */
    private static String reason(String said, Path rejects) throws IOException {
        String file = "";
        String wanted = "";
        for (String line : said.split("\n", -1)) {
            Matcher patching = PATCHING.matcher(line);
            Matcher failed = FAILED.matcher(line);
            Matcher name = WANTED.matcher(line);
            if (patching.matches()) {
                file = patching.group(1);
            } else if (failed.matches()) {
                return file + ", hunk " + failed.group(1) + ", which belongs at line " + failed.group(2)
                        + ", finds other lines there; bring it up to this source." + hunk(rejects);
            } else if (name.matches()) {
                wanted = name.group(1);
            } else if (line.startsWith("No file to patch")) {
                return "the source has no file " + wanted
                        + " (as named in the patch; -pN in the series says how many folders" + " to take away)";
            }
        }
        return said.lines()
                .filter(line -> !PATCHING.matcher(line).matches() && !line.isBlank())
                .findFirst()
                .orElse("patch(1) gives no reason");
    }

    /** The first of those that were rejected. */
    private static String hunk(Path rejects) throws IOException {
        if (!Files.isRegularFile(rejects)) {
            return "";
        }
        List<String> lines = new String(Files.readAllBytes(rejects), StandardCharsets.UTF_8)
                .lines()
                .toList();
        int begin = 0;
        while (begin < lines.size() && !lines.get(begin).startsWith("@@")) {
            begin++;
        }
        int end = Math.min(begin + 1, lines.size());
        while (end < lines.size()
                && lines.get(end).matches("[ +\\\\-].*|")
                && !lines.get(end).startsWith("--- ")) {
            end++;
        }
        int shown = Math.min(end, begin + SHOWN_LINES);
        return lines.subList(begin, shown).stream().map(line -> "\n    " + line).collect(Collectors.joining())
                + (shown < end ? "\n    … and " + (end - shown) + " more lines" : "");
    }

    /** Files that no other tree has came from patches just now: their time and mode become those of a source. */
    private static void settle(Path tree, FileTime time) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && (int) Files.getAttribute(file, "unix:nlink") == 1) {
                    String mode = Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--";
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
                    Files.setLastModifiedTime(file, time);
                } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
