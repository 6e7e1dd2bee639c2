package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Packages in a repository: what lies there under the name of its digest is never written again. */
public final class PoolFile {
    private PoolFile() {}

    public static void add(Path file, Path place) throws IOException {
        if (!Files.exists(place)) {
            Files.createDirectories(place.getParent());
            AtomicFile.write(place, part -> Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING));
        }
    }
}
