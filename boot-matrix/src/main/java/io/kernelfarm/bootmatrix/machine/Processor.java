package io.kernelfarm.bootmatrix.machine;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** The processor that a machine has, and that the kernels it boots are built for. */
public enum Processor {
    X86_64(Mode.DOM0_PV, Mode.PV),
    /** Arm's, of 64 bits: {@code aarch64}. Xen makes one kind of domain there, which its tools call PVH. */
    ARM64(Mode.DOM0_PVH, Mode.PVH);

    private final Mode dom0;
    private final Mode guest;

    Processor(Mode dom0, Mode guest) {
        this.dom0 = dom0;
        this.guest = guest;
    }

    /** What a dom0 is that only bears guests. */
    public Mode dom0() {
        return dom0;
    }

    /** What a guest is that a dom0 is only to serve: the kind that costs least. */
    public Mode guest() {
        return guest;
    }

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
