package io.kernelfarm.artifacts.kernel;

import io.kernelfarm.artifacts.ChangelogEntry;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.Relations;
import io.kernelfarm.artifacts.Relations.Kind;
import io.kernelfarm.artifacts.ScriptHook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rpms of one kernel, as Fedora divides its own: {@code kernel-core} has what boots and no modules, {@code kernel-modules}
 * has all of them.
 */
final class RpmKernel {
    private final KernelFiles kernel;
    private final String release;
    private final InstallPath modules;

    RpmKernel(KernelFiles kernel) {
        this.kernel = kernel;
        this.release = kernel.release();
        this.modules = KernelPackages.modules(release);
    }

    /**
     * For {@code dnf install kernel}. Who has headers of any kernel gets this one's too, so that external modules can be built
     * before it is booted.
     */
    PackageSpec meta() {
        return spec(
                "kernel",
                "The Linux kernel",
                "Brings the Linux kernel " + release + " with its modules.",
                Relations.NONE
                        .and(Kind.PROVIDES, "installonlypkg(kernel)")
                        .and(Kind.DEPENDS, exactly("kernel-core"), exactly("kernel-modules"))
                        .and(Kind.RECOMMENDS, "(" + exactly("kernel-devel") + " if kernel-devel)"),
                Map.of(),
                List.of());
    }

    /**
     * Its scripts hand the kernel to {@code kernel-install}; where that is missing or does nothing, they copy the image to
     * {@code /boot} themselves.
     */
    PackageSpec core() throws IOException {
        List<PackageEntry> entries = new ArrayList<>(KernelTree.modules(kernel).stream()
                .filter(entry -> isIndex(entry) || entry.path().equals(modules))
                .toList());
        entries.add(KernelTree.file(KernelPackages.rpmImage(release), kernel.image()));
        entries.add(KernelTree.file(modules.resolve("System.map"), kernel.systemMap()));
        entries.add(KernelTree.file(modules.resolve("config"), kernel.config()));
        for (String made : KernelTree.MADE_BY_DEPMOD) {
            entries.add(new PackageEntry.Ghost(modules.resolve(made), 0644));
        }
        for (String copied : List.of("vmlinuz", "System.map", "config")) {
            entries.add(new PackageEntry.Ghost(new InstallPath("/boot/" + copied + "-" + release), 0644));
        }
        // What dracut makes when kernel-install calls it.
        entries.add(new PackageEntry.Ghost(new InstallPath("/boot/initramfs-" + release + ".img"), 0600));
        return spec(
                KernelPackages.RPM_IMAGE_PACKAGE,
                "The Linux kernel, without modules",
                "The image of the Linux kernel " + release + ", built from\n" + kernel.source() + ".",
                ofThisRelease("kernel-core", "installonlypkg(kernel)")
                        .and(Kind.PROVIDES, exactly("kernel"))
                        .and(Kind.DEPENDS, "coreutils", "kmod")
                        .and(Kind.RECOMMENDS, "dracut", "linux-firmware"),
                Map.of(
                        ScriptHook.POST_INSTALL, KernelTree.script("rpm-core-post.sh", release),
                        ScriptHook.POST_TRANSACTION, KernelTree.script("rpm-core-posttrans.sh", release),
                        ScriptHook.PRE_REMOVE, KernelTree.script("rpm-core-preun.sh", release)),
                entries);
    }

    PackageSpec modules() throws IOException {
        List<PackageEntry> entries = KernelTree.modules(kernel).stream()
                .filter(entry -> !isIndex(entry))
                .toList();
        return spec(
                "kernel-modules",
                "Modules of the Linux kernel",
                "The modules of the Linux kernel " + release + ".",
                ofThisRelease("kernel-modules", "installonlypkg(kernel-module)")
                        .and(Kind.DEPENDS, exactly("kernel-core"), "kmod")
                        // Not a recommendation of kernel-core's: rpm orders by those, and the image has to come first.
                        .and(Kind.SUPPLEMENTS, exactly("kernel-core")),
                Map.of(
                        ScriptHook.POST_INSTALL, KernelTree.script("rpm-modules-post.sh", release),
                        ScriptHook.POST_TRANSACTION, KernelTree.script("rpm-modules-posttrans.sh", release),
                        ScriptHook.POST_REMOVE, KernelTree.script("rpm-modules-postun.sh", release)),
                entries);
    }

