package io.kernelfarm.bootmatrix.boot;

/** How a boot ended, before anyone is blamed. */
public enum Ending {
    /** All questions were answered; whether well is another matter. */
    ANSWERED,
    /** The kernel, or the hypervisor because of it, said that it cannot go on. */
    CRASHED,
    /** Nothing more came within the time allowed. */
    TIMED_OUT,
    /** The domain or machine turned itself off, or reset, before it had answered. */
    STOPPED,
    /** The toolstack would not make the domain. */
    REFUSED,
    /** Dom0 booted, and its toolstack would not start. */
    NO_TOOLSTACK,
    /** The Xen host went down under the guest. */
    HOST_LOST,
    /** The Xen host never came up, so the guest was never made. */
    NEVER_MADE,
    /** The farm's own parts failed: the emulator died, a file is missing, the console stayed silent. */
    INFRASTRUCTURE
}
