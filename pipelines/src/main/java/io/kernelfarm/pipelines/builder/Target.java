package io.kernelfarm.pipelines.builder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.bootmatrix.machine.Processor;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a kernel is built for, with the names that the kernel's makefiles have for it. */
public enum Target {
    X86_64("x86_64", "x86", Architecture.AMD64, Processor.X86_64, "x86_64-linux-gnu-", "bzImage"),
    ARM64("arm64", "arm64", Architecture.ARM64, Processor.ARM64, "aarch64-linux-gnu-", "Image.gz");

    private final String id;
    private final String folder;
    private final Architecture architecture;
    private final Processor processor;
    private final String triplet;
    private final String image;

    Target(String id, String folder, Architecture architecture, Processor processor, String triplet, String image) {
        this.id = id;
        this.folder = folder;
        this.architecture = architecture;
        this.processor = processor;
        this.triplet = triplet;
        this.image = image;
    }

    /**
     * The target whose {@code ARCH} is {@code id}.
     *
     * @throws IllegalArgumentException if there is none; one sentence
     */
    @JsonCreator
    public static Target of(String id) {
        return Arrays.stream(values())
                .filter(target -> target.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown architecture '" + id + "'; there are "
                        + Arrays.stream(values()).map(Target::id).collect(Collectors.joining(", "))));
    }

    /** The kernel's {@code ARCH}. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Of packages. */
    public Architecture architecture() {
        return architecture;
    }

    /** Of the machines that boot it. */
    public Processor processor() {
        return processor;
    }

    /** Where its own sources and headers are, below a kernel tree. */
    public String folder() {
        return "arch/" + folder;
    }

    /** Debian's package of the compiler that this machine builds it with. */
    public String compilerPackage() {
        return toolPrefix().isEmpty() ? "gcc" : "gcc-" + triplet.substring(0, triplet.length() - 1);
    }

    /** What make is asked for to get an image that boot loaders take. */
    public String image() {
        return image;
    }

    /** Where make leaves that, below the object tree. */
    public String imagePath() {
        return folder() + "/boot/" + image;
    }

    /** What the names of the toolchain's programs begin with: empty on a machine of the same kind. */
    public String toolPrefix() {
        return System.getProperty("os.arch").equals(architecture.deb())
                        || System.getProperty("os.arch").equals(architecture.rpm())
                ? ""
                : triplet;
    }

    /** A program of the toolchain, for example {@code gcc} or {@code aarch64-linux-gnu-gcc}. */
    public String tool(String name) {
        return toolPrefix() + name;
    }
}
