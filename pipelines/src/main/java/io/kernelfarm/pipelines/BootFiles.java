package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.xen.Dom0Image;
import io.kernelfarm.bootmatrix.xen.XenHost;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * What a boot needs beside the kernel under test: Xen, dom0's root file system and the control kernel, all from the archive of the
 * machine's own distribution, made once and kept in the cache.
 */
final class BootFiles {

    /** Made by the distribution for everybody: the kernel that every machine of it boots; the architecture follows. */
    private static final String CONTROL_KERNEL = "linux-image-";

    /** The Debian release that has each version of Xen, for those that the machine's own does not have. */
    private static final SortedMap<String, String> SUITES =
            new TreeMap<>(Map.of("4.14", "bullseye", "4.17", "bookworm", "4.20", "trixie"));

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Target target;
    private final Architecture architecture;
    private final CacheLayout cache;
    private final Progress progress;

    /** For the machines that boot kernels for {@code target}. */
    BootFiles(Target target, CacheLayout cache, Progress progress) {
        this.target = target;
        this.architecture = target.architecture();
        this.cache = cache;
        this.progress = progress;
    }

    /** For PCs. */
    BootFiles(CacheLayout cache, Progress progress) {
        this(Target.X86_64, cache, progress);
    }

    /** Debian's packages for the machines. */
    private AptPackages packages() throws IOException {
        return architecture == Architecture.AMD64
                ? new AptPackages(cache, progress)
                : AptPackages.of(AptPackages.ownSuite(), architecture, cache, progress);
    }

    /**
     * The files of a Xen host.
     *
     * @param hypervisor for example {@code xen-4.17}
     * @param uefi whether some machine is to boot it with UEFI
     * @throws FarmException the farm's fault, if they cannot be had
     */
    XenHost.Assets xen(String hypervisor, boolean uefi) throws IOException {
        String version = hypervisor.substring("xen-".length());
        try {
            return assets(version, uefi);
        } catch (FarmException e) {
            if (SUITES.containsKey(version)) {
                throw e;
            }
            throw FarmException.farm(
                    e.getMessage() + "; the versions that a Debian release is known to have are xen-"
                            + String.join(", xen-", SUITES.keySet()),
                    e);
        }
    }

    private XenHost.Assets assets(String version, boolean uefi) throws IOException {
        String name = "xen-hypervisor-" + version + "-" + architecture.deb();
        Home home = home(name, version);
        String image = "boot/xen-" + version + "-" + architecture.deb();
        if (architecture != Architecture.AMD64) {
            // An image in the form of Linux', which loaders take as it is.
            Path loaded = home.apt()
                    .fetch(name, cache.hypervisors(), (deb, scratch) -> unpacked(deb, scratch)
                            .resolve(image))
                    .place();
            return new XenHost.Assets(loaded, Optional.empty(), dom0(version, home));
        }
        Path elf = home.apt()
                .fetch(name, cache.hypervisors(), (deb, scratch) -> {
                    Path made = scratch.resolve("xen");
                    // Multiboot loaders take the ELF file inside.
                    try (InputStream in = new GZIPInputStream(
                            Files.newInputStream(unpacked(deb, scratch).resolve(image + ".gz")))) {
                        Files.copy(in, made);
                    }
                    return made;
                })
                .place();
        Optional<Path> efi = Optional.empty();
        if (uefi) {
            efi = Optional.of(home.apt()
                    .fetch(name, cache.efi(), (deb, scratch) -> unpacked(deb, scratch)
                            .resolve(image + ".efi"))
                    .place());
        }
        return new XenHost.Assets(elf, efi, dom0(version, home));
    }

    /**
     * The shell and tools of every cell's user space, statically linked.
     *
     * @throws FarmException the farm's fault, if they cannot be had
     */
    Path busybox() throws IOException {
        return architecture == Architecture.AMD64
                ? BUSYBOX
                : packages()
                        .fetch("busybox-static", cache.programs(architecture), (deb, scratch) -> unpacked(deb, scratch)
                                .resolve(BUSYBOX.toString().substring(1)))
                        .place();
    }

    private static Path unpacked(Path deb, Path scratch) throws IOException {
        Path unpacked = scratch.resolve("package");
        PackageReaders.of(deb).extract(deb, unpacked);
        return unpacked;
    }

    /**
     * Where the packages of one version of Xen are.
     *
     * @param suite the Debian release
     */
    private record Home(String suite, AptPackages apt) {}

    private Home home(String name, String version) throws IOException {
        AptPackages own = packages();
        String suite = SUITES.get(version);
        if (suite == null
                || suite.equals(AptPackages.ownSuite())
                || own.candidate(name).isPresent()) {
            return new Home(AptPackages.ownSuite(), own);
        }
        return new Home(
                suite,
                architecture == Architecture.AMD64
                        ? AptPackages.of(suite, cache, progress)
                        : AptPackages.of(suite, architecture, cache, progress));
    }

    private Path dom0(String version, Home home) throws IOException {
        String tools = "xen-utils-" + version;
        Optional<String> candidate = home.apt().candidate(tools);
        if (candidate.isEmpty()) {
            return AptPackages.newest(tools, cache.dom0(architecture))
                    .orElseThrow(() -> FarmException.farm("apt knows no package " + tools + ", which dom0 needs"));
        }
        Path image = CacheLayout.versioned(cache.dom0(architecture), tools, candidate.get() + "+" + Dom0Image.RECIPE);
        return FolderLock.holding(image, progress, () -> {
            if (!Files.exists(image)) {
                makeDom0(image, version, home.suite());
            }
            return image;
        });
    }

    private void makeDom0(Path image, String version, String suite) throws IOException {
        progress.at(-1, "making the root file system of a dom0 with Xen " + version);
        List<String> sources = AptPackages.sources(suite);
        if (sources.isEmpty()) {
            throw FarmException.farm("apt's configuration names no archive of Debian " + suite
                    + "; add one to its sources and run 'apt-get update'");
        }
        try (Scratch scratch = Scratch.in(cache)) {
            Path made = scratch.folder().resolve("dom0.img");
            Dom0Image.make(made, suite, version, target.processor(), architecture.deb(), List.of(), sources);
            Scratch.deliver(made, image);
        }
    }

    /**
     * The distribution's own kernel.
     *
     * @throws FarmException the farm's fault, if it cannot be had
     */
    Kernel control() throws IOException {
        AptPackages apt = packages();
        String newest = CONTROL_KERNEL + architecture.deb();
        String name = apt.dependencies(newest).stream()
                .filter(dependency -> dependency.startsWith(CONTROL_KERNEL))
                .findFirst()
                .orElseThrow(() -> FarmException.farm("apt's " + newest + " names no kernel to boot"));
        AptPackages.Fetched fetched = apt.fetch(name, cache.kernels(), BootFiles::unpacked);
        String release = name.substring(CONTROL_KERNEL.length());
        Path image = fetched.place().resolve("boot/vmlinuz-" + release);
        return new Kernel(
                new KernelId(release, Sha256.of(image), "debian:" + name + "=" + fetched.version()),
                image,
                fetched.place(),
                "");
    }
}
