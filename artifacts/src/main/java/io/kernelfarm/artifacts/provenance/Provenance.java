package io.kernelfarm.artifacts.provenance;

import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the packages of one kernel came to be.
 *
 * @param runId of the run that made them
 * @param started when the run began
 * @param finished when its packages were published
 * @param farmVersion of the program, for example {@code 0.1.0}
 * @param spec what was asked for: a tree of maps, lists, texts and numbers
 * @param packages as they lie in the repositories
 */
public record Provenance(
        String runId,
        Instant started,
        Instant finished,
        String farmVersion,
        Map<String, Object> spec,
        Source source,
        Kernel kernel,
        List<PublishedPackage> packages) {

    public Provenance {
        packages = List.copyOf(packages);
    }

    /**
     * The package that the source was taken from; nothing is patched after that.
     *
     * @param name of Debian's package, for example {@code linux-source-6.1}
     * @param version for example {@code 6.1.192-2}
     * @param sha256 of the package, lower-case hexadecimal; empty for a source whose package is not known any more
     */
    public record Source(String name, String version, Optional<String> sha256) {}

    /**
     * What was built.
     *
     * @param release as {@code uname -r} prints it
     * @param version that the release starts with, for example {@code 6.1.192}
     * @param imageSha256 of the bootable image
     * @param configurationSha256 of the resolved {@code .config}
     * @param inputsSha256 over all that went into the build
     * @param toolchain what compiled and linked it
     */
    public record Kernel(
            String release,
            String version,
            String imageSha256,
            String configurationSha256,
            String inputsSha256,
            List<Tool> toolchain) {
        public Kernel {
            toolchain = List.copyOf(toolchain);
        }
    }

    /**
     * A program of the toolchain.
     *
     * @param name for example {@code gcc}
     * @param says the first line of {@code --version}, which ends in its version
     */
    public record Tool(String name, String says) {
        String version() {
            return says.substring(says.lastIndexOf(' ') + 1);
        }
    }
}
