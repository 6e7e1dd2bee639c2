package io.kernelfarm.bootmatrix.boot;

/** How far a boot came. The constants are in the order in which they are reached; guests skip those of the machine. */
public enum BootState {
    /** Nothing was asked of the machine, or of the toolstack, yet. */
    OFF,
    /** The machine has power; nothing was seen on its console. */
    POWERED,
    /** The hypervisor has spoken. */
    HYPERVISOR,
    /** The toolstack has made the domain; its kernel has not spoken. */
    CREATED,
    /** The kernel has said its version. */
    KERNEL,
    /** The farm's first process runs. */
    USERSPACE,
    /** Every question was answered. */
    DONE
}
