package io.kernelfarm.bootmatrix.xen;

import io.kernelfarm.bootmatrix.initramfs.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The disk that an HVM guest's firmware boots from: a FAT file system with SYSLINUX, the kernel and its initramfs. Made
 * with mtools, so nothing is mounted.
 */
final class BootDisk {

    private static final long MEBIBYTE = 1024 * 1024;
    /** What file system and loader need beside the files. */
    private static final long SLACK = 2 * MEBIBYTE;

    /** FAT16 has 4,085 to 65,524 clusters: near either end mformat and SYSLINUX are not of one mind. */
    private static final long SMALLEST = 4 * MEBIBYTE;

    private static final long MANY_CLUSTERS = 60_000;

    private static final long SECTOR = 512;

    private BootDisk() {}

    static void make(Path image, Path kernel, Path initrd, String cmdline) throws IOException {
        long bytes = Math.max(SMALLEST, Files.size(kernel) + Files.size(initrd) + SLACK);
        // A whole number of cylinders of 64 heads and 32 sectors, which is a mebibyte: SYSLINUX wants a plausible
        // geometry.
        long cylinders = (bytes + MEBIBYTE - 1) / MEBIBYTE;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(cylinders * MEBIBYTE);
        }
        int clusterSectors = 1;
        while (cylinders * MEBIBYTE / (clusterSectors * SECTOR) > MANY_CLUSTERS) {
            clusterSectors *= 2;
        }
        Path menu = image.resolveSibling(image.getFileName() + ".cfg");
        Files.writeString(
                menu,
                String.join(
                        "\n",
                        "DEFAULT farm",
                        "PROMPT 0",
                        "LABEL farm",
                        "KERNEL vmlinuz",
                        "APPEND initrd=initrd.gz " + cmdline,
                        ""),
                StandardCharsets.US_ASCII);
        String disk = image.toString();
        Tools.run(
                "mformat",
                "-i",
                disk,
                "-t",
                Long.toString(cylinders),
                "-h",
                "64",
                "-s",
                "32",
                "-c",
                Integer.toString(clusterSectors),
                "::");
        Tools.run("syslinux", "--install", disk);
        Tools.run("mcopy", "-i", disk, menu.toString(), "::syslinux.cfg");
        Tools.run("mcopy", "-i", disk, kernel.toString(), "::vmlinuz");
        Tools.run("mcopy", "-i", disk, initrd.toString(), "::initrd.gz");
        Files.delete(menu);
    }
}
