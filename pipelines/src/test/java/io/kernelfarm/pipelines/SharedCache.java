package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a cache of a test's own has in common with the user's: only what saves time. */
final class SharedCache {

    private SharedCache() {}

    /** Makes {@code link} lead to {@code place}, which is made if it is not there: a link to nothing would be a compiler's end. */
    static void link(Path place, Path link) throws IOException {
        Files.createDirectories(place);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, place);
    }
}
