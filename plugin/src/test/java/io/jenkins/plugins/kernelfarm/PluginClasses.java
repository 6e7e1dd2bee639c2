package io.jenkins.plugins.kernelfarm;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The plugin's compiled classes, as the build left them. */
final class PluginClasses {
    static final Path FOLDER = Path.of("target", "classes");

    private PluginClasses() {}

    /** Binary names of the classes that carry an annotation, sorted. */
    static List<String> annotatedWith(Class<? extends Annotation> annotation) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.map(FOLDER::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> load(name).isAnnotationPresent(annotation))
                    .sorted()
                    .toList();
        }
    }

    static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PluginClasses.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no class " + name, e);
        }
    }
}
