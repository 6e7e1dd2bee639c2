package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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

    /** Names on one command line: with the longest of them, a tenth of what Linux allows. */
    private static final int AT_ONCE = 2_000;

    private final Path source;
    private final Path objects;
    private final String arch;
    private final Path into;

    private ExternalModules(Path source, Path objects, String arch, Path into) {
        this.source = source;
        this.objects = objects;
        this.arch = arch;
        this.into = into;
    }

    /**
     * Fills {@code into}, which is made.
     *
     * @param source its files become hard links: nobody writes to an unpacked source
     * @param objects its files are copied: the next build writes to some of them
     * @param arch the folder of the architecture in either, for example {@code arch/x86}
     * @return the programs among them, which still have their symbols
     */
    static List<Path> collect(Path source, Path objects, String arch, Path into) throws IOException {
        return new ExternalModules(source, objects, arch, into).collect();
    }

    private List<Path> collect() throws IOException {
        Files.createDirectories(into);
        List<String> sources = new ArrayList<>(List.of("Makefile"));
        try (Stream<Path> makefiles = Files.list(source.resolve(arch))) {
            makefiles
                    .map(ExternalModules::name)
                    .filter(name -> name.startsWith("Makefile"))
                    .forEach(name -> sources.add(arch + "/" + name));
        }
        sources.addAll(files(source, "include", this::isWanted));
        sources.addAll(files(source, "scripts", this::isWanted));
        sources.addAll(files(source, arch, path -> isBelow(path, "include") || isBelow(path, "scripts")));
        put(source, sources, "--link");

        List<String> made = new ArrayList<>(List.of(".config", "Module.symvers"));
        made.addAll(files(objects, "include", path -> isWanted(path) && isConfigurationOfMakefiles(path)));
        made.addAll(files(objects, "scripts", this::isWanted));
        made.addAll(files(objects, arch + "/include", this::isWanted));
        PROGRAMS.stream()
                .filter(program -> Files.exists(objects.resolve(program)))
                .forEach(made::add);
        put(objects, made);
        return made.stream().map(into::resolve).filter(Files::isExecutable).toList();
    }

    /** From the tree's root; a link to a file is taken for that file. */
    private static List<String> files(Path tree, String below, Predicate<Path> wanted) throws IOException {
        List<String> files = new ArrayList<>();
        if (Files.exists(tree.resolve(below))) {
            Files.walkFileTree(tree.resolve(below), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    Path path = tree.relativize(file);
                    if ((attributes.isRegularFile() || Files.isRegularFile(file)) && wanted.test(path)) {
                        files.add(path.toString());
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return files;
    }

    /** By cp, which has put six thousand files into their places before Java would have warmed up. */
    private void put(Path from, List<String> files, String... how) throws IOException {
        for (int first = 0; first < files.size(); first += AT_ONCE) {
            List<String> some = files.subList(first, Math.min(files.size(), first + AT_ONCE));
            Command.Result result = copy(from, some, how).run();
            if (result.exit() != 0) {
                // Another file system, where no links lead to: copied.
                copy(from, some, "--remove-destination").output();
            }
        }
    }

    private Command copy(Path from, List<String> files, String... how) {
        return Command.of("cp", "--parents", "--dereference", "--target-directory=" + into.toAbsolutePath())
                .and(how)
                .and("--")
                .and(files.toArray(String[]::new))
                .in(from);
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
