package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.util.function.Consumer;

/** This machine and its own toolchain. */
public final class HostBuilder implements Builder {

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
        try {
            return new Toolchain(firstLine(target.tool("gcc")), firstLine(target.tool("ld")));
        } catch (FarmException e) {
            throw FarmException.farm(
                    "this host has no compiler for " + target.id() + ", which would be " + target.tool("gcc")
                            + "; install the package " + target.compilerPackage(),
                    e);
        }
    }

    private static String firstLine(String program) throws IOException {
        return Command.of(program, "--version").output().lines().findFirst().orElse("");
    }

    @Override
    public Command.Result run(Task task, Consumer<String> lines) throws IOException {
        return command(task).each(lines).run();
    }

    /** The call as this host makes it. */
    public static Command command(Task task) {
        Command command = Command.of(task.words().toArray(String[]::new)).withOwnEnvironment();
        task.environment().forEach(command::with);
        return command;
    }
}
