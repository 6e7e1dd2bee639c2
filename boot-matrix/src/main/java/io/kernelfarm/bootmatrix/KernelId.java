package io.kernelfarm.bootmatrix;

/**
 * Which kernel a matrix speaks of.
 *
 * @param release as {@code uname -r} prints it
 * @param imageSha256 of the image (bzImage), lower-case hexadecimal
 * @param source for example {@code debian:linux-source-6.1=6.1.192-2}
 */
public record KernelId(String release, String imageSha256, String source) {}
