package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.dashboard.Dashboard;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The version in the farm's jar. */
public final class FarmVersion {

    private FarmVersion() {}

    /** For example {@code 0.1.0}; {@code development} for classes that are in no jar. */
    public static String get() {
        String version = FarmVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Another text for each build of the farm that pages may hang on, whether or not its version is another one. */
    static String build() throws IOException {
        StringBuilder build = new StringBuilder(get());
        for (Class<?> part : List.of(FarmVersion.class, Dashboard.class)) {
            Path program = program(part);
            build.append(' ').append(Files.size(program)).append(' ').append(Files.getLastModifiedTime(program));
        }
        return build.toString();
    }

    /** The jar or folder that Java has {@code part} from. */
    private static Path program(Class<?> part) {
        try {
            return Path.of(
                    part.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Java names a place that is none", e);
        }
    }
}
