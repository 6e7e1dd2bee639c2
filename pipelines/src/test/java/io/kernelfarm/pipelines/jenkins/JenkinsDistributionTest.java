package io.kernelfarm.pipelines.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Jenkins has to have in its folder; none is started. */
class JenkinsDistributionTest {

    @TempDir
    private Path folder;

    private static Manifest manifest(String... namesAndValues) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            manifest.getMainAttributes().putValue(namesAndValues[i], namesAndValues[i + 1]);
        }
        return manifest;
    }

    private void packed(String name, String... manifest) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest(manifest))) {
            jar.finish();
        }
    }

    private void unpacked(String name, String... manifest) throws IOException {
        Path file = folder.resolve(name).resolve("META-INF/MANIFEST.MF");
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            manifest(manifest).write(out);
        }
    }

    @Test
    void aPackedOneWithItsPluginsAndThoseThatTheyNeed() throws IOException {
        packed("jenkins.war", "Jenkins-Version", "2.516.3");
        packed(
                "plugins/one.jpi",
                "Short-Name",
                "one",
                "Plugin-Version",
                "1",
                "Plugin-Dependencies",
                "two:2,odd:3;resolution:=optional");
        unpacked("plugins/two", "Short-Name", "two", "Plugin-Version", "2");
        packed("plugins/three.hpi", "Short-Name", "three", "Plugin-Version", "3");
        Files.writeString(folder.resolve("plugins/README"), "not a plugin");

        JenkinsDistribution jenkins = JenkinsDistribution.in(folder);

        assertThat(jenkins.version()).isEqualTo("2.516.3");
        assertThat(jenkins.withDependencies(List.of("one")))
                .extracting(JenkinsPlugin::name)
                .containsExactly("one", "two");
        assertThat(jenkins.program(folder.resolve("work")))
                .containsExactly(
                        "-jar", folder.resolve("jenkins.war").toString(), "--webroot=" + folder.resolve("work"));
    }

    /** Java opens its packages for a packed one by the manifest; for an unpacked one somebody has to ask. */
    @Test
    void anUnpackedOneIsPreferredAndGetsWhatItsManifestOpens() throws IOException {
        packed("jenkins.war", "Jenkins-Version", "2.1");
        unpacked("war", "Jenkins-Version", "2.516.3", "Add-Opens", "java.base/java.lang java.base/java.io");
        Files.createDirectories(folder.resolve("war/executable"));
        Files.createFile(folder.resolve("war/executable/winstone.jar"));

        JenkinsDistribution jenkins = JenkinsDistribution.in(folder);

        assertThat(jenkins.version()).isEqualTo("2.516.3");
        assertThat(jenkins.program(folder.resolve("work")))
                .startsWith(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.io=ALL-UNNAMED",
                        "-jar");
    }

    @Test
    void whatIsMissingIsNamedInOneSentence() throws IOException {
        assertThat(refusal()).contains("there is no Jenkins in " + folder);
        packed("jenkins.war", "Implementation-Title", "something else");
        assertThat(refusal()).contains("is no Jenkins: its manifest has no Jenkins-Version");
        packed("jenkins.war", "Jenkins-Version", "2.516.3");
        packed("plugins/odd.jpi", "Implementation-Title", "something else");
        assertThat(refusal()).contains("odd.jpi is no plugin of Jenkins");
        packed("plugins/odd.jpi", "Short-Name", "odd", "Plugin-Dependencies", "gone:1");

        FarmException lacking = catchThrowableOfType(
                FarmException.class, () -> JenkinsDistribution.in(folder).withDependencies(List.of("odd")));

        assertThat(lacking.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(lacking).hasMessageContaining("has no plugin 'gone'");
    }

    private String refusal() {
        return catchThrowableOfType(FarmException.class, () -> JenkinsDistribution.in(folder))
                .getMessage();
    }
}
