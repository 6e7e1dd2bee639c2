package io.kernelfarm.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A directory in which the real dpkg or rpm installs packages as on a machine of its own. */
public record ScratchRoot(Path root) {

    public static ScratchRoot in(Path directory) throws IOException {
        return new ScratchRoot(Files.createDirectory(directory.resolve("root")));
    }

    public Path path(String installed) {
        return root.resolve(new InstallPath(installed).relative());
    }

    public Tools.Result tryDpkg(String... arguments) throws IOException {
        Path database = root.resolve("var/lib/dpkg");
        if (!Files.exists(database)) {
            for (String directory : List.of("info", "updates", "triggers")) {
                Files.createDirectories(database.resolve(directory));
            }
            Files.createFile(database.resolve("status"));
        }
        List<String> command =
                new ArrayList<>(List.of("dpkg", "--root=" + root, "--log=" + root.resolve("var/dpkg.log")));
        command.addAll(List.of(arguments));
        return Tools.run(command.toArray(String[]::new));
    }

    public String dpkg(String... arguments) throws IOException {
        return succeeded(tryDpkg(arguments), arguments);
    }

    public Tools.Result tryRpm(String... arguments) {
        List<String> command = new ArrayList<>(List.of("rpm", "--root=" + root, "--dbpath=/var/lib/rpm"));
        command.addAll(List.of(arguments));
        return Tools.run(command.toArray(String[]::new));
    }

    public String rpm(String... arguments) {
        return succeeded(tryRpm(arguments), arguments);
    }

    private static String succeeded(Tools.Result result, String... arguments) {
        if (result.exit() != 0) {
            throw new AssertionError(String.join(" ", arguments) + " said:\n" + result.output());
        }
        return result.output();
    }

    /** All that is there, without the package managers' own records and what scripts threw away. */
    public Map<String, String> system() throws IOException {
        Map<String, String> tree = new TreeMap<>(Tools.tree(root));
        tree.keySet()
                .removeIf(path ->
                        path.equals("var") || path.equals("dev/null") || path.startsWith("var/") || path.equals("tmp"));
        return tree;
    }
}
