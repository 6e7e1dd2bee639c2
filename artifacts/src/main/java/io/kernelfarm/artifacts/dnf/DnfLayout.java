package io.kernelfarm.artifacts.dnf;

import io.kernelfarm.artifacts.repository.Packing;
import java.nio.file.Path;

/**
 * The paths of a dnf repository: {@code pool/} with packages, and each channel a repository of its own, which is a link to the
 * state that it has now. A channel's lists are compressed with zstd; in {@code gzip/}, there are the same lists for readers
 * that know only gzip.
 */
public record DnfLayout(Path root) {
    static final String MIRRORS = "mirrorlist";

    /** A link to the pool beside each {@code repodata}: clients are told paths below the place from where they read. */
    static final String PACKAGES = "packages";

    static final String POOL = "pool";

    /** The directory of a channel: the {@code baseurl} of its clients. */
    public Path channel(String channel) {
        return root.resolve(channel);
    }

    /** The directory of a channel's metadata. */
    public Path repodata(String channel) {
        return channel(channel).resolve("repodata");
    }

    /** Where a package lies, from the pool. */
    static String pooled(String name, String fileName, String identity) {
        return String.join("/", name, identity.substring(0, 16), fileName);
    }

    /** The directory from which clients of a packing read, from the channel, with a slash at its end unless it is empty. */
    static String view(Packing packing) {
        return packing == Packing.ZSTD ? "" : "gzip/";
    }

    static String repodata(Packing packing) {
        return view(packing) + "repodata/";
    }
}
