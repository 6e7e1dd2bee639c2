package io.kernelfarm.pipelines.jenkins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;

/**
 * The paths in a {@code JENKINS_HOME} that are filled before Jenkins starts.
 *
 * <pre>
 * plugins/NAME.jpi     links to the distribution's plugins, which Jenkins unpacks beside them
 * init.groovy.d/       scripts that Jenkins runs once it has loaded
 * casc/                what configuration-as-code reads
 * jenkins.log          what Jenkins and its container print
 * </pre>
 */
public record JenkinsHome(Path root) {

    public JenkinsHome {
        root = root.toAbsolutePath().normalize();
    }

    Path plugins() {
        return root.resolve("plugins");
    }

    public Path log() {
        return root.resolve("jenkins.log");
    }

    public Path casc() {
        return root.resolve("casc");
    }

    Path unpackedWar() {
        return root.resolve("war");
    }

    /** Has Jenkins load {@code plugins} when it starts next. */
    public void install(Collection<JenkinsPlugin> plugins) throws IOException {
        Files.createDirectories(plugins());
        for (JenkinsPlugin plugin : plugins) {
            Path link = plugins().resolve(plugin.name() + ".jpi");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, plugin.place());
        }
    }

    /** Has Jenkins load a copy of {@code plugin} when it starts next: the file that is there may be built anew meanwhile. */
    public void installCopy(JenkinsPlugin plugin) throws IOException {
        Files.createDirectories(plugins());
        Files.copy(plugin.place(), plugins().resolve(plugin.name() + ".jpi"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Has configuration-as-code read {@code yaml}; several files are read together. */
    public void configure(String name, String yaml) throws IOException {
        write(casc().resolve(name), yaml);
    }

    /** Has Jenkins run {@code groovy} each time that it has loaded, in the order of the names. */
    public void script(String name, String groovy) throws IOException {
        write(root.resolve("init.groovy.d").resolve(name), groovy);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
