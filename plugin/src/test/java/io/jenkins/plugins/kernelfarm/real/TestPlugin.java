package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;

/** A plugin of a test's own, for what others may bring to a Jenkins: compiled against the Jenkins that is at hand, and packed. */
public final class TestPlugin {

    private static final String LIBRARY = "(WEB-INF/lib|executable)/[^/]+\\.jar";

    private TestPlugin() {}

    /**
     * Makes {@code NAME.hpi} in {@code folder}.
     *
     * @param name of the plugin, and of its one class
     * @param source of that class, in no package
     * @param war of Jenkins, packed or not
     */
    public static Path make(Path folder, String name, String source, Path war) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> command = List.of(
                "-parameters",
                "-nowarn",
                "-classpath",
                libraries(folder, war),
                "-d",
                classes.toString(),
                file.toString());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new)))
                .as("compiling " + file)
                .isZero();
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String[] one : new String[][] {
            {"Short-Name", name},
            {"Extension-Name", name},
            {"Long-Name", name},
            {"Plugin-Version", "1"},
            {"Jenkins-Version", "2.516.3"}
        }) {
            attributes.putValue(one[0], one[1]);
        }
        Path jar = folder.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> all = Files.walk(classes)) {
            for (Path one : all.filter(Files::isRegularFile).toList()) {
                add(out, classes.relativize(one).toString(), one);
            }
        }
        Path hpi = folder.resolve(name + ".hpi");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(hpi), manifest)) {
            add(out, "WEB-INF/lib/" + name + ".jar", jar);
        }
        return hpi;
    }

    private static void add(JarOutputStream out, String name, Path file) throws IOException {
        out.putNextEntry(new JarEntry(name));
        Files.copy(file, out);
        out.closeEntry();
    }

    /** Jenkins' libraries, and those that its servlet container brings, as a class path. */
    private static String libraries(Path folder, Path war) throws IOException {
        Path unpacked = war;
        if (!Files.isDirectory(war)) {
            unpacked = folder.resolve("war");
            try (ZipFile packed = new ZipFile(war.toFile())) {
                for (ZipEntry entry : packed.stream().toList()) {
                    if (entry.getName().matches(LIBRARY)) {
                        Path file = unpacked.resolve(entry.getName());
                        Files.createDirectories(file.getParent());
                        Files.copy(packed.getInputStream(entry), file);
                    }
                }
            }
        }
        Path root = unpacked;
        try (Stream<Path> jars = Files.walk(root)) {
            return jars.filter(jar -> root.relativize(jar).toString().matches(LIBRARY))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
    }
}
