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
                "Kernel Farm <kernel-farm@localhost>");
    }
}
