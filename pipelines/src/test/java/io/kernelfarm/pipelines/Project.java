package io.kernelfarm.pipelines;

import java.nio.file.Path;

/** Where the project's own files are, seen from a module's folder, in which Maven runs the tests. */
public final class Project {
    private Project() {}

    public static Path file(String name) {
        return Path.of("..").toAbsolutePath().normalize().resolve(name);
    }
}
