package io.kernelfarm.bootmatrix.machine;

import io.kernelfarm.bootmatrix.initramfs.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The disk that UEFI finds Xen on: a FAT file system with Xen's EFI program where firmware looks for one on its own (UEFI
 * Specification, 3.5.1.1), its configuration of the same name beside it (docs/misc/efi.pandoc in Xen's source), kernel and
 * initramfs. Made with mtools, so nothing is mounted.
 */
final class EfiDisk {

    private static final String FOLDER = "::/EFI/BOOT";
    private static final long MEBIBYTE = 1024 * 1024;
    /** FAT32 has at least 65,525 clusters of half a KiB or more; what it needs itself comes on top. */
    private static final long SLACK_MIB = 40;

    private EfiDisk() {}

    /** Makes the disk that boots the hypervisor of {@code media}, or leaves nothing there. */
    static void make(Path image, BootMedia media) throws IOException {
        BootMedia.Hypervisor xen = media.hypervisor().orElseThrow();
        long bytes = Files.size(xen.image()) + Files.size(media.kernel()) + Files.size(media.initrd());
        long cylinders = bytes / MEBIBYTE + SLACK_MIB;
        Path configuration = image.resolveSibling(image.getFileName() + ".cfg");
        String disk = image.toString();
        boolean made = false;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(cylinders * MEBIBYTE);
            Files.writeString(
                    configuration,
                    String.join(
                            "\n",
                            "[global]",
                            "default=farm",
                            "[farm]",
                            "options=" + xen.cmdline(),
                            "kernel=vmlinuz " + media.cmdline(),
                            "ramdisk=initrd.gz",
                            ""),
                    StandardCharsets.US_ASCII);
            Tools.run("mformat", "-i", disk, "-F", "-t", Long.toString(cylinders), "-h", "64", "-s", "32", "::");
            Tools.run("mmd", "-i", disk, "::/EFI", FOLDER);
            copy(disk, xen.image(), "BOOTX64.EFI");
            copy(disk, configuration, "BOOTX64.CFG");
            copy(disk, media.kernel(), "vmlinuz");
            copy(disk, media.initrd(), "initrd.gz");
            made = true;
        } finally {
            Files.deleteIfExists(configuration);
            if (!made) {
                Files.deleteIfExists(image);
            }
        }
    }

    private static void copy(String disk, Path file, String name) throws IOException {
        Tools.run("mcopy", "-i", disk, file.toString(), FOLDER + "/" + name);
    }
}
