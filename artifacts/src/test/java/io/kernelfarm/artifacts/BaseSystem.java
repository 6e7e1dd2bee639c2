package io.kernelfarm.artifacts;

import io.kernelfarm.artifacts.Relations.Kind;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A package with the few real programs that maintainer scripts call, taken from this machine. Installed into an empty root, it
 * lets dpkg and rpm run the scripts there as they do on a real system: changed into that root. (dpkg could run them outside
 * instead, but then neither depmod nor the hooks in /etc/kernel would know of the root.)
 */
public final class BaseSystem {
    private static final List<String> PROGRAMS = List.of(
            "/usr/bin/sh",
            "/usr/bin/cp",
            "/usr/bin/mkdir",
            "/usr/bin/mv",
            "/usr/bin/rm",
            "/usr/bin/rmdir",
            "/usr/bin/kmod",
            "/usr/bin/run-parts");
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private BaseSystem() {}

    public static PackageSpec spec(Relations relations, Path emptyFile, List<PackageEntry> more) {
        SortedMap<InstallPath, PackageEntry> entries = new TreeMap<>();
        for (String merged : List.of("bin", "sbin", "lib", "lib64")) {
            add(entries, new PackageEntry.Directory(new InstallPath("/usr/" + merged), 0755));
            add(entries, new PackageEntry.Symlink(new InstallPath("/" + merged), "usr/" + merged));
        }
        add(entries, new PackageEntry.Directory(new InstallPath("/boot"), 0755));
        add(entries, new PackageEntry.File(new InstallPath("/dev/null"), emptyFile, 0644));
        add(entries, new PackageEntry.Symlink(new InstallPath("/usr/sbin/depmod"), "../bin/kmod"));
        for (String program : PROGRAMS) {
            // Where /bin is not merged into /usr/bin, programs are still found under either name.
            add(entries, new PackageEntry.File(new InstallPath(program), Path.of(program.substring(4)), 0755));
            Matcher library = LIBRARY.matcher(Tools.must("ldd", program.substring(4)));
            while (library.find()) {
                String path = library.group(1).replaceFirst("^(/usr)?/", "/usr/");
                add(entries, new PackageEntry.File(new InstallPath(path), Path.of(library.group(1)), 0755));
            }
        }
        more.forEach(entry -> add(entries, entry));
        return new PackageSpec(
                "scratch-base",
                "1",
                "1",
                Architecture.AMD64,
                new PackageInfo(
                        "Base", "Programs for scripts.", "Nobody <nobody@localhost>", "GPL-2.0-only", "misc", ""),
                relations,
                Map.of(),
                Instant.EPOCH,
                new ArrayList<>(entries.values()));
    }

    public static Path deb(Path directory, Path emptyFile, PackageEntry... more) throws IOException {
        Relations relations = Relations.NONE.and(
                Kind.PROVIDES, "kmod", "linux-base (= 4.9)", "linux-initramfs-tool", "libc6 (= 2.99)");
        return new DebWriter(Compression.DEFAULT).writeInto(spec(relations, emptyFile, List.of(more)), directory);
    }

    public static Path rpm(Path directory, Path emptyFile, PackageEntry... more) throws IOException {
        Relations relations =
                Relations.NONE.and(Kind.PROVIDES, "/bin/sh", "coreutils", "kmod", "libc.so.6(GLIBC_2.34)(64bit)");
        List<PackageEntry> entries = new ArrayList<>(List.of(more));
        // rpm leaves directories that no package owns.
        for (String owned : List.of("/usr/lib/modules", "/usr/src/kernels", "/usr/lib/debug/lib/modules")) {
            entries.add(new PackageEntry.Directory(new InstallPath(owned), 0755));
        }
        return new RpmWriter(Compression.DEFAULT).writeInto(spec(relations, emptyFile, entries), directory);
    }

    private static void add(Map<InstallPath, PackageEntry> entries, PackageEntry entry) {
        entries.put(entry.path(), entry);
    }
}
