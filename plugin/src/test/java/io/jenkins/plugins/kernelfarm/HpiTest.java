package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The file that people install. It runs after the build has packed it. */
class HpiTest {
    private static final Path HPI = Path.of("target", "kernel-farm.hpi");
    private static final String JAR = "WEB-INF/lib/kernel-farm.jar";

    @Test
    void holdsThePluginsJarAndNothingElse() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            assertThat(hpi.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName))
                    .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", JAR);
        }
    }

    @Test
    void manifestSaysWhatJenkinsNeedsToKnow() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            assertPluginManifest(hpi.getManifest().getMainAttributes());
        }
    }

    /** Without it Jenkins' class filter drops the plugin's classes from job XML without a word. */
    @Test
    void innerJarHasTheSameManifest() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile());
                JarInputStream jar = innerJar(hpi)) {
            assertPluginManifest(jar.getManifest().getMainAttributes());
        }
    }

    @Test
    void innerJarHoldsTheIndexesAndNoneOfTheSignatures() throws IOException {
        Set<String> names = new TreeSet<>();
        try (JarFile hpi = new JarFile(HPI.toFile());
                JarInputStream jar = innerJar(hpi)) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                names.add(entry.getName());
            }
        }

        assertThat(names)
                .contains("META-INF/annotations/hudson.Extension")
                .contains("META-INF/services/annotations/org.jenkinsci.Symbol")
                .contains("index.jelly");
        assertThat(names)
                .filteredOn(name -> name.endsWith(".class"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("io/jenkins/plugins/kernelfarm/"));
    }

    private static JarInputStream innerJar(JarFile hpi) throws IOException {
        return new JarInputStream(hpi.getInputStream(hpi.getEntry(JAR)));
    }

    private static void assertPluginManifest(Attributes attributes) {
        Map<String, String> fixed = Map.of(
                "Short-Name", "kernel-farm",
                "Long-Name", "Kernel Farm",
                "Extension-Name", "kernel-farm",
                "Jenkins-Version", "2.516.3",
                "Minimum-Java-Version", "17",
                "Support-Dynamic-Loading", "true");
        fixed.forEach(
                (name, value) -> assertThat(attributes.getValue(name)).as(name).isEqualTo(value));
        for (String name : List.of("Plugin-Version", "Group-Id")) {
            assertThat(attributes.getValue(name)).as(name).isNotBlank().doesNotContain("$");
        }
    }
}
