package io.kernelfarm.pipelines;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Another program of the farm, by the same Java, started as the launcher started this one. */
final class OwnJava {

    private OwnJava() {}

    static Command program(Class<?> main) {
        return Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .and(ManagementFactory.getRuntimeMXBean().getInputArguments().toArray(String[]::new))
                .and("-cp", System.getProperty("java.class.path"), main.getName());
    }
}
