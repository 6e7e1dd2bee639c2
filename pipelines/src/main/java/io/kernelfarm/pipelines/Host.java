package io.kernelfarm.pipelines;

/** The one architecture that hosts and kernels have for now. */
final class Host {
    /** The kernel's {@code ARCH}. */
    static final String KERNEL_ARCH = "x86_64";

    private Host() {}
}
