package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.Deadline;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** This machine and its own toolchain. */
public final class HostBuilder implements Builder {

    /** What dpkg has installed, of which version (dpkg(1), "FILES"). */
    private static final Path INSTALLED = Path.of("/var/lib/dpkg/status");

    /** What Kconfig asks beside the toolchain, and people install without a package (scripts/Kconfig.include, init/Kconfig). */
    private static final List<String> OPTIONAL = List.of("pahole", "rustc", "bindgen", "clang");

    private final Map<Target, Toolchain> toolchains = new ConcurrentHashMap<>();

    @Override
    public String description() {
        return "this host";
    }

    @Override
    public CacheLayout workplace(CacheLayout cache) {
        return cache;
    }

    @Override
    public Toolchain toolchain(Target target) throws IOException {
        Toolchain known = toolchains.get(target);
        if (known == null) {
            known = askedFor(target);
            toolchains.put(target, known);
        }
        return known;
    }

    private static Toolchain askedFor(Target target) throws IOException {
        try {
            return new Toolchain(firstLine(target.tool("gcc")), firstLine(target.tool("ld")));
        } catch (FarmException e) {
            throw FarmException.farm(
                    "this host has no compiler for " + target.id() + ", which would be " + target.tool("gcc")
                            + "; install the package " + target.compilerPackage(),
                    e);
        }
    }

    @Override
    public String programs(Target target) throws IOException {
        StringBuilder programs = new StringBuilder(toolchain(target).toString());
        if (Files.exists(INSTALLED)) {
            programs.append('\n').append(Sha256.of(INSTALLED));
        }
        List<String> names = new ArrayList<>(OPTIONAL);
        names.add(target.tool("gcc"));
        names.add(target.tool("ld"));
        for (String name : names) {
            for (String folder : System.getenv("PATH").split(":", -1)) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    programs.append('\n')
                            .append(program)
                            .append(' ')
                            .append(Files.size(program))
                            .append(' ')
                            .append(Files.getLastModifiedTime(program));
                }
            }
        }
        return programs.toString();
    }

    private static String firstLine(String program) throws IOException {
        return Command.of(program, "--version").output().lines().findFirst().orElse("");
    }

    @Override
    public Command.Result run(Task task, Consumer<String> lines) throws IOException {
        Command command = command(task).each(lines);
        try (Deadline deadline = Deadline.in(task.limit(), command::end)) {
            Command.Result result = command.run();
            if (deadline.hasPassed()) {
                throw task.tookTooLong();
            }
            return result;
        }
    }

    /** The call as this host makes it. */
    public static Command command(Task task) {
        Command command = Command.of(task.words().toArray(String[]::new)).withOwnEnvironment();
        task.environment().forEach(command::with);
        return command;
    }
}
