package io.kernelfarm.artifacts;

/** A processor architecture, under the name that each family of distributions gives it. */
public enum Architecture {
    AMD64("amd64", "x86_64", "x86-64", 1),
    ARM64("arm64", "aarch64", "aarch-64", 19);

    private final String deb;
    private final String rpm;
    private final String rpmIsa;
    private final int rpmLeadNumber;

    Architecture(String deb, String rpm, String rpmIsa, int rpmLeadNumber) {
        this.deb = deb;
        this.rpm = rpm;
        this.rpmIsa = rpmIsa;
        this.rpmLeadNumber = rpmLeadNumber;
    }

    /** As {@code dpkg --print-architecture} prints it. */
    public String deb() {
        return deb;
    }

    /** As {@code uname -m} and rpm print it. */
    public String rpm() {
        return rpm;
    }

    /** What rpm appends in brackets to the name that a package provides of itself ({@code %{_isa}}). */
    public String rpmIsa() {
        return rpmIsa;
    }

    /** {@code arch_canon} of rpm's {@code rpmrc}, for the lead. */
    public int rpmLeadNumber() {
        return rpmLeadNumber;
    }
}
