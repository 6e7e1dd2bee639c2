package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.PackageMetadata;
import java.nio.file.Path;

/**
 * A package in a repository.
 *
 * @param path where it lies; these bytes never change
 * @param sha256 of what lies there
 * @param given SHA-256 of the package as it was given to be published, before it was signed
 * @param version as in {@link PackageMetadata}
 * @param architecture as in {@link PackageMetadata}
 */
public record PublishedPackage(
        Path path,
        String sha256,
        String given,
        long size,
        String name,
        String version,
        String architecture,
        String channel) {}
