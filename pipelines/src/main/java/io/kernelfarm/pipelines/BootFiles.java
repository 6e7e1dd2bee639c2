package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.xen.Dom0Image;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What a boot needs beside the kernel under test: Xen, dom0's root file system and the control kernel, all from the machine's
 * own distribution, made once and kept in the cache.
 */
final class BootFiles {

    /** Made by the distribution for everybody: the kernel that every machine of it boots. */
    private static final String CONTROL_KERNEL = "linux-image-amd64";

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final CacheLayout cache;
    private final Progress progress;

    BootFiles(CacheLayout cache, Progress progress) {
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * The files of a Xen host.
     *
     * @param hypervisor for example {@code xen-4.17}
     * @throws FarmException the farm's fault, if they cannot be had
     */
    XenHost.Assets xen(String hypervisor) throws IOException {
        String version = hypervisor.substring("xen-".length());
        return new XenHost.Assets(image(version), dom0(version), BUSYBOX);
    }

    /** What {@link #xen} gives when it fails: paths at which nothing lies, so that the cells that need them say so. */
    XenHost.Assets noXen(String hypervisor) {
        return new XenHost.Assets(
                cache.hypervisors().resolve(hypervisor), cache.dom0().resolve(hypervisor), BUSYBOX);
    }

    private Path image(String version) throws IOException {
        String name = "xen-hypervisor-" + version + "-amd64";
        return new AptPackages(cache, progress)
                .fetch(name, cache.hypervisors(), (deb, scratch) -> {
                    Path unpacked = scratch.resolve("package");
                    PackageReaders.of(deb).extract(deb, unpacked);
                    Path image = scratch.resolve("xen");
                    // Multiboot loaders take the ELF file inside.
                    try (InputStream in = new GZIPInputStream(
                            Files.newInputStream(unpacked.resolve("boot/xen-" + version + "-amd64.gz")))) {
                        Files.copy(in, image);
                    }
                    return image;
                })
                .place();
    }

    private Path dom0(String version) throws IOException {
        String tools = "xen-utils-" + version;
        Optional<String> candidate = AptPackages.candidate(tools);
        if (candidate.isEmpty()) {
            return AptPackages.newest(tools, cache.dom0())
                    .orElseThrow(
                            () -> FarmException.farm(
                                    "apt knows no package " + tools
                                            + ", which dom0 needs; name a hypervisor in the spec that this machine's distribution has"));
        }
        Path image = CacheLayout.versioned(cache.dom0(), tools, candidate.get() + "+" + Dom0Image.RECIPE);
        return FolderLock.holding(image, progress, () -> {
            if (!Files.exists(image)) {
                makeDom0(image, version);
            }
            return image;
        });
    }

    private void makeDom0(Path image, String version) throws IOException {
        progress.at(-1, "making dom0's root file system");
        String suite = suite();
        List<String> sources = AptPackages.sources(suite);
        if (sources.isEmpty()) {
            throw FarmException.farm("apt's configuration names no archive of Debian " + suite
                    + "; add one to its sources and run 'apt-get update'");
        }
        try (Scratch scratch = Scratch.in(cache)) {
            Path made = scratch.folder().resolve("dom0.img");
            Dom0Image.make(made, suite, version, sources);
            Scratch.deliver(made, image);
        }
    }

    /** The name of the Debian release that this machine runs (os-release(5)). */
    private static String suite() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("VERSION_CODENAME="))
                    .map(line -> line.substring("VERSION_CODENAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElseThrow(() -> FarmException.farm(
                            "/etc/os-release has no VERSION_CODENAME; dom0's packages are those of a Debian release"));
        }
    }

    /**
     * The distribution's own kernel.
     *
     * @throws FarmException the farm's fault, if it cannot be had
     */
    Kernel control() throws IOException {
        AptPackages apt = new AptPackages(cache, progress);
        String name = AptPackages.dependencies(CONTROL_KERNEL).stream()
                .filter(dependency -> dependency.startsWith("linux-image-"))
                .findFirst()
                .orElseThrow(() -> FarmException.farm("apt's " + CONTROL_KERNEL + " names no kernel to boot"));
        AptPackages.Fetched fetched = apt.fetch(name, cache.kernels(), (deb, scratch) -> {
            Path unpacked = scratch.resolve("package");
            PackageReaders.of(deb).extract(deb, unpacked);
            return unpacked;
        });
        String release = name.substring("linux-image-".length());
        Path image = fetched.place().resolve("boot/vmlinuz-" + release);
        return new Kernel(
                new KernelId(release, Sha256.of(image), "debian:" + name + "=" + fetched.version()),
                image,
                fetched.place(),
                "");
    }
}
