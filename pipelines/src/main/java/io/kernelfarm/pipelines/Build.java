package io.kernelfarm.pipelines;

import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code build.json}: a finished build.
 *
 * @param inputs SHA-256 over all that went in: source, configuration, toolchain, flags
 * @param release as {@code uname -r} will print it
 * @param arch the kernel's {@code ARCH}
 * @param source the source's identity
 * @param sourceVersion the source package's version
 * @param profile that the configuration started from
 * @param compiler first line of {@code gcc --version}
 * @param linker first line of {@code ld --version}
 * @param builder where it was compiled; no input: the same toolchain makes the same kernel in a container and outside
 * @param timestamp of the source, used for everything that is made from it
 * @param seconds that compiling took
 * @param cacheHits files whose compiler result was remembered from another build
 * @param cacheMisses files that were compiled; 0 of both where nobody counted, or make found all of it up to date
 * @param warnings how many the compiler and the kernel's own checks gave, by file; of files that were up to date nobody knows
 * @param imageSha256 of the image, lower-case hexadecimal
 */
public record Build(
        String inputs,
        String release,
        String arch,
        String source,
        String sourceVersion,
        String profile,
        String compiler,
        String linker,
        String builder,
        Instant timestamp,
        double seconds,
        int cacheHits,
        int cacheMisses,
        SortedMap<String, Integer> warnings,
        String imageSha256) {

    public Build {
        builder = builder == null ? new HostBuilder().description() : builder; // By an older farm.
        warnings = Collections.unmodifiableSortedMap(new TreeMap<>(warnings == null ? Map.of() : warnings));
    }

    /** All warnings, in words; empty if there were none. */
    String warned() {
        int count = warnings.values().stream().mapToInt(Integer::intValue).sum();
        return count == 0
                ? ""
                : count + (count == 1 ? " warning" : " warnings") + " in " + warnings.size()
                        + (warnings.size() == 1 ? " file" : " files");
    }

    /**
     * The build in {@code layout}.
     *
     * @throws FarmException wrong usage, if there is none
     */
    static Build read(BuildLayout layout) throws IOException {
        try {
            return Json.read(layout.record(), Build.class);
        } catch (NoSuchFileException e) {
            throw FarmException.usage(
                    "there is no finished build in " + layout.root() + "; make one with './farm build'", e);
        }
    }
}
