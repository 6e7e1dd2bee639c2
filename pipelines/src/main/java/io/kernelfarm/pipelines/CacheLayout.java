package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.pipelines.builder.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths in the farm's cache: what costs time to make and can be made again. Nothing else knows them.
 *
 * <pre>
 * sources/PACKAGE_VERSION/    unpacked source trees of Debian's packages
 * sources/tarball-DIGEST/     of tarballs, by the begin of their SHA-256
 * sources/commit-ID/          of commits that specs name
 * sources/TREE+patches-HASH/  one of these with a series of patches on top: hard links, but for the files that differ
 * sources/git-ROOT/           commits of a git tree, one after another, with the index of what is there beside it
 * downloads/SHA256.part       tarballs on their way, to be gone on with
 * git/NAME-HASH/              bare mirrors of the git repositories that specs name, by the hash of their URLs
 * kernels/PACKAGE_VERSION/    unpacked distribution kernels
 * hypervisors/PACKAGE_VERSION Xen images
 * efi/PACKAGE_VERSION         the same, as EFI programs
 * programs/ARCH/              busybox for machines of other architectures
 * apt/SUITE/                  apt's lists of other Debian releases; SUITE-ARCH of other architectures
 * dom0/                       root file systems of dom0, as disk images; dom0/ARCH/ of other architectures
 * kconfig/SOURCE/             where configurations of that source are resolved; SOURCE-ARCH for other architectures than x86_64
 * configurations/HASH.json    resolved configurations by the hash of what decides them
 * objects/SOURCE-PROFILE-8/   object trees, SOURCE-ARCH-PROFILE-8 likewise, kept so that a small change compiles little
 * builds/HASH/                finished builds by the hash of their inputs
 * ccache/                     compiler results
 * jenkins/                    a downloaded Jenkins: jenkins.war, and its plugins in plugins/
 * container-kconfig/          the same for builds in containers, and so container-objects/ and container-ccache/: another user's
 * images/NAME.tar.gz          root file systems of build images; NAME.json, what compiles there
 * tmp/                        what is being made; moved to its place when whole
 * estimates.json              how long stages took
 * </pre>
 *
 * @param user what the folders' names begin with that programs of a build write into: nothing for those of this host
 */
public record CacheLayout(Path root, String user) {

    private static final String HOSTS = "";
    private static final String CONTAINERS = "container-";

    private static final String UNFINISHED = ".unfinished";

    /**
     * Raised when a build holds something else, or its flags change in a way that make does not look at: tools/ links a
     * program anew only if its objects are newer.
     */
    static final String BUILDS = "8";

    private static final String INDEX = ".index";

    private static final String PATCHES = "+patches-";

    /** What the names of files end with that belong to the entry beside them. */
    private static final List<String> BESIDE = List.of(AptPackages.DIGEST, UNFINISHED, INDEX);

    public CacheLayout {
        root = root.toAbsolutePath().normalize();
    }

    public CacheLayout(Path root) {
        this(root, HOSTS);
    }

    /** {@code $XDG_CACHE_HOME/kernel-farm}, or {@code ~/.cache/kernel-farm} (XDG Base Directory Specification). */
    public static CacheLayout standard() {
        return new CacheLayout(Xdg.folder("XDG_CACHE_HOME", ".cache"));
    }

    /** Folders whose entries can each be made again. */
    List<Path> shelves() {
        return Stream.of(
                        "builds",
                        "configurations",
                        "objects",
                        CONTAINERS + "objects",
                        "kconfig",
                        CONTAINERS + "kconfig",
                        "images",
                        "sources",
                        "downloads",
                        "git",
                        "programs",
                        "kernels",
                        "hypervisors",
                        "efi",
                        "dom0")
                .map(root::resolve)
                .toList();
    }

    /** Whether whoever works with an entry of {@code shelf} holds its lock all the time. */
    boolean isLocked(String shelf) {
        return shelf.equals("builds") || shelf.endsWith("objects");
    }

