package io.kernelfarm.artifacts.kernel;

import io.kernelfarm.artifacts.FileContent;
import io.kernelfarm.artifacts.PackageEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the programs among the headers (modpost, objtool, …) need of the machine that they are installed on.
 *
 * @param libraries by their names in the file system, with the versions of their symbols that are used
 */
record HostPrograms(SortedMap<String, SortedSet<String>> libraries) {
    private static final String GLIBC = "libc.so.6";

    /** Debian's package of each library that the kernel's programs are linked with. */
    private static final Map<String, String> DEBS =
            Map.of(GLIBC, "libc6", "libelf.so.1", "libelf1", "libz.so.1", "zlib1g", "libcrypto.so.3", "libssl3");

    /** Looks at the executable ones of the entries. */
    static HostPrograms of(List<PackageEntry> entries) throws IOException {
        SortedMap<String, SortedSet<String>> libraries = new TreeMap<>();
        for (PackageEntry entry : entries) {
            if (entry instanceof PackageEntry.File file
                    && (file.mode() & 0100) != 0
                    && file.content() instanceof FileContent.OfFile content
                    && ElfFile.isElf(content.file())) {
                ElfFile.read(content.file()).needed().forEach((library, versions) -> libraries
                        .computeIfAbsent(library, any -> new TreeSet<>())
                        .addAll(versions));
            }
        }
        return new HostPrograms(libraries);
    }

    /** Debian's packages that have the libraries. */
    List<String> debs() {
        return libraries.keySet().stream()
                .filter(DEBS::containsKey)
                .map(library -> DEBS.get(library) + (library.equals(GLIBC) ? " (>= " + newestGlibc() + ")" : ""))
                .sorted()
                .toList();
    }

    /** As rpm's own generator of dependencies writes them: {@code libc.so.6(GLIBC_2.34)(64bit)}. */
    List<String> rpms() {
        List<String> requires = new ArrayList<>();
        libraries.forEach((library, versions) -> {
            if (library.equals(GLIBC)) {
                requires.add(GLIBC + "(GLIBC_" + newestGlibc() + ")(64bit)");
            } else {
                requires.add(library + "()(64bit)");
                versions.forEach(version -> requires.add(library + "(" + version + ")(64bit)"));
            }
        });
        return requires;
    }

    /** Of the C library's versions only the newest counts: it has the older ones' symbols too. */
    private String newestGlibc() {
        return libraries.get(GLIBC).stream()
                .filter(version -> version.matches("GLIBC_2\\.[0-9]+"))
                .map(version -> version.substring("GLIBC_".length()))
                .max(Comparator.comparingInt(version -> Integer.parseInt(version.substring("2.".length()))))
                .orElse("2.2.5");
    }
}
