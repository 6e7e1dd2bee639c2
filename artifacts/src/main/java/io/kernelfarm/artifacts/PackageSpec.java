package io.kernelfarm.artifacts;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that makes up one package; the same spec always gives the same bytes.
 *
 * @param version upstream's, without a hyphen
 * @param release which packaging of that version this is (a deb's revision), without a hyphen
 * @param scripts shell scripts with their {@code #!} line
 * @param timestamp of everything in the package, whole seconds since 1970 that fit into 32 bits
 * @param entries kept sorted by path; no two have the same path, also where {@code /lib} and its like are
 *     links into {@code /usr}, and none lies below a file or link
 * @param changelog newest first; an rpm has it in its header, a deb as a file among its entries
 * @param watched directories: whenever another package puts files there or takes them away, the {@code POST_INSTALL} script
 *     runs with {@code triggered} as its first word; a deb only
 */
public record PackageSpec(
        String name,
        String version,
        String release,
        Architecture architecture,
        PackageInfo info,
        Relations relations,
        Map<ScriptHook, String> scripts,
        Instant timestamp,
        List<PackageEntry> entries,
        List<ChangelogEntry> changelog,
        List<InstallPath> watched) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._~]*");

    /** What lies in a directory that distributions have as a link into {@code /usr}. */
    private static final Pattern ALIASED = Pattern.compile("(/s?bin|/lib(?:32|64|x32)?)/");

    /** Throws {@link IllegalArgumentException} naming what breaks one of the rules */
    public PackageSpec {
        check(NAME, "name", name);
        check(VERSION, "version", version);
        check(VERSION, "release", release);
        if (timestamp.getEpochSecond() < 0 || timestamp.getEpochSecond() > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException(
                    "timestamp " + timestamp + " of package " + name + " is not between 1970 and 2106");
        }
        scripts = Map.copyOf(scripts);
        scripts.forEach((hook, script) -> {
            if (!script.startsWith("#!")) {
                throw new IllegalArgumentException("script " + hook + " of package " + name + " has no #! line");
            }
        });
        entries = entries.stream()
                .sorted(Comparator.comparing(PackageEntry::path))
                .toList();
        checkCollisions(entries);
        changelog = List.copyOf(changelog);
        watched = List.copyOf(watched);
    }

    /** A package without a changelog that watches nothing. */
    public PackageSpec(
            String name,
            String version,
            String release,
            Architecture architecture,
            PackageInfo info,
            Relations relations,
            Map<ScriptHook, String> scripts,
            Instant timestamp,
            List<PackageEntry> entries) {
        this(name, version, release, architecture, info, relations, scripts, timestamp, entries, List.of(), List.of());
    }

    private static void check(Pattern rule, String what, String value) {
        if (!rule.matcher(value).matches()) {
            throw new IllegalArgumentException("package " + what + " '" + value.replaceAll("\\p{Cntrl}", "?")
                    + "' does not match " + rule.pattern());
        }
    }

    private static boolean areDirectories(PackageEntry one, PackageEntry other) {
        return one instanceof PackageEntry.Directory && other instanceof PackageEntry.Directory;
    }

    private static void checkCollisions(List<PackageEntry> entries) {
        Map<String, PackageEntry> byPath = new HashMap<>();
        for (PackageEntry entry : entries) {
            if (byPath.put(entry.path().value(), entry) != null) {
                throw new IllegalArgumentException(entry.path() + " is in the package twice");
            }
        }
        String checked = "";
        for (PackageEntry entry : entries) {
            checkAliases(entry, byPath);
            // Sorted by path, those of one directory mostly come together.
            String directory = directory(entry.path().value());
            if (!directory.equals(checked)) {
                checkAbove(entry, byPath);
                checked = directory;
            }
        }
    }

    private static void checkAliases(PackageEntry entry, Map<String, PackageEntry> byPath) {
        String path = entry.path().value();
        Matcher aliased = ALIASED.matcher(path);
        if (aliased.lookingAt()) {
            PackageEntry other = byPath.get("/usr" + path);
            if (other != null && !areDirectories(entry, other)) {
                throw new IllegalArgumentException(path + " and " + other.path() + " are one place where "
                        + aliased.group(1) + " is a link to /usr" + aliased.group(1) + "; name it once");
            }
        }
    }

    private static void checkAbove(PackageEntry entry, Map<String, PackageEntry> byPath) {
        for (String above = directory(entry.path().value()); !above.isEmpty(); above = directory(above)) {
            PackageEntry other = byPath.get(above);
            if (other != null && !(other instanceof PackageEntry.Directory)) {
                throw new IllegalArgumentException(
                        entry.path() + " lies below " + other.path() + ", which is no directory");
            }
        }
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