    /** The small files that lie beside {@code entry} and belong to it, but for its lock. */
    List<Path> beside(Path entry) {
        return BESIDE.stream()
                .map(suffix -> entry.resolveSibling(entry.getFileName() + suffix))
                .toList();
    }

    /** Whether {@code file} is such a file, or a lock. */
    static boolean isBeside(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".")
                || name.endsWith(FolderLock.SUFFIX)
                || BESIDE.stream().anyMatch(name::endsWith);
    }

    /** Beside an object tree or a commit while a farm works in it. */
    static Path unfinished(Path place) {
        return place.resolveSibling(place.getFileName() + UNFINISHED);
    }

    /** What git knows of the commit in {@code place}. */
    static Path index(Path place) {
        return place.resolveSibling(place.getFileName() + INDEX);
    }

    /** Unpacked source trees. */
    public Path sources() {
        return root.resolve("sources");
    }

    /** The tree in the tarball with that digest. */
    public Path tarball(String sha256) {
        return sources().resolve("tarball-" + sha256.substring(0, 16));
    }

    /** The tree of the commit {@code id}. */
    public Path commit(String id) {
        return sources().resolve("commit-" + id);
    }

    /** {@code tree} with patches on top. */
    public Path patched(Path tree, String hash) {
        return tree.resolveSibling(tree.getFileName() + PATCHES + hash);
    }

    /** Whether {@code tree} is one with patches on top. */
    static boolean isPatched(Path tree) {
        return tree.getFileName().toString().contains(PATCHES);
    }

    /** As much as there is of the tarball with that digest. */
    public Path download(String sha256) {
        return root.resolve("downloads").resolve(sha256 + ".part");
    }

    /** A bare mirror of the repository at {@code url}. */
    public Path mirror(String url) {
        String name = url.replaceFirst("/+$", "").replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return root.resolve("git").resolve(name + "-" + Sha256.of(url).substring(0, 12));
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
    public Path apt(String suite) {
        return root.resolve("apt").resolve(suite);
    }

    /** Root file systems of dom0. */
    Path dom0(Architecture architecture) {
        Path all = root.resolve("dom0");
        return architecture == Architecture.AMD64 ? all : all.resolve(architecture.deb());
    }

    Path kconfig(KernelSource source, Target target) {
        return root.resolve(user + "kconfig").resolve(name(source, target));
    }

    Path objects(KernelSource source, Target target, String profile) {
        return root.resolve(user + "objects").resolve(name(source, target) + "-" + profile + "-" + BUILDS);
    }

    private static String name(KernelSource source, Target target) {
        return source.tree().getFileName() + (target == Target.X86_64 ? "" : "-" + target.id());
    }

    Path configuration(String inputHash) {
        return root.resolve("configurations").resolve(inputHash + ".json");
    }

    BuildLayout build(String inputHash) {
        return new BuildLayout(root.resolve("builds").resolve(inputHash));
    }

    Path ccache() {
        return root.resolve(user + "ccache");
    }

    /** Where a Jenkins is that was downloaded. */
    public Path jenkins() {
        return root.resolve("jenkins");
    }

    /**
     * The same cache for builds in containers: what they write into belongs to their user, and nothing of this host's is
     * trusted there.
     */
    public CacheLayout containers() {
        return new CacheLayout(root, CONTAINERS);
    }

    /** The root file system that an image of that name is made from. */
    public Path rootFileSystem(String image) {
        return images().resolve(image + ".tar.gz");
    }

    /** What is known of an image. */
    public Path imageRecord(String image) {
        return images().resolve(image + ".json");
    }

    /** Build images: their root file systems, and what is known of them. */
    Path images() {
        return root.resolve("images");
    }

    public Path temporary() {
        return root.resolve("tmp");
    }

    Path estimates() {
        return root.resolve("estimates.json");
    }
}
