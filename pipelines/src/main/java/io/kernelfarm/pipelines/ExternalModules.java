package io.kernelfarm.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Collects what {@code make -C … M=…} needs of a source tree and its object tree, after {@code Documentation/kbuild/modules.rst}:
 * makefiles, headers, scripts, the programs that were compiled for the build itself, the configuration, and
 * {@code Module.symvers}. Nothing in it leads back to either tree.
 */
final class ExternalModules {

    private static final String ARCH = "arch/x86";

    /** Of {@code scripts}: what only the kernel's own image, configuration, packages and developers use. */
    private static final List<String> OTHER_SCRIPTS = Stream.of(
                    "atomic",
                    "clang-tools",
                    "coccinelle",
                    "dtc",
                    "dummy-tools",
                    "gdb",
                    "kconfig",
                    "ksymoops",
                    "package",
                    "selinux",
                    "tracing")
            .map(name -> "scripts/" + name)
            .toList();

    /** Of {@code include/config}, which has a file for each option: what makefiles read. */
    private static final List<String> CONFIG_FILES =
            List.of("include/config/auto.conf", "include/config/kernel.release");

    /** Programs that work on each module and are not in {@code scripts}. */
    private static final List<String> PROGRAMS =
            List.of("tools/objtool/objtool", "tools/bpf/resolve_btfids/resolve_btfids");

    private final Path source;
    private final Path objects;
    private final Path into;

    /** That were compiled for the build itself. */
    private final List<String> programs = new ArrayList<>();

    private ExternalModules(Path source, Path objects, Path into) {
        this.source = source;
        this.objects = objects;
        this.into = into;
    }

    /**
     * Fills {@code into}, which is made.
     *
     * @param source its files become hard links: nobody writes to an unpacked source
     * @param objects its files are copied: the next build writes to some of them
     */
    static void collect(Path source, Path objects, Path into) throws IOException {
        new ExternalModules(source, objects, into).collect();
    }

    private void collect() throws IOException {
        Files.createDirectories(into);
        take(source, "Makefile", path -> true);
        try (Stream<Path> makefiles = Files.list(source.resolve(ARCH))) {
            for (Path file :
                    makefiles.filter(path -> name(path).startsWith("Makefile")).toList()) {
                put(source, file);
            }
        }
        for (String folder : List.of("include", "scripts")) {
            take(source, folder, this::isWanted);
        }
        take(source, ARCH, path -> isBelow(path, "include") || isBelow(path, "scripts"));

        take(objects, "include", path -> isWanted(path) && isConfigurationOfMakefiles(path));
        take(objects, "scripts", this::isWanted);
        take(objects, ARCH + "/include", this::isWanted);
        for (String file : List.of(".config", "Module.symvers")) {
            put(objects, objects.resolve(file));
        }
        for (String program : PROGRAMS) {
            if (Files.exists(objects.resolve(program))) {
                put(objects, objects.resolve(program));
            }
        }
        Command.of("strip", "--strip-unneeded")
                .and(programs.toArray(String[]::new))
                .output();
    }

    private void take(Path from, String below, Predicate<Path> wanted) throws IOException {
        if (!Files.exists(from.resolve(below))) {
            return;
        }
        try (Stream<Path> all = Files.walk(from.resolve(below))) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(path) && wanted.test(from.relativize(path))) {
                    put(from, path);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A link among the sources becomes the file that it leads to. */
    private void put(Path from, Path file) throws IOException {
        Path target = into.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (from.equals(source) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createLink(target, file);
                return;
            } catch (FileSystemException | UnsupportedOperationException e) {
                // Another file system: copied.
            }
        }
        Files.copy(file, target);
        if (from.equals(objects) && Files.isExecutable(file)) {
            programs.add(target.toString());
        }
    }

    private boolean isWanted(Path path) {
        String name = name(path);
        return OTHER_SCRIPTS.stream().noneMatch(path::startsWith)
                && !name.startsWith(".")
                && Stream.of(".o", ".a", ".s", ".cmd").noneMatch(name::endsWith);
    }

    private static boolean isConfigurationOfMakefiles(Path path) {
        return !path.startsWith("include/config") || CONFIG_FILES.stream().anyMatch(path::endsWith);
    }

    private static boolean isBelow(Path path, String folder) {
        for (Path part : path.getParent()) {
            if (part.toString().equals(folder)) {
                return true;
            }
        }
        return false;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
