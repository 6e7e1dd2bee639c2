package io.kernelfarm.artifacts.apt;

import java.nio.file.Path;

/**
 * The paths of an apt repository (Debian's RepositoryFormat): {@code pool/} with packages, and {@code dists/} with a channel
 * each, which is a link to the state that it has now.
 */
public record AptLayout(Path root) {
    static final String COMPONENT = "main";

    static final String RELEASE = "Release";
    static final String RELEASE_SIGNATURE = "Release.gpg";
    static final String SIGNED_RELEASE = "InRelease";

    /** The directory of the channels. */
    public Path channels() {
        return root.resolve("dists");
    }

    /** The directory of a channel, with {@code InRelease} in it. */
    public Path channel(String channel) {
        return channels().resolve(channel);
    }

    /** What a client asks for first: dated, and signed. */
    public Path signedRelease(String channel) {
        return channel(channel).resolve(SIGNED_RELEASE);
    }

    /** The list of one architecture's packages, uncompressed. */
    public Path packages(String channel, String architecture) {
        return channel(channel).resolve(indexes(architecture)).resolve("Packages");
    }

    /** Where a package lies, from the root. */
    static String pooled(String name, String fileName, String sha256) {
        return String.join("/", "pool", COMPONENT, name, sha256.substring(0, 16), fileName);
    }

    /** The directory of one architecture's indexes, from the channel. */
    static String indexes(String architecture) {
        return COMPONENT + "/binary-" + architecture;
    }

    /** An index under the name of its digest, from the channel. */
    static String byHash(String architecture, String sha256) {
        return indexes(architecture) + "/by-hash/SHA256/" + sha256;
    }
}
