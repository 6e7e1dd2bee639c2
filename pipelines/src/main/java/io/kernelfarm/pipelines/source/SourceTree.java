package io.kernelfarm.pipelines.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an unpacked tree says of itself, and what has to be true of it before anything works in it. */
public final class SourceTree {

    /** As the kernel's Makefile begins. */
    private static final Pattern MAKE_VARIABLE = Pattern.compile(
            "^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \\t]*=[ \\t]*(.*?)[ \\t]*$", Pattern.MULTILINE);

    /** The kernel's has less than a tenth of it. */
    private static final long MAX_MAKEFILE_BYTES = 1 << 20;

    private SourceTree() {}

    /**
     * Fails unless {@code tree} is a kernel's, and no link in it leads out of it.
     *
     * @param name of where it comes from, for the message
     * @throws FarmException wrong usage
     */
    static void check(Path tree, String name) throws IOException {
        if (!Files.isRegularFile(tree.resolve("Kconfig"), LinkOption.NOFOLLOW_LINKS)
                || variables(tree).get("VERSION") == null
                || !variables(tree).get("VERSION").matches("[0-9]{1,4}")) {
            throw FarmException.usage(
                    name + " is not a kernel's source: it needs a Kconfig, and a Makefile that sets VERSION,"
                            + " in its topmost folder");
        }
        Path root = tree.toRealPath();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path link : (Iterable<Path>) all.filter(Files::isSymbolicLink)::iterator) {
                if (leadsOut(root, link)) {
                    throw FarmException.usage(name + " is refused: its link " + root.relativize(link)
                            + " leads out of the source, to " + Files.readSymbolicLink(link));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Where a link leads that leads nowhere yet can be told from its words only if each {@code ..} comes first in them. */
    private static boolean leadsOut(Path root, Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute()) {
            return true;
        }
        if (Files.exists(link)) {
            return !link.toRealPath().startsWith(root);
        }
        String words = target.toString();
        return words.matches("(.*/)?[^/]*[^/.][^/]*/(.*/)?\\.\\.(/.*)?")
                || !link.resolveSibling(target).normalize().startsWith(root);
    }

    private static Map<String, String> variables(Path tree) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        Path makefile = tree.resolve("Makefile");
        if (Files.isRegularFile(makefile, LinkOption.NOFOLLOW_LINKS) && Files.size(makefile) <= MAX_MAKEFILE_BYTES) {
            Matcher matcher = MAKE_VARIABLE.matcher(Files.readString(makefile, ISO_8859_1));
            while (matcher.find()) {
                variables.putIfAbsent(matcher.group(1), matcher.group(2));
            }
        }
        return variables;
    }

    /**
     * What {@code make kernelversion} prints, as a version that dpkg and rpm take for upstream's: {@code 6.2.0~rc1} for
     * {@code 6.2.0-rc1}, which comes before {@code 6.2.0} (deb-version(7), rpm-version(7)).
     */
    public static String version(Path tree) throws IOException {
        Map<String, String> variables = variables(tree);
        StringBuilder version = new StringBuilder(variables.getOrDefault("VERSION", "0"));
        for (String part : List.of("PATCHLEVEL", "SUBLEVEL")) {
            String number = variables.getOrDefault(part, "");
            version.append(number.isEmpty() ? "" : "." + number);
        }
        String extra = variables.getOrDefault("EXTRAVERSION", "");
        return (version + extra.replaceFirst("^-rc", "~rc").replace('-', '+')).replaceAll("[^A-Za-z0-9.+~]", ".");
    }

    /** Of what was released: the Makefile names the version, so no release leaves it as it was. */
    static Instant timestamp(Path tree) throws IOException {
        return Files.getLastModifiedTime(tree.resolve("Makefile")).toInstant();
    }

    /** As provenance names a commit. */
    public static Provenance.Source ofGit(String version, String url, String id) {
        return new Provenance.Source(
                "linux", version, "git+" + url + "@" + id, new TreeMap<>(Map.of("gitCommit", id)), List.of());
    }
}
