package io.kernelfarm.artifacts.provenance;

import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
     * What the source was taken from.
     *
     * @param name for example {@code linux-source-6.1}, or {@code linux}
     * @param version for example {@code 6.1.192-2}
     * @param uri where it is: a package URL, where a tarball was downloaded from, or {@code git+URL@COMMIT} (SPDX's "download
     *     location", as SLSA has it)
     * @param digests of what is there, by their names in an in-toto DigestSet: {@code sha256}, {@code gitCommit}; empty if nobody
     *     knows them any more
     * @param patches on top of it, in the order in which they were applied
     */
    public record Source(
            String name, String version, String uri, SortedMap<String, String> digests, List<Patch> patches) {
        public Source {
            digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
            patches = List.copyOf(patches);
        }

        /**
         * A source package of Debian.
         *
         * @param sha256 of the package, lower-case hexadecimal; empty if nobody knows it any more
         */
        public static Source debian(String name, String version, String sha256) {
            return new Source(
                    name,
                    version,
                    PackageUrl.debian(name, version),
                    new TreeMap<>(sha256.isEmpty() ? Map.of() : Map.of("sha256", sha256)),
                    List.of());
        }
    }

    /**
     * A change of the source.
     *
     * @param name of its file
     * @param sha256 of its text, lower-case hexadecimal
     */
    public record Patch(String name, String sha256) {}

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
