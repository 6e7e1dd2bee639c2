package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.PackageFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A place from which a family's own package manager installs. */
public interface Repository {
    /**
     * Adds packages to a channel; what the channel had stays, but for packages of the same name, version and architecture,
     * whose place the new ones take. A client sees the channel before or after, never between: packages come first, the
     * file that names all indexes last, each under a temporary name until it is whole. Of two publishers at once, the second
     * waits.
     *
     * @param channel for example {@code testing}
     * @return where each package lies now, in the order given
     * @throws PackageFormatException if a package is damaged or of another family; nothing is published then
     * @throws IllegalArgumentException if the channel's name is not lower-case letters, digits and hyphens
     */
    List<PublishedPackage> publish(List<Path> packages, String channel) throws IOException;
}
