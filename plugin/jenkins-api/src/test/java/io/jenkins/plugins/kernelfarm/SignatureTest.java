package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the hand-written signatures with a real Jenkins, if one is at hand. */
class SignatureTest {
    private static final Path SIGNATURES = Path.of("target", "classes");

    /** Compares with the unpacked war in {@code DIR/war} and the plugins, packed or not, in {@code DIR/plugins}. */
    @Test
    void everySignatureIsThatOfARealJenkins(@TempDir Path work) throws IOException {
        String distribution = System.getProperty("jenkins.dist");
        assumeTrue(
                distribution != null,
                "The signatures were not compared with a real Jenkins: none was given. Give one with"
                        + " -Djenkins.dist=DIR, where DIR/war is an exploded jenkins.war.");
        assertThat(Path.of(distribution, "war", "WEB-INF", "lib"))
                .as("-Djenkins.dist=%s: the libraries of an exploded jenkins.war", distribution)
                .isDirectory();
        URL[] jars = jarsOf(Path.of(distribution), work);

        List<String> differences = new ArrayList<>();
        List<String> compared = signatures();
        try (URLClassLoader signatures =
                        new URLClassLoader(new URL[] {SIGNATURES.toUri().toURL()}, null);
                URLClassLoader jenkins = new URLClassLoader(jars, null)) {
            for (String name : compared) {
                differences.addAll(TypeShape.read(signatures, name).differencesFrom(name, jenkins));
            }
        }

        assertThat(compared).isNotEmpty();
        assertThat(differences).isEmpty();
    }

    /** Internal names of all types in this module. */
    private static List<String> signatures() throws IOException {
        try (Stream<Path> files = Files.walk(SIGNATURES)) {
            return files.map(SIGNATURES::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    /** The jars of Jenkins and of its plugins; those inside packed plugins are copied to {@code work}. */
    private static URL[] jarsOf(Path distribution, Path work) throws IOException {
        List<Path> jars = new ArrayList<>(jarsIn(distribution.resolve("war/WEB-INF/lib")));
        if (Files.isDirectory(distribution.resolve("plugins"))) {
            List<Path> plugins;
            try (Stream<Path> files = Files.list(distribution.resolve("plugins"))) {
                plugins = files.sorted().toList();
            }
            for (Path plugin : plugins) {
                if (Files.isDirectory(plugin.resolve("WEB-INF/lib"))) {
                    jars.addAll(jarsIn(plugin.resolve("WEB-INF/lib")));
                } else if (plugin.toString().matches(".*\\.[hj]pi")) {
                    jars.addAll(jarsInside(plugin, Files.createTempDirectory(work, "plugin")));
                }
            }
        }
        return jars.stream().map(SignatureTest::url).toArray(URL[]::new);
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static List<Path> jarsInside(Path plugin, Path work) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (ZipFile packed = new ZipFile(plugin.toFile())) {
            for (ZipEntry entry : packed.stream()
                    .filter(entry -> entry.getName().matches("WEB-INF/lib/[^/]+\\.jar"))
                    .toList()) {
                Path jar = work.resolve(Path.of(entry.getName()).getFileName().toString());
                try (InputStream in = packed.getInputStream(entry)) {
                    Files.copy(in, jar);
                }
                jars.add(jar);
            }
        }
        return jars;
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
