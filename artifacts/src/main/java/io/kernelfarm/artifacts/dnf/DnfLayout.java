package io.kernelfarm.artifacts.dnf;

import java.nio.file.Path;

/** The paths of a dnf repository: each channel is one of its own, with {@code packages/} and {@code repodata/}. */
public record DnfLayout(Path root) {
    /** The directory of a channel: the {@code baseurl} of its clients. */
    public Path channel(String channel) {
        return root.resolve(channel);
    }

    /**
     * Where a package lies. Its digest is in the path, so that another build of the same version never takes the place of one
     * that a client is just fetching.
     */
    public Path packaged(String channel, String fileName, String sha256) {
        return channel(channel)
                .resolve("packages")
                .resolve(sha256.substring(0, 16))
                .resolve(fileName);
    }

    /** The directory of a channel's metadata. */
    public Path repodata(String channel) {
        return channel(channel).resolve("repodata");
    }

    /** Names all metadata of a channel with their digests; written last. */
    public Path repomd(String channel) {
        return repodata(channel).resolve("repomd.xml");
    }
}
