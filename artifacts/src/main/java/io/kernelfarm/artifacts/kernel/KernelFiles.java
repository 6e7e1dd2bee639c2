package io.kernelfarm.artifacts.kernel;

import io.kernelfarm.artifacts.Architecture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a build gives to be packaged.
 *
 * @param release as {@code uname -r} will print it, for example {@code 6.1.192-farm1}
 * @param version the packages' version, for example {@code 6.1.192}; without a hyphen
 * @param revision which packaging of that version this is, for example {@code 1}
 * @param image the bootable image ({@code bzImage}); both families get these very bytes
 * @param modulesDir the directory {@code lib/modules/<release>} that {@code make modules_install INSTALL_MOD_STRIP=1} filled.
 *     Its links {@code build} and {@code source} and what depmod made there are left out: depmod runs again where the
 *     package is installed
 * @param headers what the kernel's own build needs of source and object tree to build an external module; installed as the
 *     directory that {@code /lib/modules/<release>/build} leads to. Programs in it are executable
 * @param debug {@code vmlinux} and {@code kernel/**.ko}, both with their debug information
 * @param timestamp of everything in the packages; of the source, if the packages are to be the same each time
 * @param source where the kernel comes from, for example {@code debian:linux-source-6.1=6.1.192-2}
 * @param maintainer {@code Name <address>}
 */
public record KernelFiles(
        String release,
        String version,
        String revision,
        Architecture architecture,
        Path image,
        Path systemMap,
        Path config,
        Path modulesDir,
        Optional<Path> headers,
        Optional<Path> debug,
        Instant timestamp,
        String source,
        String maintainer) {
    private static final Pattern RELEASE = Pattern.compile("[0-9][A-Za-z0-9.+_~-]*");

    /** Throws {@link IllegalArgumentException} if the release cannot be that of a kernel */
    public KernelFiles {
        // The scripts of the packages are made with it: nothing that a shell would take for more than a word.
        if (!RELEASE.matcher(release).matches()) {
            throw new IllegalArgumentException("'" + release.replaceAll("\\p{Cntrl}", "?")
                    + "' is no kernel release; it must match " + RELEASE.pattern());
        }
    }
}
