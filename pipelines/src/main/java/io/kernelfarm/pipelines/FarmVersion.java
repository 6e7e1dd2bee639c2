package io.kernelfarm.pipelines;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version in the farm's jar. */
public final class FarmVersion {

    private FarmVersion() {}

    /** For example {@code 0.1.0}; {@code development} for classes that are in no jar. */
    public static String get() {
        String version = FarmVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Another text for each build of the farm, whether or not its version is another one. */
    static String build() throws IOException {
        Path program;
        try {
            program = Path.of(FarmVersion.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Java names a place that is none", e);
        }
        return get() + " " + Files.size(program) + " " + Files.getLastModifiedTime(program);
    }
}
