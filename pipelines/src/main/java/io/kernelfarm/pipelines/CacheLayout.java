package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.pipelines.builder.Target;
import java.nio.file.Path;

/**
 * The paths in the farm's cache: what costs time to make and can be made again. Nothing else knows them.
 *
 * <pre>
 * sources/PACKAGE_VERSION/    unpacked source trees
 * sources/git-ROOT/           commits of a git tree, one after another, with the index of what is there beside it
 * kernels/PACKAGE_VERSION/    unpacked distribution kernels
 * hypervisors/PACKAGE_VERSION Xen images
 * efi/PACKAGE_VERSION         the same, as EFI programs
 * programs/ARCH/              busybox for machines of other architectures
 * apt/SUITE/                  apt's lists of other Debian releases; SUITE-ARCH of other architectures
 * dom0/                       root file systems of dom0, as disk images; dom0/ARCH/ of other architectures
 * kconfig/SOURCE/             where configurations of that source are resolved; SOURCE-ARCH for other architectures than x86_64
 * objects/SOURCE-PROFILE/     object trees, SOURCE-ARCH-PROFILE likewise, kept so that a small change compiles little
 * builds/HASH/                finished builds by the hash of their inputs
 * ccache/                     compiler results
 * tmp/                        what is being made; moved to its place when whole
 * estimates.json              how long stages took
 * </pre>
 */
public record CacheLayout(Path root) {

    public CacheLayout {
        root = root.toAbsolutePath().normalize();
    }

    /** {@code $XDG_CACHE_HOME/kernel-farm}, or {@code ~/.cache/kernel-farm} (XDG Base Directory Specification). */
    public static CacheLayout standard() {
        return new CacheLayout(Xdg.folder("XDG_CACHE_HOME", ".cache"));
    }

    Path sources() {
        return root.resolve("sources");
    }

    /** Where the commits that descend from {@code root} are put; object trees are kept from one to the next. */
    Path gitSource(String root) {
        return sources().resolve("git-" + root.substring(0, 12));
    }

    /** The package {@code name} on {@code shelf}; an epoch's colon is written as Debian's archive does it. */
    static Path versioned(Path shelf, String name, String version) {
        return shelf.resolve(name + "_" + version.replace(":", "%3a"));
    }

    /** Unpacked distribution kernels: control kernels. */
    Path kernels() {
        return root.resolve("kernels");
    }

    /** Programs that run on machines of {@code architecture}. */
    Path programs(Architecture architecture) {
        return root.resolve("programs").resolve(architecture.deb());
    }

    /** Xen images, as an emulator loads them. */
    Path hypervisors() {
        return root.resolve("hypervisors");
    }

    /** Xen images, as UEFI loads them. */
    Path efi() {
        return root.resolve("efi");
    }

    /** Where apt keeps what it knows of {@code suite} of Debian. */
    Path apt(String suite) {
        return root.resolve("apt").resolve(suite);
    }

    /** Root file systems of dom0. */
    Path dom0(Architecture architecture) {
        Path all = root.resolve("dom0");
        return architecture == Architecture.AMD64 ? all : all.resolve(architecture.deb());
    }

    Path kconfig(KernelSource source, Target target) {
        return root.resolve("kconfig").resolve(name(source, target));
    }

    Path objects(KernelSource source, Target target, String profile) {
        return root.resolve("objects").resolve(name(source, target) + "-" + profile);
    }

    private static String name(KernelSource source, Target target) {
        return source.tree().getFileName() + (target == Target.X86_64 ? "" : "-" + target.id());
    }

    BuildLayout build(String inputHash) {
        return new BuildLayout(root.resolve("builds").resolve(inputHash));
    }

    Path ccache() {
        return root.resolve("ccache");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path estimates() {
        return root.resolve("estimates.json");
    }
}
