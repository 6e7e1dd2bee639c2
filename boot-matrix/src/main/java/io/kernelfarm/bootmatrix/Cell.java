package io.kernelfarm.bootmatrix;

import java.util.Collection;

/**
 * One thing to boot: a kernel in one mode under one hypervisor on one machine.
 *
 * @param mode how the kernel is to find itself booted
 * @param hypervisor {@code none}, or for example {@code xen-4.17}
 * @param firmware {@code bios} or {@code uefi}: the firmware of the physical (or emulated) machine
 * @param machine its name, for example {@code qemu}
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

    /**
     * Whether nothing is booted here, and so nothing proved: its machine plays what a kernel would say. Such a machine is known by its name,
     * {@code fake} or one that begins with {@code fake-}, because that stands wherever the cell does.
     */
    public boolean isFake() {
        return isFake(machine);
    }

    /** Whether {@code machine} is the name of a fake one. */
    public static boolean isFake(String machine) {
        return machine.equals("fake") || machine.startsWith("fake-");
    }

    /** Whether one of {@code patterns}, in which {@code *} stands for anything, is {@code id}. */
    public static boolean isNamed(String id, Collection<String> patterns) {
        return patterns.stream()
                .anyMatch(pattern -> id.matches(pattern.replace(".", "\\.").replace("*", ".*")));
    }

    @Override
    public String toString() {
        return id();
    }
}
