package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A Jenkins that lies in a folder:
 *
 * <pre>
 * war/           an unpacked jenkins.war, or
 * jenkins.war    the packed one
 * plugins/       plugins: NAME.hpi or NAME.jpi, or folders NAME that such a one was unpacked to
 * </pre>
 *
 * @param war the unpacked one if it is there, else the packed one
 * @param plugins by name
 */
public record JenkinsDistribution(Path root, Path war, String version, Map<String, JenkinsPlugin> plugins) {

    public JenkinsDistribution {
        plugins = new TreeMap<>(plugins);
    }

    /**
     * Looks at what is in {@code root}.
     *
     * @throws FarmException wrong usage, if there is no Jenkins in it
     */
    public static JenkinsDistribution in(Path root) throws IOException {
        Path unpacked = root.resolve("war");
        Path packed = root.resolve("jenkins.war");
        boolean isUnpacked = Files.isRegularFile(launcher(unpacked));
        if (!isUnpacked && !Files.isRegularFile(packed)) {
            throw FarmException.usage(
                    "there is no Jenkins in " + root.toAbsolutePath().normalize()
                            + ": neither a jenkins.war nor, in war/, an unpacked one; put one there, or name another folder"
                            + " with --dist DIR or JENKINS_DIST=DIR");
        }
        Path war = (isUnpacked ? unpacked : packed).toAbsolutePath().normalize();
        return new JenkinsDistribution(root.toAbsolutePath().normalize(), war, version(war), plugins(root));
    }

    private static Path launcher(Path unpacked) {
        return unpacked.resolve("executable").resolve("winstone.jar");
    }

    private static String version(Path war) throws IOException {
        String version = manifest(war).getValue("Jenkins-Version");
        if (version == null) {
            throw FarmException.usage(war + " is no Jenkins: its manifest has no Jenkins-Version");
        }
        return version;
    }

    private static Attributes manifest(Path war) throws IOException {
        if (Files.isDirectory(war)) {
            try (InputStream in = Files.newInputStream(war.resolve(JarFile.MANIFEST_NAME))) {
                return new Manifest(in).getMainAttributes();
            }
        }
        try (JarFile file = new JarFile(war.toFile())) {
            return Optional.ofNullable(file.getManifest())
                    .orElseGet(Manifest::new)
                    .getMainAttributes();
        }
    }

    private static Map<String, JenkinsPlugin> plugins(Path root) throws IOException {
        Map<String, JenkinsPlugin> found = new TreeMap<>();
        Path folder = root.resolve("plugins");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    boolean unpacked = Files.isRegularFile(file.resolve(JarFile.MANIFEST_NAME));
                    if (unpacked
                            || file.toString().endsWith(".hpi")
                            || file.toString().endsWith(".jpi")) {
                        JenkinsPlugin plugin = JenkinsPlugin.read(file);
                        found.putIfAbsent(plugin.name(), plugin);
                    }
                }
            }
        }
        return found;
    }

    /**
     * The plugins called {@code names}, and those that they need.
     *
     * @throws FarmException wrong usage, naming those that are not in the distribution
     */
    public List<JenkinsPlugin> withDependencies(Collection<String> names) {
        Map<String, JenkinsPlugin> chosen = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            String name = open.remove();
            JenkinsPlugin plugin = plugins.get(name);
            if (plugin == null) {
                throw FarmException.usage(
                        "the Jenkins in " + root + " has no plugin '" + name + "'; put it into its folder plugins/");
            }
            if (chosen.putIfAbsent(name, plugin) == null) {
                open.addAll(plugin.dependencies());
            }
        }
        return List.copyOf(chosen.values());
    }

    /** The words after {@code java} and its options that start it; {@code work} takes what a packed one is unpacked to. */
    List<String> program(Path work) throws IOException {
        if (!Files.isDirectory(war)) {
            return List.of("-jar", war.toString(), "--webroot=" + work);
        }
        List<String> words = new ArrayList<>();
        // Java reads this from the manifest of a packed one by itself.
        String opened = Optional.ofNullable(manifest(war).getValue("Add-Opens")).orElse("");
        for (String opening :
                opened.isBlank() ? List.<String>of() : List.of(opened.strip().split("\\s+"))) {
            words.add("--add-opens=" + opening + "=ALL-UNNAMED");
        }
        words.addAll(List.of("-jar", launcher(war).toString(), "--webroot=" + war));
        return words;
    }
}
