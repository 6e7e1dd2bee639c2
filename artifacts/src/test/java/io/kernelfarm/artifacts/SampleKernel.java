package io.kernelfarm.artifacts;

import io.kernelfarm.artifacts.kernel.KernelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/** What a small build leaves behind: the module is one that depmod accepts, the image is noise. */
public final class SampleKernel {
    public static final String MODULE = "kernel/drivers/alpha/alpha.ko";

    private SampleKernel() {}

    public static KernelFiles make(Path directory, String release) throws IOException {
        return make(directory, release, "1", 1);
    }

    public static KernelFiles make(Path directory, String release, String revision, long seed) throws IOException {
        Files.createDirectories(directory);
        byte[] noise = new byte[300_000];
        new Random(seed).nextBytes(noise);
        Path image = Files.write(directory.resolve("bzImage"), noise);
        Path systemMap = Files.writeString(directory.resolve("System.map"), "ffffffff81000000 T _text\n");
        Path config = Files.writeString(directory.resolve(".config"), "CONFIG_XEN=y\n");

        Path modules = directory.resolve("lib/modules").resolve(release);
        Path module = modules.resolve(MODULE);
        Files.createDirectories(module.getParent());
        Path source = Files.writeString(directory.resolve("alpha.c"), """
                static const char license[] __attribute__((section(".modinfo"), used)) = "license=GPL";
                int alpha;
                """);
        Tools.must("gcc", "-c", "-o", module.toString(), source.toString());
        Files.writeString(modules.resolve("modules.order"), MODULE + "\n");
        Files.writeString(modules.resolve("modules.builtin"), "kernel/fs/ext4/ext4.ko\n");
        Files.writeString(modules.resolve("modules.builtin.modinfo"), "ext4.license=GPL\0");
        // What modules_install leaves besides, and what must not be packaged.
        Files.writeString(modules.resolve("modules.dep"), "made on the build machine\n");
        Files.deleteIfExists(modules.resolve("build"));
        Files.createSymbolicLink(modules.resolve("build"), directory);

        return new KernelFiles(
                release,
                release.replaceFirst("-.*", ""),
                revision,
                Architecture.AMD64,
                image,
                systemMap,
                config,
                modules,
                Optional.empty(),
                Optional.empty(),
                Instant.parse("2026-01-02T03:04:05Z"),
                "a sample",
                "Kernel Farm <kernel-farm@kernel-farm.invalid>");
    }

    /** A build with headers and debug information: its module and its {@code vmlinux} were compiled with {@code gcc -g}. */
    public static KernelFiles complete(Path directory, String release, String revision, long seed) throws IOException {
        KernelFiles kernel = make(directory, release, revision, seed);
        Path headers = Files.createDirectory(directory.resolve("headers"));
        Files.writeString(headers.resolve("Makefile"), "# of the kernel\n");
        Files.writeString(headers.resolve(".config"), "CONFIG_XEN=y\n");
        Files.writeString(headers.resolve("Module.symvers"), "0x00000000\talpha\tvmlinux\tEXPORT_SYMBOL\t\n");
        Path programs = Files.createDirectories(headers.resolve("scripts/mod"));
        Path main = Files.writeString(directory.resolve("main.c"), "int main(void) { return 0; }\n");
        Tools.must("gcc", "-s", "-o", programs.resolve("modpost").toString(), main.toString());

        Path debug = directory.resolve("debug");
        Path module = debug.resolve(MODULE);
        Files.createDirectories(module.getParent());
        Path source = Files.writeString(directory.resolve("alpha.c"), """
                static const char license[] __attribute__((section(".modinfo"), used)) = "license=GPL";
                struct alpha_state { long seed; } alpha = { %d };
                long alpha_probe(struct alpha_state *state) { return state->seed; }
                """.formatted(seed));
        Path object = directory.resolve("alpha.o");
        Tools.must("gcc", "-g", "-O2", "-c", "-o", object.toString(), source.toString());
        Tools.must("ld", "-r", "--build-id=sha1", "-o", module.toString(), object.toString());
        Tools.must(
                "strip",
                "--strip-debug",
                "-o",
                kernel.modulesDir().resolve(MODULE).toString(),
                module.toString());
        Path start =
                Files.writeString(directory.resolve("start.c"), "long seed = " + seed + "; void _start(void) {}\n");
        Tools.must(
                "gcc",
                "-g",
                "-static",
                "-nostdlib",
                "-Wl,--build-id=sha1",
                "-o",
                debug.resolve("vmlinux").toString(),
                start.toString());
        return new KernelFiles(
                kernel.release(),
                kernel.version(),
                kernel.revision(),
                kernel.architecture(),
                kernel.image(),
                kernel.systemMap(),
                kernel.config(),
                kernel.modulesDir(),
                Optional.of(headers),
                Optional.of(debug),
                kernel.timestamp(),
                kernel.source(),
                kernel.maintainer());
    }

    /** With a few files that external modules are built with. */
    public static KernelFiles withHeaders(Path directory, String release) throws IOException {
        KernelFiles made = make(directory, release);
        Path headers = directory.resolve("headers");
        for (String name : new String[] {"Makefile", "include/linux/alpha.h", "include/config/ALPHA & <BETA>"}) {
            Files.createDirectories(headers.resolve(name).getParent());
            Files.writeString(headers.resolve(name), name);
        }
        return new KernelFiles(
                made.release(),
                made.version(),
                made.revision(),
                made.architecture(),
                made.image(),
                made.systemMap(),
                made.config(),
                made.modulesDir(),
                Optional.of(headers),
                made.debug(),
                made.timestamp(),
                made.source(),
                made.maintainer());
    }
}
