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
 * @param platform what the machine itself has to be like
 */
public record BootMedia(
        Path kernel,
        String cmdline,
        Path initrd,
        Optional<Hypervisor> hypervisor,
        List<Disk> disks,
        int memoryMib,
        Platform platform) {

    /**
     * What a machine is like, whatever boots on it.
     *
     * @param uefi whether its firmware is UEFI; otherwise it is a BIOS
     * @param iommu whether devices reach memory through an IOMMU, without which Xen makes no PVH dom0
     */
    public record Platform(boolean uefi, boolean iommu) {
        /** A PC with a BIOS. */
        public static final Platform PC = new Platform(false, false);
    }

    /** Xen and its command line: a multiboot ELF file or, for UEFI, an EFI program. */
    public record Hypervisor(Path image, String cmdline) {}

    /**
     * A raw disk image.
     *
     * @param kept whether what the machine writes is to be found in the file afterwards
     */
    public record Disk(Path image, boolean kept) {}

    /** Boot media for a PC with a BIOS. */
    public BootMedia(
            Path kernel,
            String cmdline,
            Path initrd,
            Optional<Hypervisor> hypervisor,
            List<Disk> disks,
            int memoryMib) {
        this(kernel, cmdline, initrd, hypervisor, disks, memoryMib, Platform.PC);
    }

    public BootMedia {
        disks = List.copyOf(disks);
    }
}
