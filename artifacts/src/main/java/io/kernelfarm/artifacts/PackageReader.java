package io.kernelfarm.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads packages of one family, also those of strangers. Whatever the bytes are, a method ends with a result, with
 * {@link PackageFormatException}, or with another {@link IOException} if the disk is at fault; memory stays bounded by
 * {@link ReadLimits} and not by what the package claims.
 */
public interface PackageReader {
    PackageMetadata metadata(Path file) throws IOException;

    /** In the package's order. */
    List<StoredEntry> entries(Path file) throws IOException;

    /**
     * Unpacks the contents without running any script. Nothing is written outside the target, and no link in it leads out
     * of it: absolute links are made relative to the target. Owners and set-user-id bits are not kept.
     *
     * @param target is made; if it exists it must be an empty directory. If unpacking fails it is as it was before
     */
    void extract(Path file, Path target) throws IOException;
}
