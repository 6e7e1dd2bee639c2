package io.kernelfarm.configs;

import java.io.IOException;
import java.util.List;

/** Who runs the kernel's own tool: what a configuration may have depends on the compiler that is there. */
@FunctionalInterface
public interface KconfigRunner {

    /** This host, with its own compiler. */
    KconfigRunner HOST = KconfigTool::run;

    /**
     * Runs {@code command}, a call of make, to a good end, or throws.
     *
     * @param tree it reads the source of, and writes the objects of
     */
    void run(KernelTree tree, List<String> command) throws IOException, InterruptedException;
}
