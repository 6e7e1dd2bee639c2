package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A plugin of Jenkins: a file {@code .hpi} or {@code .jpi}, or the folder that such a one was unpacked to.
 *
 * @param name its short name, such as {@code junit}
 * @param dependencies the plugins without which it does not load
 */
public record JenkinsPlugin(String name, String version, List<String> dependencies, Path place) {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    public JenkinsPlugin {
        dependencies = List.copyOf(dependencies);
        place = place.toAbsolutePath().normalize();
    }

    /**
     * The plugin in {@code place}.
     *
     * @throws FarmException wrong usage, if there is none
     */
    public static JenkinsPlugin read(Path place) throws IOException {
        Attributes attributes = manifest(place).getMainAttributes();
        String name = attributes.getValue("Short-Name");
        if (name == null) {
            throw FarmException.usage(place + " is no plugin of Jenkins: its manifest has no Short-Name");
        }
        String needed = attributes.getValue("Plugin-Dependencies");
        return new JenkinsPlugin(
                name,
                attributes.getValue("Plugin-Version"),
                needed == null || needed.isBlank()
                        ? List.of()
                        : Arrays.stream(needed.split(","))
                                .filter(one -> !one.contains("resolution:=optional"))
                                .map(one -> one.strip().replaceFirst("[:;].*", ""))
                                .toList(),
                place);
    }

    private static Manifest manifest(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(place.resolve(MANIFEST)))) {
                return new Manifest(in);
            }
        }
        try (JarFile file = new JarFile(place.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null) {
                throw FarmException.usage(place + " is no plugin of Jenkins: it has no manifest");
            }
            return manifest;
        }
    }
}
