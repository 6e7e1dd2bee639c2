package io.kernelfarm.artifacts.repository;

import java.util.List;

/**
 * A package as a channel's record has it.
 *
 * @param path of its file, from the repository's root
 * @param sha256 of its file
 * @param given SHA-256 of what was given to be published
 * @param release number of the publication or promotion that brought it; the same for all that came with it, and higher for
 *     later ones
 * @param lengths bytes of its part of each list, uncompressed
 */
public record ListedPackage(
        String name,
        String version,
        String architecture,
        String path,
        String sha256,
        String given,
        long size,
        long release,
        List<Integer> lengths) {

    public ListedPackage {
        lengths = List.copyOf(lengths);
    }

    /** What tells packages of a channel apart. */
    String key() {
        return name + " " + version + " " + architecture;
    }

    ListedPackage broughtBy(long later) {
        return new ListedPackage(name, version, architecture, path, sha256, given, size, later, lengths);
    }
}
