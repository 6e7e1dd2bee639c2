package io.kernelfarm.bootmatrix;

/**
 * One thing to boot: a kernel in one mode under one hypervisor on one machine.
 *
 * @param mode how the kernel is to find itself booted
 * @param hypervisor {@code none}, or for example {@code xen-4.17}
 * @param firmware {@code bios} or {@code uefi}: the firmware of the physical (or emulated) machine
 * @param machine the kind of machine, for example {@code qemu}
 * @param required whether promotion needs a PASS here
 */
public record Cell(Mode mode, String hypervisor, String firmware, String machine, boolean required) {

    /** A name that is unique in a matrix and safe in file names and URLs, for example {@code pvhvm-xen-4.17-bios-qemu}. */
    public String id() {
        return mode.id() + "-" + hypervisor + "-" + firmware + "-" + machine;
    }

    /** Whether the machine's firmware is to be UEFI. */
    public boolean isUefi() {
        return firmware.equals("uefi");
    }

    @Override
    public String toString() {
        return id();
    }
}