    PackageSpec devel(Path tree) throws IOException {
        InstallPath root = new InstallPath("/usr/src/kernels/" + release);
        List<PackageEntry> entries = new ArrayList<>(KernelTree.entries(tree, root));
        entries.add(new PackageEntry.Directory(modules, 0755));
        entries.add(new PackageEntry.Symlink(modules.resolve("build"), root.value()));
        entries.add(new PackageEntry.Symlink(modules.resolve("source"), "build"));
        return spec(
                "kernel-devel",
                "What modules for the Linux kernel are built with",
                "Headers, makefiles and programs of the Linux kernel " + release + ",\n"
                        + "by which modules that are not part of its source are built for it.",
                ofThisRelease("kernel-devel", "installonlypkg(kernel)")
                        .and(Kind.DEPENDS, HostPrograms.of(entries).rpms())
                        .and(Kind.RECOMMENDS, "gcc", "make")
                        .and(Kind.SUPPLEMENTS, "(" + exactly("kernel-core") + " and dkms)"),
                Map.of(),
                entries);
    }

    PackageSpec debugInfo(Path tree) throws IOException {
        InstallPath root = new InstallPath("/usr/lib/debug/lib/modules/" + release);
        List<PackageEntry> entries = new ArrayList<>();
        for (PackageEntry entry : KernelTree.entries(tree, root)) {
            entries.add(
                    entry instanceof PackageEntry.File file
                                    && file.path().name().endsWith(".ko")
                            ? new PackageEntry.File(
                                    new InstallPath(file.path() + ".debug"), file.content(), file.mode())
                            : entry);
        }
        entries.addAll(KernelTree.buildIdLinks(entries));
        return spec(
                "kernel-debuginfo",
                "Debug information of the Linux kernel",
                "The image and the modules of the Linux kernel " + release
                        + " with what\ndebuggers need to know of them.",
                ofThisRelease("kernel-debuginfo", "installonlypkg(kernel)").and(Kind.ENHANCES, exactly("kernel-core")),
                Map.of(),
                entries);
    }

    /** {@code modules.builtin}, {@code modules.order} and the like tell of the image too; modules lie deeper. */
    private boolean isIndex(PackageEntry entry) {
        return !(entry instanceof PackageEntry.Directory)
                && entry.path().parent().equals(Optional.of(modules));
    }

    private String exactly(String name) {
        return name + "-uname-r = " + release;
    }

    /**
     * Of one release there can be one packaging at a time, since its files are the same; without the conflict dnf would put a
     * second one beside it, as it does with whatever is {@code installonlypkg}, and rpm would refuse that at the end.
     */
    private Relations ofThisRelease(String name, String installOnly) {
        return Relations.NONE.and(Kind.PROVIDES, installOnly, exactly(name)).and(Kind.CONFLICTS, exactly(name));
    }

    private PackageSpec spec(
            String name,
            String summary,
            String description,
            Relations relations,
            Map<ScriptHook, String> scripts,
            List<PackageEntry> entries) {
        // Several releases are installed side by side, so what tells them apart has to be in the version. A tilde makes
        // 6.2.0-rc1 older than 6.2.0.
        String version = release.replaceFirst("-(rc[0-9])", "~$1").replace('-', '_');
        return new PackageSpec(
                name,
                version,
                kernel.revision(),
                kernel.architecture(),
                new PackageInfo(
                        summary,
                        description,
                        kernel.maintainer(),
                        KernelTree.LICENSE,
                        "System Environment/Kernel",
                        KernelTree.HOMEPAGE),
                relations,
                scripts,
                kernel.timestamp(),
                entries,
                List.of(new ChangelogEntry(
                        kernel.timestamp(),
                        kernel.maintainer(),
                        version + "-" + kernel.revision(),
                        KernelTree.change(kernel))),
                List.of());
    }
}
