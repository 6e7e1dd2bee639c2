package io.kernelfarm.bootmatrix.xen;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.initramfs.Tools;
import io.kernelfarm.bootmatrix.machine.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the root file system of dom0: Debian's Xen toolstack, device model and busybox as a disk image. It is the same for
 * every kernel. Packages are only unpacked ({@code mmdebstrap --variant=extract}): nothing in dom0 asks for more, and it
 * takes a tenth of the time of installing them.
 */
public final class Dom0Image {

    /** Grows with each change of what is in the image, so that an older one in a cache is not taken for it. */
    public static final int RECIPE = 1;

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final List<String> MOUNT_POINTS =
            List.of("dev", "proc", "sys", "run", "tmp", "farm/bin", "var/lib/xen", "var/log/xen");
    /** Nobody reads these in dom0. */
    private static final List<String> UNREAD =
            List.of("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/iso-codes");

    private Dom0Image() {}

    /**
     * Packages of a dom0 with the toolstack of Xen {@code version}, for example {@code 4.17}.
     *
     * @param processor of the machine; on arm64, guests have no device model and no firmware
     */
    public static List<String> packages(String version, Processor processor) {
        List<String> packages = new ArrayList<>(List.of(
                "xen-utils-" + version, "xenstore-utils", "xen-utils-common", "busybox-static", "kmod", "iproute2"));
        if (processor == Processor.X86_64) {
            packages.addAll(List.of(
                    // Debian 11 had Xen's device model in the package for all of x86.
                    version.equals("4.14") ? "qemu-system-x86" : "qemu-system-xen", "seabios", "ipxe-qemu"));
        }
        return packages;
    }

    /**
     * Makes the image in {@code target}, or leaves nothing there.
     *
     * @param architecture of the packages, as Debian names it
     * @param more packages beside those that every dom0 has
     * @param suite the Debian release that has the packages, for example {@code bookworm}
     * @param sources where to take packages from, as lines of sources.list(5)
     * @throws IOException with mmdebstrap's last words, if the archive cannot be reached, say
     */
    public static void make(
            Path target,
            String suite,
            String version,
            Processor processor,
            String architecture,
            List<String> more,
            List<String> sources)
            throws IOException {
        List<String> packages = packages(version, processor);
        packages.addAll(more);
        Path work = Files.createTempDirectory(target.toAbsolutePath().getParent(), "dom0");
        try {
            Path tar = work.resolve("root.tar");
            Path root = Files.createDirectory(work.resolve("root"));
            List<String> command = new ArrayList<>(List.of(
                    "mmdebstrap",
                    "--quiet",
                    "--variant=extract",
                    "--format=tar",
                    "--architectures=" + architecture,
                    "--include=" + String.join(",", packages),
                    suite,
                    tar.toString()));
            command.addAll(sources);
            Tools.run(command.toArray(String[]::new));
            List<String> unpack = new ArrayList<>(List.of("tar", "-xf", tar.toString(), "-C", root.toString()));
            unpack.add("--exclude=./dev/*");
            UNREAD.forEach(folder -> unpack.add("--exclude=./" + folder + "/*"));
            Tools.run(unpack.toArray(String[]::new));
            Files.delete(tar);
            furnish(root);
            Path image = work.resolve("dom0.img");
            // Room for what the toolstack writes; unused blocks stay holes.
            long mebibytes = size(root) / (1024 * 1024) * 5 / 4 + 64;
            Tools.run(
                    "mke2fs",
                    "-q",
                    "-t",
                    "ext4",
                    "-O",
                    "^has_journal,^metadata_csum",
                    "-d",
                    root.toString(),
                    image.toString(),
                    mebibytes + "M");
            Files.move(image, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTrees.delete(work);
        }
    }

    private static void furnish(Path root) throws IOException {
        for (String folder : MOUNT_POINTS) {
            Files.createDirectories(root.resolve(folder));
        }
        if (!Files.exists(root.resolve("var/run"), LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(root.resolve("var/run"), Path.of("/run"));
        }
        // From Debian 13 on, packages have their files below /usr alone; the links to there are made by none of these.
        for (String folder : List.of("bin", "sbin", "lib", "lib64")) {
            if (!Files.exists(root.resolve(folder))
                    && Files.isDirectory(root.resolve("usr").resolve(folder))) {
                Files.createSymbolicLink(root.resolve(folder), Path.of("usr", folder));
            }
        }
        // No shell comes with unpacked packages alone; busybox is one.
        if (!Files.exists(root.resolve("bin/sh"), LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
        }
        // This machine's own may be asked what the other has: that need not run here.
        Process list = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        list.getOutputStream().close();
        String applets = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String applet : applets.lines().toList()) {
            Files.createSymbolicLink(root.resolve("farm/bin").resolve(applet), Path.of("/bin/busybox"));
        }
        Path script = root.resolve("etc/xen/scripts/farm-block");
        Files.writeString(script, blockScript());
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("etc/xen/xl.conf"), "autoballoon=\"off\"\n");
    }

    /** The hotplug script of guests' disks. */
    static String blockScript() throws IOException {
        try (InputStream in = Dom0Image.class.getResourceAsStream("/io/kernelfarm/bootmatrix/dom0/farm-block")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long size(Path root) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += (attributes.size() + 4095) / 4096 * 4096;
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
