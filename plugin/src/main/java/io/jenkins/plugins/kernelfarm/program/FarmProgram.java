package io.jenkins.plugins.kernelfarm.program;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The {@code farm} program as the plugin ships it. */
public final class FarmProgram {
    private final Path folder;

    private FarmProgram(Path folder) {
        this.folder = folder;
    }

    /** The program that came with this plugin. */
    public static FarmProgram shipped() throws IOException {
        try {
            Path jar = Path.of(FarmProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new FarmProgram(jar.getParent().resolveSibling("program"));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** {@code farm.jar} on the controller; its libraries are beside it. */
    public Path jar() {
        return folder.resolve("farm.jar");
    }
}
