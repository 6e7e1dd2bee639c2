package io.kernelfarm.pipelines.builder;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.AptPackages;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Scratch;
import io.kernelfarm.pipelines.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The image in whose containers kernels are compiled for a target: Debian 12's toolchain. Its recipe is in
 * {@code pipelines/images}, and its name has the recipe's hash, so that a changed recipe is another image.
 */
public final class BuildImage {

    private static final String DOCKERFILE = "Dockerfile";
    private static final String BOOTSTRAP = "bootstrap";
    private static final String PACKAGES = "packages";

    /** The Debian release that both ways of making the image take packages from. */
    private static final String SUITE = "bookworm";

    private final Target target;
    private final String name;

    private BuildImage(Target target, String name) {
        this.target = target;
        this.name = name;
    }

    public static BuildImage of(Target target) throws IOException {
        String recipe = part(DOCKERFILE) + "\0" + part(BOOTSTRAP) + "\0" + part(target.id() + "/" + PACKAGES);
        return new BuildImage(
                target,
                "kernel-farm-build-" + target.id() + ":" + Sha256.of(recipe).substring(0, 12));
    }

    /** For example {@code kernel-farm-build-x86_64:0123456789ab}. */
    public String name() {
        return name;
    }

    /** The same, as the cache's files have it. */
    String fileName() {
        return name.replace(':', '-');
    }

    /**
     * Makes the image, unless {@code engine} has it: from packages of the archive that this machine's apt is set up for,
     * or, where there is none, from a base image that the engine pulls. It takes a minute or two.
     *
     * @throws FarmException the farm's fault, if it cannot be made
     */
    void provide(Engine engine, CacheLayout cache, Progress progress) throws IOException {
        if (engine.image(name).isPresent()) {
            return;
        }
        FolderLock.holding(cache.rootFileSystem(fileName()), progress, () -> {
            if (engine.image(name).isEmpty()) {
                progress.note("making " + name + ", the image that kernels are compiled in; this happens once");
                make(engine, cache, progress);
            }
            return name;
        });
    }

    private void make(Engine engine, CacheLayout cache, Progress progress) throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            Path context = Files.createDirectory(scratch.folder().resolve("context"));
            if (canBootstrap()) {
                Path kept = cache.rootFileSystem(fileName());
                if (!Files.isRegularFile(kept)) {
                    progress.at(-1, "unpacking and configuring packages");
                    bootstrap(scratch.folder(), kept);
                }
                Path root = context.resolve("root.tar.gz");
                Files.createSymbolicLink(root, kept);
                Files.writeString(context.resolve(DOCKERFILE), "FROM scratch\nADD " + root.getFileName() + " /\n");
            } else {
                Files.writeString(context.resolve(DOCKERFILE), part(DOCKERFILE));
                Files.writeString(context.resolve(PACKAGES), part(target.id() + "/" + PACKAGES));
            }
            Path archive = scratch.folder().resolve("context.tar");
            Command.of(
                            "tar",
                            "--create",
                            "--dereference",
                            "--file",
                            archive.toString(),
                            "--directory",
                            context.toString())
                    .and(".")
                    .output();
            FileTrees.delete(context);
            try (InputStream in = Files.newInputStream(archive)) {
                engine.build(in, name, line -> progress.at(-1, line));
            }
        }
    }

    private void bootstrap(Path scratch, Path kept) throws IOException {
        Path script = Files.writeString(scratch.resolve(BOOTSTRAP), part(BOOTSTRAP));
        Path packages = Files.writeString(scratch.resolve(PACKAGES), part(target.id() + "/" + PACKAGES));
        Path sources = Files.write(scratch.resolve("sources.list"), AptPackages.sources(SUITE));
        Path made = scratch.resolve("root.tar.gz");
        try {
            Command.of("sh", script.toString(), packages.toString(), sources.toString(), made.toString())
                    .output();
        } catch (FarmException e) {
            throw FarmException.farm(
                    "the image " + name + " cannot be made: " + e.getMessage()
                            + "; check the network and the machine's apt configuration, or compile with '--builder host'",
                    e);
        }
        Scratch.deliver(made, kept);
    }

    private static boolean canBootstrap() throws IOException {
        return isInstalled("mmdebstrap")
                && isInstalled("apt-get")
                // Who is not root unpacks in a user namespace (package uidmap).
                && (System.getProperty("user.name").equals("root") || isInstalled("newuidmap"))
                && !AptPackages.sources(SUITE).isEmpty();
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String part(String name) throws IOException {
        try (InputStream in = BuildImage.class.getResourceAsStream("/io/kernelfarm/pipelines/images/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
