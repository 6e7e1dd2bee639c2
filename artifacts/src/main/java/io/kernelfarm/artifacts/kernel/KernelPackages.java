package io.kernelfarm.artifacts.kernel;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The packages of one kernel, each family's in its own conventions: Debian's {@code linux-image-<release>} keeps the image in
 * {@code /boot}; Fedora's {@code kernel-core} keeps it beside the modules, from where {@code kernel-install} brings it to
 * {@code /boot}.
 */
public final class KernelPackages {
    /** The rpm that has the image. */
    public static final String RPM_IMAGE_PACKAGE = "kernel-core";

    private KernelPackages() {}

    /** The directory of the modules; the same in both families. */
    public static InstallPath modules(String release) {
        return new InstallPath("/lib/modules/" + release);
    }

    /** The deb that has the image. */
    public static String debImagePackage(String release) {
        return DebKernel.name("linux-image-", release, "");
    }

    /** Where that deb has the image. */
    public static InstallPath debImage(String release) {
        return new InstallPath("/boot/vmlinuz-" + release);
    }

    /** Where {@link #RPM_IMAGE_PACKAGE} has the image. */
    public static InstallPath rpmImage(String release) {
        return modules(release).resolve("vmlinuz");
    }

    /**
     * {@code linux-image-<release>}, which is all that a machine needs to boot; {@code linux-headers-<release>} and
     * {@code linux-image-<release>-dbg}, if the kernel has what goes into them.
     *
     * @throws IOException if a file of the kernel is missing or cannot be read
     */
    public static List<PackageSpec> debs(KernelFiles kernel) throws IOException {
        DebKernel deb = new DebKernel(kernel);
        List<PackageSpec> all = new ArrayList<>(List.of(deb.image()));
        if (kernel.headers().isPresent()) {
            all.add(deb.headers(kernel.headers().get()));
        }
        if (kernel.debug().isPresent()) {
            all.add(deb.debug(kernel.debug().get()));
        }
        return List.copyOf(all);
    }

    /**
     * {@code kernel}, which has no files and asks for the next two; {@code kernel-core} with the image; {@code kernel-modules};
     * {@code kernel-devel} and {@code kernel-debuginfo}, if the kernel has what goes into them.
     *
     * @throws IOException if a file of the kernel is missing or cannot be read
     */
    public static List<PackageSpec> rpms(KernelFiles kernel) throws IOException {
        RpmKernel rpm = new RpmKernel(kernel);
        List<PackageSpec> all = new ArrayList<>(List.of(rpm.meta(), rpm.core(), rpm.modules()));
        if (kernel.headers().isPresent()) {
            all.add(rpm.devel(kernel.headers().get()));
        }
        if (kernel.debug().isPresent()) {
            all.add(rpm.debugInfo(kernel.debug().get()));
        }
        return List.copyOf(all);
    }

    /** The deb that has the image, alone. */
    public static PackageSpec deb(KernelFiles kernel) throws IOException {
        return new DebKernel(kernel).image();
    }

    /** The rpm that has the image, alone. */
    public static PackageSpec rpm(KernelFiles kernel) throws IOException {
        return new RpmKernel(kernel).core();
    }
}
