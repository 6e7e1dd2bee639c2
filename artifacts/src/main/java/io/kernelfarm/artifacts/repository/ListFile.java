package io.kernelfarm.artifacts.repository;

/**
 * A list as it was written.
 *
 * @param path from the state's root
 * @param open bytes when uncompressed
 */
public record ListFile(ListFormat format, Packing packing, String path, String sha256, long size, long open) {}
