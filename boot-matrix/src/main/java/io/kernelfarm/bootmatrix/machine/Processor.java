package io.kernelfarm.bootmatrix.machine;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** The processor that a machine has, and that the kernels it boots are built for. */
public enum Processor {
    X86_64,
    /** Arm's, of 64 bits: {@code aarch64}. Xen makes one kind of domain there, which its tools call PVH. */
    ARM64;

    /** Why no kernel for this processor can be booted in {@code mode}, in one sentence; empty if it can. */
    public Optional<String> senseless(Mode mode) {
        return switch (mode) {
            case METAL, DOM0_PVH, PVH -> Optional.empty();
            case DOM0_PV, PV, HVM, PVHVM ->
                this == X86_64
                        ? Optional.empty()
                        : Optional.of("Xen on arm64 has one kind of domain: its dom0 is " + Mode.DOM0_PVH
                                + " and its guests are " + Mode.PVH);
        };
    }
}
