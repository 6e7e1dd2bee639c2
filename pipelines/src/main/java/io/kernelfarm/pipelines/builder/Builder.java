package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import java.io.IOException;
import java.util.function.Consumer;

/** Where the programs of a kernel's build run. Whichever it is, the same toolchain makes the same kernel. */
public interface Builder {

    /** What it is, for a log and a build's record, for example {@code this host}. */
    String description();

    /** Where its programs keep what they write: all of {@code cache}, or a part of it. */
    CacheLayout workplace(CacheLayout cache);

    /**
     * What compiles for {@code target} there.
     *
     * @throws io.kernelfarm.pipelines.FarmException the farm's fault, if there is no such compiler
     */
    Toolchain toolchain(Target target) throws IOException;

    /**
     * Stands for every program that is there: Kconfig asks many of them what they can. With the same text a configuration of
     * the same source comes out the same.
     */
    String programs(Target target) throws IOException;

    /**
     * Runs a program to its end.
     *
     * @param lines gets each line of either output as it comes, one at a time
     * @throws io.kernelfarm.pipelines.FarmException the farm's fault, if it could not be run to an end of its own
     */
    Command.Result run(Task task, Consumer<String> lines) throws IOException;
}
