package io.kernelfarm.artifacts;

/**
 * How much of a package a reader takes before it refuses.
 *
 * @param unpackedBytes of all its files together
 * @param entries how many files, directories and links
 */
public record ReadLimits(long unpackedBytes, int entries) {
    /** Room for any kernel with its debug files. */
    public static final ReadLimits DEFAULT = new ReadLimits(32L << 30, 500_000);
}
