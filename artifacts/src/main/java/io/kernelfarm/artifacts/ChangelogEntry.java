package io.kernelfarm.artifacts;

import java.time.Instant;

/**
 * One change to a package.
 *
 * @param author {@code Name <address>}
 * @param version that the change led to, with its release: {@code 6.1.192-2}
 * @param text what changed, in one line
 */
public record ChangelogEntry(Instant date, String author, String version, String text) {
    /** Throws {@link IllegalArgumentException} if one of the texts is not one line */
    public ChangelogEntry {
        PackageInfo.oneLine("changelog's author", author);
        PackageInfo.oneLine("changelog's version", version);
        PackageInfo.oneLine("changelog's text", text);
    }
}
