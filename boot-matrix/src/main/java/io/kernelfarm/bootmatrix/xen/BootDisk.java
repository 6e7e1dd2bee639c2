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

    private BootDisk() {}

    static void make(Path image, Path kernel, Path initrd, String cmdline) throws IOException {
        long bytes = Files.size(kernel) + Files.size(initrd) + SLACK;
        // A whole number of cylinders of 64 heads and 32 sectors, which is a mebibyte: SYSLINUX wants a plausible
        // geometry.
        long cylinders = (bytes + MEBIBYTE - 1) / MEBIBYTE;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(cylinders * MEBIBYTE);
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
        Tools.run("mformat", "-i", disk, "-t", Long.toString(cylinders), "-h", "64", "-s", "32", "::");
        Tools.run("syslinux", "--install", disk);
        Tools.run("mcopy", "-i", disk, menu.toString(), "::syslinux.cfg");
        Tools.run("mcopy", "-i", disk, kernel.toString(), "::vmlinuz");
        Tools.run("mcopy", "-i", disk, initrd.toString(), "::initrd.gz");
        Files.delete(menu);
    }
}
