package io.kernelfarm.pipelines;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A kernel tree with an identity.
 *
 * @param identity for example {@code debian:linux-source-6.1=6.1.192-2}
 * @param version for packages: the source package's, for example {@code 6.1.192-2}
 * @param sha256 of the package that the tree was unpacked from, lower-case hexadecimal; empty if nobody knows it any more
 * @param tree where it is unpacked; nothing writes into it
 * @param timestamp of the source; it stands for "now" in everything made from it, so that it can be made again
 */
public record KernelSource(String identity, String version, String sha256, Path tree, Instant timestamp) {}
