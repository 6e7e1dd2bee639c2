package io.kernelfarm.bootmatrix;

import java.nio.file.Path;

/**
 * A kernel that can be booted: what was unpacked from its package.
 *
 * @param id release, image digest and source
 * @param image as boot loaders take it: a bzImage, an arm64 Image
 * @param root folder that holds {@code lib/modules/<release>}
 * @param cmdline words put on the command line of this kernel alone, wherever it boots; often empty
 */
public record Kernel(KernelId id, Path image, Path root, String cmdline) {}
