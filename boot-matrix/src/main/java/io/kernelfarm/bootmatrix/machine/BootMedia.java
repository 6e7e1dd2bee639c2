package io.kernelfarm.bootmatrix.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a machine is given to boot.
 *
 * @param hypervisor the Xen image and its command line, or empty for a plain kernel
 * @param disks in the order in which the kernel is to find them
 * @param memoryMib memory of the machine in MiB
 */
public record BootMedia(
        Path kernel, String cmdline, Path initrd, Optional<Hypervisor> hypervisor, List<Disk> disks, int memoryMib) {

    /** A multiboot ELF file and its command line. */
    public record Hypervisor(Path image, String cmdline) {}

    /**
     * A raw disk image.
     *
     * @param kept whether what the machine writes is to be found in the file afterwards
     */
    public record Disk(Path image, boolean kept) {}

    public BootMedia {
        disks = List.copyOf(disks);
    }
}
