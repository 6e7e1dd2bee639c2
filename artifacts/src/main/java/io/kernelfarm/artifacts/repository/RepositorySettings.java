package io.kernelfarm.artifacts.repository;

import java.net.URI;
import java.time.Duration;

/**
 * How repositories are kept.
 *
 * @param url under which clients find the directory that holds {@code apt/} and {@code dnf/}; without a slash at its end
 * @param validFor how long clients believe a channel that is not published again ({@code Valid-Until})
 * @param superseded how long what a channel no longer names stays, for clients that have read the names before
 */
public record RepositorySettings(URI url, Duration validFor, Duration superseded) {
    public RepositorySettings {
        if (url.getScheme() == null || url.getPath() == null || url.getPath().endsWith("/")) {
            throw new IllegalArgumentException("'" + url
                    + "' is no base URL of repositories; give one like http://127.0.0.1:8080/repository, without a slash"
                    + " at its end");
        }
        if (validFor.toSeconds() < 1 || superseded.isNegative()) {
            throw new IllegalArgumentException(
                    "a repository is valid for at least a second, and keeps what is superseded"
                            + " for no less than none");
        }
    }

    /** Ninety days without a publication; and fifty hours, because dnf believes what it has read for forty-eight. */
    public static RepositorySettings of(URI url) {
        return new RepositorySettings(url, Duration.ofDays(90), Duration.ofHours(50));
    }
}
