package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A source tree with a handful of Kconfig lines. */
final class TinyTree {
    private TinyTree() {}

    static KernelTree in(Path folder, String kconfig) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("Makefile"), "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 7\n");
        Files.writeString(source.resolve("Kconfig"), kconfig);
        return new KernelTree(source, folder.resolve("objects"), "x86_64");
    }
}
