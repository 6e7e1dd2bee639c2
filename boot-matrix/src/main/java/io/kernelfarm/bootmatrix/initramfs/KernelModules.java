package io.kernelfarm.bootmatrix.initramfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The modules below {@code lib/modules/<release>} and what each needs, as depmod wrote it down (modules.dep(5)).
 */
final class KernelModules {

    private final Path folder;
    /** Module name with underscores → paths: the module's own, then those it needs, nearest first. */
    private final Map<String, List<String>> byName = new TreeMap<>();

    private KernelModules(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the modules of {@code release} below {@code root}; runs depmod where that was not done yet, since packages
     * leave it to the installing machine.
     */
    static KernelModules of(Path root, String release) throws IOException {
        KernelModules modules = new KernelModules(root.resolve("lib/modules").resolve(release));
        Path dependencies = modules.folder.resolve("modules.dep");
        if (!Files.isDirectory(modules.folder)) {
            return modules;
        }
        if (!Files.exists(dependencies)) {
            Tools.run("depmod", "-b", root.toString(), release);
        }
        for (String line : Files.readAllLines(dependencies, StandardCharsets.UTF_8)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                List<String> paths = new ArrayList<>(List.of(line.substring(0, colon)));
                String rest = line.substring(colon + 1).strip();
                if (!rest.isEmpty()) {
                    paths.addAll(List.of(rest.split("\\s+", -1)));
                }
                modules.byName.put(nameOf(paths.get(0)), paths);
            }
        }
        return modules;
    }

    /**
     * Paths, relative to the modules' folder, that have to be loaded for {@code names}, in an order in which each finds
     * what it needs. Names that are not there are left out: a driver may be built in.
     */
    List<String> loadOrder(List<String> names) {
        Set<String> order = new LinkedHashSet<>();
        for (String name : names) {
            List<String> paths = byName.getOrDefault(name.replace('-', '_'), List.of());
            // depmod writes the deepest need last.
            for (int i = paths.size() - 1; i >= 0; i--) {
                order.add(paths.get(i));
            }
        }
        return List.copyOf(order);
    }

    /** The names of all modules that have {@code word} in theirs. */
    List<String> namedAfter(String word) {
        return byName.keySet().stream().filter(name -> name.contains(word)).toList();
    }

    Path file(String path) {
        return folder.resolve(path);
    }

    private static String nameOf(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return file.substring(0, file.indexOf(".ko")).replace('-', '_');
    }
}
