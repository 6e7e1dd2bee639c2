package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.Memory;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Containers of a build image, one for each task. They have no network, no rights, and of this machine only the folders that
 * the task names, at the same paths, so that the same build is the same there; what it only reads they cannot write.
 */
public final class ContainerBuilder implements Builder {

    /** The user in containers of a farm that is root: one that no account has. */
    private static final int NOBODYS = 65533;

    private static final String THIS_PROCESS = "/proc/self";

    private final EngineSocket socket;
    private final Target target;
    private final BuildImage image;
    private final String run;
    private final CacheLayout cache;
    private final Optional<Limits> limits;
    private final Progress progress;

    /** What {@link #toolchain} has said: an image made anew in the meantime must not say otherwise. */
    private Toolchain promised;

    private Engine engine;
    private Known ready;

    /**
     * What a container may take.
     *
     * @param memoryBytes with all that it has in temporary files
     * @param processors as many as it may keep busy
     * @param processes at a time
     */
    public record Limits(long memoryBytes, int processors, long processes) {

        private static final long LEAST_BYTES = 1L << 30;

        private static final long PROCESSES = 8192;

        /** All that other programs of this machine leave. */
        static Limits ofThisMachine() throws IOException {
            return new Limits(
                    Math.max(LEAST_BYTES, Memory.availableBytes()),
                    Runtime.getRuntime().availableProcessors(),
                    PROCESSES);
        }
    }

    /**
     * What is known of the image: a build that the cache has asks for no more.
     *
     * @param id the engine's own name of it
     */
    private record Known(String id, Toolchain toolchain) {}

    /**
     * With all that this machine has to give.
     *
     * @param run that is being built, as containers are labelled
     */
    public ContainerBuilder(EngineSocket socket, Target target, String run, CacheLayout cache, Progress progress)
            throws IOException {
        this(socket, target, run, cache, Optional.empty(), progress);
    }

    ContainerBuilder(
            EngineSocket socket,
            Target target,
            String run,
            CacheLayout cache,
            Optional<Limits> limits,
            Progress progress)
            throws IOException {
        this.socket = socket;
        this.target = target;
        this.image = BuildImage.of(target);
        this.run = run;
        this.cache = cache;
        this.limits = limits;
        this.progress = progress;
    }

    @Override
    public String description() {
        return "a container of " + image.name();
    }

    @Override
    public CacheLayout workplace(CacheLayout farms) {
        return farms.containers();
    }

    @Override
    public synchronized Toolchain toolchain(Target asked) throws IOException {
        if (asked != target) {
            throw new IllegalArgumentException(image.name() + " compiles nothing for " + asked.id());
        }
        if (promised == null) {
            Optional<Known> known = known();
            promised = known.isPresent() ? known.get().toolchain() : ready().toolchain();
        }
        return promised;
    }

    @Override
    public String programs(Target asked) throws IOException {
        Toolchain toolchain = toolchain(asked);
        // The recipe's name is not enough: the same one makes another image of a newer archive.
        return image.name() + "\n" + known().map(Known::id).orElse("") + "\n" + toolchain;
    }

    private Optional<Known> known() throws IOException {
        try {
            return Optional.of(Json.read(cache.imageRecord(image.fileName()), Known.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Has the engine and the image at hand. */
    private synchronized Known ready() throws IOException {
        if (ready == null) {
            engine = new Engine(socket);
            image.provide(engine, cache, progress);
            String id = engine.image(image.name())
                    .orElseThrow(() -> FarmException.farm("the image " + image.name()
                            + " was removed from the container engine at the same time as it was made; try again"));
            Optional<Known> known = known().filter(before -> before.id().equals(id));
            if (known.isEmpty()) {
                Toolchain found = new Toolchain(firstLine(id, target.tool("gcc")), firstLine(id, target.tool("ld")));
                known = Optional.of(new Known(id, found));
                Json.write(cache.imageRecord(image.fileName()), known.get());
            }
            if (promised != null && !promised.equals(known.get().toolchain())) {
                throw FarmException.farm("the image " + image.name() + " was made anew, and has "
                        + known.get().toolchain() + " where there was " + promised + "; start the run again");
            }
            ready = known.get();
        }
        return ready;
    }

    private String firstLine(String id, String program) throws IOException {
        Task task = Task.of(program, "--version");
        return run(id, task, line -> {}).output().lines().findFirst().orElse("");
    }

    @Override
    public Command.Result run(Task task, Consumer<String> lines) throws IOException {
        return run(ready().id(), task, lines);
    }

    private Command.Result run(String id, Task task, Consumer<String> lines) throws IOException {
        String user = user();
        for (Path folder : task.writes()) {
            give(folder, user);
        }
        return new BuildContainer(engine, id, user, run, limits.isPresent() ? limits.get() : Limits.ofThisMachine())
                .run(task, lines);
    }

    /** Not root, and who is to own what is written: {@code UID:GID} as the container has it. */
    private String user() throws IOException {
        if (engine.isRootless()) {
            return "0:0"; // Outside, that is the user whose engine it is.
        }
        int uid = uid();
        return uid == 0 ? NOBODYS + ":" + NOBODYS : uid + ":" + Files.getAttribute(Path.of(THIS_PROCESS), "unix:gid");
    }

    private static int uid() throws IOException {
        return (int) Files.getAttribute(Path.of(THIS_PROCESS), "unix:uid");
    }

    /** Makes {@code folder} and all in it the property of a container's user, which only root can and has to. */
    private static void give(Path folder, String user) throws IOException {
        if (uid() != 0) {
            return;
        }
        Integer owner = Integer.valueOf(user.substring(0, user.indexOf(':')));
        Files.walkFileTree(folder.toRealPath(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) throws IOException {
                return visitFile(at, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path at, BasicFileAttributes attributes) throws IOException {
                if (!owner.equals(Files.getAttribute(at, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                    Files.setAttribute(at, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(at, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path at, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // Another task works beside it.
                }
                throw failure;
            }
        });
    }
}
