package io.kernelfarm.artifacts.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.FileContent;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.Relations;
import io.kernelfarm.artifacts.Relations.Kind;
import io.kernelfarm.artifacts.ScriptHook;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** The debs of one kernel, as Debian's own kernel team makes theirs. */
final class DebKernel {
    /** The form of dates in a changelog: deb-changelog(5). */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Map<Architecture, String> BOOT_LOADERS = Map.of(
            Architecture.AMD64, "grub-pc | grub-efi-amd64 | extlinux",
            Architecture.ARM64, "grub-efi-arm64");

    private final KernelFiles kernel;
    private final String release;

    DebKernel(KernelFiles kernel) {
        this.kernel = kernel;
        this.release = kernel.release();
    }

    /** A deb's name has neither capital letters nor underscores. */
    static String name(String before, String release, String after) {
        return before + release.toLowerCase(Locale.ROOT).replace('_', '-').replace('~', '-') + after;
    }

    /**
     * Its scripts run depmod and the hooks in {@code /etc/kernel/{preinst,postinst,prerm,postrm}.d}, none of which needs to
     * exist. It watches its directory of modules: when another package brings modules for this kernel, depmod runs again.
     */
    PackageSpec image() throws IOException {
        List<PackageEntry> entries = new ArrayList<>(KernelTree.modules(kernel));
        entries.add(KernelTree.file(KernelPackages.debImage(release), kernel.image()));
        entries.add(KernelTree.file(new InstallPath("/boot/System.map-" + release), kernel.systemMap()));
        entries.add(KernelTree.file(new InstallPath("/boot/config-" + release), kernel.config()));
        // As Debian's own linux-image has them; the reasons for the versions are in its changelog.
        Relations relations = Relations.NONE
                .and(Kind.PROVIDES, "linux-image")
                .and(Kind.DEPENDS, "kmod", "linux-base (>= 4.3~)")
                .and(Kind.DEPENDS, "initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool")
                .and(Kind.RECOMMENDS, "firmware-linux-free")
                .and(Kind.SUGGESTS, "debian-kernel-handbook", BOOT_LOADERS.get(kernel.architecture()))
                .and(Kind.BREAKS, "fwupdate (<< 12-7)", "initramfs-tools (<< 0.120+deb8u2)")
                .and(Kind.BREAKS, "wireless-regdb (<< 2019.06.03-1~)");
        if (KernelTree.has(kernel, "SECURITY_APPARMOR")) {
            relations = relations.and(Kind.RECOMMENDS, "apparmor");
        }
        if (KernelTree.has(kernel, "WIREGUARD")) {
            relations = relations.and(Kind.PROVIDES, "wireguard-modules (= 1.0.0)");
        }
        return spec(
                KernelPackages.debImagePackage(release),
                "kernel",
                "Linux kernel " + release,
                "The Linux kernel " + release + " and its modules, built from\n" + kernel.source() + ".",
                relations,
                Map.of(
                        ScriptHook.PRE_INSTALL, KernelTree.script("deb-preinst.sh", release),
                        ScriptHook.POST_INSTALL, KernelTree.script("deb-postinst.sh", release),
                        ScriptHook.PRE_REMOVE, KernelTree.script("deb-prerm.sh", release),
                        ScriptHook.POST_REMOVE, KernelTree.script("deb-postrm.sh", release)),
                entries,
                // Where /lib is merged into /usr, dpkg knows files by the name that their package gave them.
                List.of(KernelPackages.modules(release), new InstallPath("/usr/lib/modules/" + release)));
    }

    PackageSpec headers(Path tree) throws IOException {
        InstallPath root = new InstallPath("/usr/src/" + name("linux-headers-", release, ""));
        List<PackageEntry> entries = new ArrayList<>(KernelTree.entries(tree, root));
        entries.add(new PackageEntry.Symlink(KernelPackages.modules(release).resolve("build"), root.value()));
        return spec(
                name("linux-headers-", release, ""),
                "kernel",
                "Header files for Linux " + release,
                "Headers, makefiles and programs of the Linux kernel " + release + ",\n"
                        + "by which modules that are not part of its source are built for it.",
                Relations.NONE
                        .and(Kind.PROVIDES, "linux-headers")
                        .and(Kind.DEPENDS, HostPrograms.of(entries).debs())
                        .and(Kind.RECOMMENDS, "gcc", "make"),
                Map.of(ScriptHook.POST_INSTALL, KernelTree.script("deb-headers-postinst.sh", release)),
                entries,
                List.of());
    }

    /** Where gdb, perf, systemtap and kdump-tools look, as the kernel's own {@code scripts/package/builddeb} says. */
    PackageSpec debug(Path tree) throws IOException {
        InstallPath debug = new InstallPath("/usr/lib/debug");
        List<PackageEntry> entries = new ArrayList<>(
                KernelTree.entries(tree.resolve("kernel"), debug.resolve("lib/modules/" + release + "/kernel")));
        entries.add(KernelTree.file(debug.resolve("boot/vmlinux-" + release), tree.resolve("vmlinux")));
        entries.addAll(KernelTree.buildIdLinks(entries));
        entries.add(new PackageEntry.Symlink(
                debug.resolve("lib/modules/" + release + "/vmlinux"), "../../../boot/vmlinux-" + release));
        entries.add(new PackageEntry.Symlink(debug.resolve("vmlinux-" + release), "boot/vmlinux-" + release));
        return spec(
                name("linux-image-", release, "-dbg"),
                "debug",
                "Debug symbols for Linux " + release,
                "The image and the modules of the Linux kernel " + release
                        + " with what\ndebuggers need to know of them.",
                Relations.NONE.and(Kind.SUGGESTS, "crash", "gdb"),
                Map.of(),
                entries,
                List.of());
    }

    private PackageSpec spec(
            String name,
            String section,
            String summary,
            String description,
            Relations relations,
            Map<ScriptHook, String> scripts,
            List<PackageEntry> entries,
            List<InstallPath> watched)
            throws IOException {
        List<PackageEntry> all = new ArrayList<>(entries);
        InstallPath documents = new InstallPath("/usr/share/doc/" + name);
        all.add(made(documents.resolve("changelog.Debian.gz"), gzip(changelog(name))));
        all.add(made(
                documents.resolve("copyright"),
                KernelTree.script("deb-copyright", release)
                        .replace("@source@", kernel.source())
                        .getBytes(UTF_8)));
        return new PackageSpec(
                name,
                kernel.version(),
                kernel.revision(),
                kernel.architecture(),
                new PackageInfo(
                        summary, description, kernel.maintainer(), KernelTree.LICENSE, section, KernelTree.HOMEPAGE),
                relations,
                scripts,
                kernel.timestamp(),
                all,
                List.of(),
                watched);
    }

    private String changelog(String name) {
        return "%s (%s-%s) unstable; urgency=medium%n%n  * %s%n%n -- %s  %s%n"
                .formatted(
                        name,
                        kernel.version(),
                        kernel.revision(),
                        KernelTree.change(kernel),
                        kernel.maintainer(),
                        DATE.format(kernel.timestamp()));
    }

    private static PackageEntry.File made(InstallPath path, byte[] content) {
        return new PackageEntry.File(path, FileContent.of(content), 0644);
    }

    /** Without a time, so that it is the same each time. */
    private static byte[] gzip(String text) throws IOException {
        GzipParameters best = new GzipParameters();
        best.setCompressionLevel(9);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(bytes, best)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
