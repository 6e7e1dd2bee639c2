package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's source, and the folder that is made from it.
 *
 * @param source unpacked, and never written to
 * @param objects kbuild's {@code O=}: where {@code .config} and everything compiled goes; made when it is missing
 * @param arch the kernel's {@code ARCH}, for example {@code x86_64} or {@code arm64}
 * @param toolPrefix the kernel's {@code CROSS_COMPILE}: what the names of compiler and linker begin with, whose abilities are part of a
 *     configuration; empty for the machine's own
 */
public record KernelTree(Path source, Path objects, String arch, String toolPrefix) {
    private static final Pattern VERSION = Pattern.compile(
            "^VERSION\\s*=\\s*(\\d+)\\s*$.*?^PATCHLEVEL\\s*=\\s*(\\d+)\\s*$", Pattern.MULTILINE | Pattern.DOTALL);

    /** A tree that the machine's own compiler serves. */
    public KernelTree(Path source, Path objects, String arch) {
        this(source, objects, arch, "");
    }

    public KernelTree {
        source = source.toAbsolutePath().normalize();
        objects = objects.toAbsolutePath().normalize();
    }

    /**
     * The source's version without its patch level, for example {@code 6.1}.
     *
     * @throws ConfigException if {@code source} is no kernel source
     */
    public String version() throws IOException {
        Path makefile = source.resolve("Makefile");
        if (Files.isRegularFile(makefile) && Files.isRegularFile(source.resolve("Kconfig"))) {
            Matcher version = VERSION.matcher(Files.readString(makefile));
            if (version.find()) {
                return version.group(1) + "." + version.group(2);
            }
        }
        throw new ConfigException(source + " is no kernel source: it has no Kconfig beside a Makefile with a VERSION");
    }

    /** The folder under {@code arch/}: several values of ARCH share one (the kernel's top Makefile, SRCARCH). */
    String sourceArch() {
        return switch (arch) {
            case "x86_64", "i386" -> "x86";
            case "sparc32", "sparc64" -> "sparc";
            case "parisc64" -> "parisc";
            default -> arch;
        };
    }
}
