package io.kernelfarm.bootmatrix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A way in which one kernel image can find itself booted. */
public enum Mode {
    METAL("metal"),
    DOM0_PV("dom0-pv"),
    DOM0_PVH("dom0-pvh"),
    PV("pv"),
    PVH("pvh"),
    HVM("hvm"),
    PVHVM("pvhvm");

    private final String id;

    Mode(String id) {
        this.id = id;
    }

    /** The name used in specs, reports, file names and URLs, for example {@code dom0-pv}. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Whether the kernel runs as an unprivileged Xen domain, made by a dom0's toolstack. */
    public boolean isGuest() {
        return this != METAL && !isDom0();
    }

    /** Whether the kernel runs as the first Xen domain, the one that has the devices and makes the others. */
    public boolean isDom0() {
        return this == DOM0_PV || this == DOM0_PVH;
    }

    /**
     * The mode called {@code id}.
     *
     * @throws IllegalArgumentException naming the modes that there are
     */
    @JsonCreator
    public static Mode of(String id) {
        for (Mode mode : values()) {
            if (mode.id.equals(id)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown mode '" + id + "'; the modes are "
                + Arrays.stream(values()).map(Mode::id).collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return id;
    }
}
