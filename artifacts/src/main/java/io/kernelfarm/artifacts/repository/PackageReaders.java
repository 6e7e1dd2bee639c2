package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.rpm.RpmReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Picks the reader for a package. */
public final class PackageReaders {
    private PackageReaders() {}

    /**
     * The reader for a package, told by its first bytes.
     *
     * @throws PackageFormatException if it is neither deb nor rpm
     */
    public static PackageReader of(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(8);
        }
        if (DebReader.recognizes(start)) {
            return new DebReader(ReadLimits.DEFAULT);
        }
        if (RpmReader.recognizes(start)) {
            return new RpmReader(ReadLimits.DEFAULT);
        }
        throw new PackageFormatException(file, "it is neither a deb nor an rpm");
    }
}
