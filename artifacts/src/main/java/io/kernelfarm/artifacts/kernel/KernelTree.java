package io.kernelfarm.artifacts.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.FileContent;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What both families do with the files of a build. */
final class KernelTree {
    static final String LICENSE = "GPL-2.0-only WITH Linux-syscall-note";
    static final String HOMEPAGE = "https://www.kernel.org/";

    /** What depmod writes, from {@code depmod.c} and {@code libkmod} of kmod 25 to 33. */
    static final List<String> MADE_BY_DEPMOD = List.of(
            "modules.alias",
            "modules.alias.bin",
            "modules.builtin.alias.bin",
            "modules.builtin.bin",
            "modules.dep",
            "modules.dep.bin",
            "modules.devname",
            "modules.softdep",
            "modules.symbols",
            "modules.symbols.bin",
            "modules.weakdep");

    private static final Set<String> LINKS_TO_THE_BUILD = Set.of("build", "source");

    private KernelTree() {}

    static PackageEntry.File file(InstallPath path, Path source) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new IOException(source + " is missing; build the kernel before it is packaged");
        }
        return new PackageEntry.File(path, source, 0644);
    }

    /** What {@code modules_install} made, without what depmod makes and without the links to the build. */
    static List<PackageEntry> modules(KernelFiles kernel) throws IOException {
        return entries(kernel.modulesDir(), KernelPackages.modules(kernel.release()), path -> {
            String name = path.toString();
            return !MADE_BY_DEPMOD.contains(name) && !LINKS_TO_THE_BUILD.contains(name);
        });
    }

    /** Everything in {@code directory}, and itself, to be installed at {@code root}. */
    static List<PackageEntry> entries(Path directory, InstallPath root) throws IOException {
        return entries(directory, root, path -> true);
    }

    private static List<PackageEntry> entries(Path directory, InstallPath root, Predicate<Path> wanted)
            throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is missing; build the kernel before it is packaged");
        }
        List<PackageEntry> entries = new ArrayList<>(List.of(new PackageEntry.Directory(root, 0755)));
        entries.addAll(PackageEntry.below(directory, root.value(), wanted));
        return entries;
    }

    /**
     * Links by which debuggers find what belongs to a build id: {@code /usr/lib/debug/.build-id/ab/cdef….debug}. With
     * their directories, which any package of debug symbols owns.
     */
    static List<PackageEntry> buildIdLinks(List<PackageEntry> debugFiles) throws IOException {
        InstallPath ids = new InstallPath("/usr/lib/debug/.build-id");
        SortedMap<InstallPath, PackageEntry> links = new TreeMap<>();
        for (PackageEntry entry : debugFiles) {
            if (entry instanceof PackageEntry.File file && file.content() instanceof FileContent.OfFile content) {
                String id = ElfFile.read(content.file()).buildId();
                if (id.length() > 2) {
                    String target = "../../" + file.path().value().substring("/usr/lib/debug/".length());
                    InstallPath directory = ids.resolve(id.substring(0, 2));
                    InstallPath link = directory.resolve(id.substring(2) + ".debug");
                    links.put(ids, new PackageEntry.Directory(ids, 0755));
                    links.put(directory, new PackageEntry.Directory(directory, 0755));
                    links.put(link, new PackageEntry.Symlink(link, target));
                }
            }
        }
        return List.copyOf(links.values());
    }

    /** Whether the kernel's configuration has the option as {@code y} or {@code m}. */
    static boolean has(KernelFiles kernel, String option) throws IOException {
        try (Stream<String> lines = Files.lines(kernel.config())) {
            return lines.anyMatch(
                    line -> line.equals("CONFIG_" + option + "=y") || line.equals("CONFIG_" + option + "=m"));
        }
    }

    /** The one change that a package tells of. */
    static String change(KernelFiles kernel) {
        return "Linux " + kernel.release() + ", built from " + kernel.source() + ".";
    }

    /** A script with the kernel's release put in. */
    static String script(String name, String release) throws IOException {
        try (InputStream in = KernelTree.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8).replace("@release@", release);
        }
    }
}
