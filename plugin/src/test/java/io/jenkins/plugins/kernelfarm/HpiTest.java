package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
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
    private static final String PROGRAM = "WEB-INF/program/";
    private static final String SUMS = PROGRAM + "SHA256SUMS";
    private static final String DASHBOARD = "dashboard/";
    private static final String JAR = "WEB-INF/lib/kernel-farm.jar";

    @Test
    void holdsThePluginsJarsTheProgramTheDashboardsFilesAndNothingElse() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            assertThat(hpi.stream()
                            .filter(entry -> !entry.isDirectory())
                            .map(entry -> entry.getName().replaceFirst("-[0-9][0-9.]*\\.jar$", ".jar"))
                            .filter(name -> !name.startsWith(PROGRAM))
                            .filter(name -> !name.startsWith(DASHBOARD)))
                    .containsExactlyInAnyOrder(
                            "META-INF/MANIFEST.MF",
                            JAR,
                            "WEB-INF/lib/artifacts.jar",
                            "WEB-INF/lib/boot-matrix.jar",
                            "WEB-INF/lib/configs.jar",
                            "WEB-INF/lib/jackson-annotations.jar",
                            "WEB-INF/lib/jackson-core.jar",
                            "WEB-INF/lib/jackson-databind.jar",
                            "WEB-INF/lib/jackson-datatype-jsr310.jar",
                            "WEB-INF/lib/pipelines.jar",
                            "WEB-INF/lib/uplot.jar");
        }
    }

    /** A style of the dashboard's outside of {@code .kernel-farm} would change Jenkins' own pages. */
    @Test
    void theDashboardsStylesReachNothingElseOfAPage() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            String styles = text(hpi, DASHBOARD + "kernel-farm.css").replaceAll("(?s)/\\*.*?\\*/", "");
            List<String> outermost = new ArrayList<>();
            int depth = 0;
            StringBuilder selector = new StringBuilder();
            for (int i = 0; i < styles.length(); i++) {
                char c = styles.charAt(i);
                if (c == '{' && depth++ == 0) {
                    outermost.add(selector.toString().strip());
                } else if (c == '}') {
                    depth--;
                    selector.setLength(0);
                } else if (depth == 0) {
                    selector.append(c);
                }
            }

            assertThat(depth).isZero();
            assertThat(outermost).isNotEmpty().allMatch(one -> Arrays.stream(one.split(",", -1))
                    .allMatch(part -> part.strip().startsWith(".kernel-farm")));
        }
    }

    /** What pages ask for is there. */
    @Test
    void theDashboardsScriptsAreThere() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            for (String script : List.of(
                    "farm.js",
                    "copy.js",
                    "options.js",
                    "compare.js",
                    "history.js",
                    "console.js",
                    "live.js",
                    "uPlot.iife.min.js")) {
                assertThat(text(hpi, DASHBOARD + script)).as(script).isNotBlank();
            }
            assertThat(text(hpi, DASHBOARD + "uPlot.LICENSE")).contains("MIT");
        }
    }

    private static String text(JarFile hpi, String name) throws IOException {
        return new String(hpi.getInputStream(hpi.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The plugin's list of sums names all files of the program and no other, and is true. */
    @Test
    void theProgramIsListedWithItsSums() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            List<String> actual = new ArrayList<>();
            for (JarEntry entry : Collections.list(hpi.entries())) {
                String name = entry.getName();
                if (name.startsWith(PROGRAM) && !entry.isDirectory() && !name.equals(SUMS)) {
                    actual.add(sha256(hpi, entry) + "  " + name.substring(PROGRAM.length()));
                }
            }
            String list = new String(hpi.getInputStream(hpi.getEntry(SUMS)).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(list.lines()).containsExactlyInAnyOrderElementsOf(actual);
            assertThat(actual).anyMatch(line -> line.endsWith("  farm"));
        }
    }

    /** The program finds all that its class path names beside it. */
    @Test
    void theProgramIsComplete() throws IOException {
        try (JarFile hpi = new JarFile(HPI.toFile());
                JarInputStream farm = new JarInputStream(hpi.getInputStream(hpi.getEntry(PROGRAM + "farm.jar")))) {
            Attributes attributes = farm.getManifest().getMainAttributes();
            Set<String> libraries = new TreeSet<>(
                    List.of(attributes.getValue(Attributes.Name.CLASS_PATH).split(" ")));

            assertThat(attributes.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo("io.kernelfarm.pipelines.cli.Farm");
            assertThat(hpi.stream()
                            .filter(entry -> !entry.isDirectory())
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith(PROGRAM + "lib/"))
                            .map(name -> name.substring(PROGRAM.length())))
                    .containsExactlyInAnyOrderElementsOf(libraries);
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

    private static String sha256(JarFile hpi, JarEntry entry) throws IOException {
        try (InputStream in = hpi.getInputStream(entry)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(in.readAllBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
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
        assertThat(attributes.getValue("Plugin-Dependencies"))
                .matches("[a-z-]+:[^;, ]+(;resolution:=optional)?(,[a-z-]+:[^;, ]+(;resolution:=optional)?)*")
                .contains("workflow-durable-task-step:")
                .as("a Jenkins may have no Pipelines")
                .doesNotContainPattern("(workflow|durable)[^,;]*(,|$)");
        for (String name : List.of("Plugin-Version", "Group-Id")) {
            assertThat(attributes.getValue(name)).as(name).isNotBlank().doesNotContain("$");
        }
    }
}
