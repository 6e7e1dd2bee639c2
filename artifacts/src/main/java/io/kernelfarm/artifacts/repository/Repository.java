package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.PackageFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A place from which a family's own package manager installs, in channels. Each change makes a whole new state of one channel
 * beside the one that clients see, and then takes its place in a single rename: a client, also one in the middle of an update,
 * has the state before or after, never something between, and so has the next publisher if this one is killed. What a channel
 * no longer names stays for {@link RepositorySettings#superseded}. Of two publishers at once, the second waits.
 *
 * <p>A channel's name is lower-case letters, digits and hyphens; every method throws {@link IllegalArgumentException} for
 * another one.
 */
public interface Repository {
    /**
     * Adds packages to a channel; what the channel had stays, but for packages of the same name, version and architecture,
     * whose place the new ones take. A package that is published again is the same file again. Without packages, the channel
     * is dated and signed anew.
     *
     * @param channel for example {@code testing}
     * @return where each package lies now, in the order given
     * @throws PackageFormatException if a package is damaged or of another family; nothing is published then
     */
    List<PublishedPackage> publish(List<Path> packages, String channel) throws IOException;

    /**
     * Names packages of one channel in another one too; they are the same files there. {@link #withdraw} undoes it.
     *
     * @param sha256s of packages as published
     * @throws IllegalArgumentException if {@code from} lacks one of them; nothing is changed then
     */
    List<PublishedPackage> promote(Collection<String> sha256s, String from, String to) throws IOException;

    /**
     * Takes packages out of a channel. Their files are removed later, when no channel names them any more.
     *
     * @param sha256s of packages as published
     * @throws IllegalArgumentException if the channel lacks one of them; nothing is changed then
     */
    void withdraw(Collection<String> sha256s, String channel) throws IOException;

    /**
     * Takes all but the newest releases out of a channel. A release is what one call brought there: all packages of one
     * kernel.
     *
     * @param keepReleases at least 1
     * @return what was taken out
     */
    List<PublishedPackage> retain(String channel, int keepReleases) throws IOException;

    /** What a channel has, the oldest first; nothing if there is no such channel. */
    List<PublishedPackage> packages(String channel) throws IOException;
}
