package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.repository.PackageReaders;
import java.io.IOException;
import java.nio.file.Path;

/** The kernel's image inside a package. */
final class PackagedImage {

    private PackagedImage() {}

    /** Whether the package called {@code name}, of the kernel {@code release}, is one that has the image. */
    static boolean isIn(String name, String release) {
        return name.equals(KernelPackages.debImagePackage(release)) || name.equals(KernelPackages.RPM_IMAGE_PACKAGE);
    }

    /** SHA-256 of the image in {@code file}, one of the packages that have it. */
    static String sha256(Path file, String release, CacheLayout cache) throws IOException {
        InstallPath image = file.getFileName().toString().endsWith(".deb")
                ? KernelPackages.debImage(release)
                : KernelPackages.rpmImage(release);
        try (Scratch scratch = Scratch.in(cache)) {
            Path unpacked = scratch.folder().resolve("package");
            PackageReaders.of(file).extract(file, unpacked);
            return Sha256.of(unpacked.resolve(image.relative()));
        }
    }
}
