package io.kernelfarm.artifacts;

/**
 * What a package says of itself.
 *
 * @param version with its release or revision, as the family writes it: {@code 6.1.192-1}, {@code 1:6.1.192_farm1-1}
 * @param architecture in the family's word: {@code amd64}, {@code x86_64}
 * @param installedBytes as the package tells; a deb tells whole KiB
 */
public record PackageMetadata(
        String name, String version, String architecture, String summary, String description, long installedBytes) {}
