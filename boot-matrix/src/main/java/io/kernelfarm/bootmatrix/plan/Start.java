package io.kernelfarm.bootmatrix.plan;

/**
 * One start of a machine, which cells may share: a boot of Xen and dom0 serves many guests. Cells with equal starts can be
 * served by one.
 *
 * @param kind of machine, for example {@code qemu}
 * @param hypervisor {@code none}, or for example {@code xen-4.17}
 * @param firmware {@code bios} or {@code uefi}
 * @param kernel release of the kernel that runs as dom0, or on the bare machine
 * @param seconds that it takes until the first cell can be booted; 0 for a bare machine, which each cell starts for itself
 */
public record Start(String kind, String hypervisor, String firmware, String kernel, double seconds) {}
