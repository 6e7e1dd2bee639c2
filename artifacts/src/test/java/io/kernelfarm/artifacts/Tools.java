package io.kernelfarm.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs the real programs that judge packages. */
public final class Tools {
    /** Which Debian package a missing program comes from, where the names differ. */
    private static final Map<String, String> DEBIAN_PACKAGES = Map.of(
            "apt-get", "apt",
            "apt-ftparchive", "apt-utils",
            "ar", "binutils",
            "createrepo_c", "createrepo-c",
            "dpkg-deb", "dpkg",
            "dpkg-parsechangelog", "dpkg-dev",
            "ld", "binutils",
            "ldd", "libc-bin",
            "rpmbuild", "rpm",
            "strip", "binutils");

    private Tools() {}

    public record Result(int exit, String output) {}

    public static Result run(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (InputStream out = process.getInputStream()) {
                String output = new String(out.readAllBytes(), UTF_8);
                return new Result(process.waitFor(), output);
            }
        } catch (IOException e) {
            String program = command.get(0);
            throw new AssertionError(
                    "%s does not run (%s): apt-get install %s"
                            .formatted(program, e.getMessage(), DEBIAN_PACKAGES.getOrDefault(program, program)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }

    public static Result run(String... command) {
        return run(Map.of(), List.of(command));
    }

    /** Runs what must succeed, and returns what it prints. */
    public static String must(String... command) {
        Result result = run(command);
        assertThat(result.exit())
                .as("%s said:%n%s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }

    /** Everything below a directory: path to what it is, with the digest of a file's content. */
    public static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        List<Path> paths = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            walk.filter(path -> !path.equals(root)).forEach(paths::add);
        }
        for (Path path : paths) {
            String what;
            if (Files.isSymbolicLink(path)) {
                what = "-> " + Files.readSymbolicLink(path);
            } else if (Files.isDirectory(path)) {
                what = "directory " + Files.getPosixFilePermissions(path).size();
            } else {
                what = Files.getPosixFilePermissions(path).size() + " " + Digests.sha256(path);
            }
            tree.put(root.relativize(path).toString(), what);
        }
        return tree;
    }
}
