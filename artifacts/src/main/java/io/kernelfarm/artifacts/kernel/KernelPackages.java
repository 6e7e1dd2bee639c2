package io.kernelfarm.artifacts.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.Relations;
import io.kernelfarm.artifacts.ScriptHook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The packages of one kernel, each family's in its own conventions: Debian's {@code linux-image-<release>} keeps the image in
 * {@code /boot}; Fedora's {@code kernel-core} keeps it beside the modules, from where {@code kernel-install} brings it to
 * {@code /boot}.
 */
public final class KernelPackages {
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
    private static final String LICENSE = "GPL-2.0-only WITH Linux-syscall-note";

    /** The rpm that has the image. */
    public static final String RPM_IMAGE_PACKAGE = "kernel-core";

    private KernelPackages() {}

    /** The directory of the modules; the same in both families. */
    public static InstallPath modules(String release) {
        return new InstallPath("/lib/modules/" + release);
    }

    /** The deb that has the image. */
    public static String debImagePackage(String release) {
        // A deb's name has neither capital letters nor underscores.
        return "linux-image-"
                + release.toLowerCase(Locale.ROOT).replace('_', '-').replace('~', '-');
    }

    /** Where the deb has the image. */
    public static InstallPath debImage(String release) {
        return new InstallPath("/boot/vmlinuz-" + release);
    }

    /** Where the rpm has the image. */
    public static InstallPath rpmImage(String release) {
        return modules(release).resolve("vmlinuz");
    }

    /**
     * {@code linux-image-<release>}. Its scripts run depmod and the hooks in {@code /etc/kernel/{preinst,postinst,prerm,postrm}.d};
     * none of these needs to exist.
     *
     * @throws IOException if a file of the kernel is missing or cannot be read
     */
    public static PackageSpec deb(KernelFiles kernel) throws IOException {
        String release = kernel.release();
        List<PackageEntry> entries = new ArrayList<>(moduleEntries(kernel));
        entries.add(file(debImage(release), kernel.image()));
        entries.add(file(new InstallPath("/boot/System.map-" + release), kernel.systemMap()));
        entries.add(file(new InstallPath("/boot/config-" + release), kernel.config()));
        return new PackageSpec(
                debImagePackage(release),
                kernel.version(),
                kernel.revision(),
                kernel.architecture(),
                info(kernel),
                new Relations(
                        List.of("linux-image"),
                        List.of("kmod"),
                        List.of("initramfs-tools | linux-initramfs-tool", "linux-base"),
                        List.of()),
                Map.of(
                        ScriptHook.PRE_INSTALL, script("deb-preinst.sh", release),
                        ScriptHook.POST_INSTALL, script("deb-postinst.sh", release),
                        ScriptHook.PRE_REMOVE, script("deb-prerm.sh", release),
                        ScriptHook.POST_REMOVE, script("deb-postrm.sh", release)),
                kernel.timestamp(),
                entries);
    }

    /**
     * {@code kernel-core}. Its scripts hand the kernel to {@code kernel-install}; where there is none, they copy the image to
     * {@code /boot} themselves.
     *
     * @throws IOException if a file of the kernel is missing or cannot be read
     */
    public static PackageSpec rpm(KernelFiles kernel) throws IOException {
        String release = kernel.release();
        InstallPath modules = modules(release);
        List<PackageEntry> entries = new ArrayList<>(moduleEntries(kernel));
        entries.add(file(rpmImage(release), kernel.image()));
        entries.add(file(modules.resolve("System.map"), kernel.systemMap()));
        entries.add(file(modules.resolve("config"), kernel.config()));
        for (String made : MADE_BY_DEPMOD) {
            entries.add(new PackageEntry.Ghost(modules.resolve(made), 0644));
        }
        for (String copied : List.of("vmlinuz", "System.map", "config")) {
            entries.add(new PackageEntry.Ghost(new InstallPath("/boot/" + copied + "-" + release), 0644));
        }
        return new PackageSpec(
                RPM_IMAGE_PACKAGE,
                // Several releases are installed side by side, so what tells them apart has to be in the version. A
                // tilde
                // makes 6.2.0-rc1 older than 6.2.0.
                release.replaceFirst("-(rc[0-9])", "~$1").replace('-', '_'),
                kernel.revision(),
                kernel.architecture(),
                info(kernel),
                new Relations(
                        List.of(
                                "installonlypkg(kernel)",
                                "kernel-core-uname-r = " + release,
                                "kernel-uname-r = " + release),
                        List.of("coreutils", "kmod"),
                        List.of(),
                        List.of()),
                Map.of(
                        ScriptHook.POST_TRANSACTION, script("rpm-posttrans.sh", release),
                        ScriptHook.PRE_REMOVE, script("rpm-preun.sh", release)),
                kernel.timestamp(),
                entries);
    }

    private static PackageInfo info(KernelFiles kernel) {
        return new PackageInfo(
                "Linux kernel " + kernel.release(),
                "The Linux kernel " + kernel.release() + " and its modules, built from\n" + kernel.source() + ".",
                kernel.maintainer(),
                LICENSE,
                "kernel",
                "");
    }

    private static PackageEntry.File file(InstallPath path, Path source) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new IOException(source + " is missing; build the kernel before it is packaged");
        }
        return new PackageEntry.File(path, source, 0644);
    }

    private static List<PackageEntry> moduleEntries(KernelFiles kernel) throws IOException {
        Path directory = kernel.modulesDir();
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is missing; run modules_install before the kernel is packaged");
        }
        InstallPath root = modules(kernel.release());
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(path -> !isLeftOut(directory, path))
                    .map(path -> path.equals(directory)
                            ? new PackageEntry.Directory(root, 0755)
                            : moduleEntry(
                                    root.resolve(directory.relativize(path).toString()), path))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isLeftOut(Path directory, Path path) {
        String name = directory.relativize(path).toString();
        return MADE_BY_DEPMOD.contains(name) || LINKS_TO_THE_BUILD.contains(name);
    }

    private static PackageEntry moduleEntry(InstallPath path, Path source) {
        if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
            return new PackageEntry.Directory(path, 0755);
        }
        if (Files.isSymbolicLink(source)) {
            try {
                return new PackageEntry.Symlink(
                        path, Files.readSymbolicLink(source).toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new PackageEntry.File(path, source, 0644);
    }

    private static String script(String name, String release) throws IOException {
        try (InputStream in = KernelPackages.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8).replace("@release@", release);
        }
    }
}
