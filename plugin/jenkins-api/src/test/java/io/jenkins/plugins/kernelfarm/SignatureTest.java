package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the hand-written signatures with a real Jenkins, if one is at hand. */
class SignatureTest {
    private static final Path SIGNATURES = Path.of("target", "classes");

    /** The jars of an exploded war ({@code DIR/war}) and of exploded plugins ({@code DIR/plugins/NAME}). */
    @Test
    void everySignatureIsThatOfARealJenkins() throws IOException {
        String distribution = System.getProperty("jenkins.dist");
        assumeTrue(
                distribution != null,
                "The signatures were not compared with a real Jenkins: none was given. Give one with"
                        + " -Djenkins.dist=DIR, where DIR/war is an exploded jenkins.war.");
        assertThat(Path.of(distribution, "war", "WEB-INF", "lib"))
                .as("-Djenkins.dist=%s: the libraries of an exploded jenkins.war", distribution)
                .isDirectory();
        URL[] jars = jarsOf(Path.of(distribution));

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

    private static URL[] jarsOf(Path distribution) throws IOException {
        try (Stream<Path> files = Files.walk(distribution.resolve("war/WEB-INF/lib"));
                Stream<Path> plugins = Files.isDirectory(distribution.resolve("plugins"))
                        ? Files.find(distribution.resolve("plugins"), 4, (file, attributes) -> file.getParent()
                                .endsWith("WEB-INF/lib"))
                        : Stream.empty()) {
            return Stream.concat(files, plugins)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .map(SignatureTest::url)
                    .toArray(URL[]::new);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
