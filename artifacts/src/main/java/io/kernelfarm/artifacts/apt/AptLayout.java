package io.kernelfarm.artifacts.apt;

import java.nio.file.Path;

/** The paths of an apt repository (Debian's RepositoryFormat): {@code pool/} with packages, {@code dists/} with a channel each. */
public record AptLayout(Path root) {
    static final String COMPONENT = "main";

    /**
     * Where a package lies. Its digest is in the path, so that another build of the same version never takes the place of one
     * that a client is just fetching.
     */
    public Path pooled(String name, String fileName, String sha256) {
        return root.resolve("pool")
                .resolve(COMPONENT)
                .resolve(name)
                .resolve(sha256.substring(0, 16))
                .resolve(fileName);
    }

    /** The directory of a channel, with {@code Release} in it. */
    public Path channel(String channel) {
        return root.resolve("dists").resolve(channel);
    }

    /** Names all indexes of a channel with their digests; written last. */
    public Path release(String channel) {
        return channel(channel).resolve("Release");
    }

    /** The directory of one architecture's indexes. */
    public Path indexes(String channel, String architecture) {
        return channel(channel).resolve(COMPONENT).resolve("binary-" + architecture);
    }

    /** The list of one architecture's packages, uncompressed. */
    public Path packages(String channel, String architecture) {
        return indexes(channel, architecture).resolve("Packages");
    }

    /** An index under the name of its digest, where it stays for clients that still have the Release before. */
    public Path byHash(String channel, String architecture, String sha256) {
        return indexes(channel, architecture)
                .resolve("by-hash")
                .resolve("SHA256")
                .resolve(sha256);
    }
}
