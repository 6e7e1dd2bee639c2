package io.kernelfarm.pipelines.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.Command;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real Docker Engine (Debian's package docker.io) for tests alone: its socket, its images and its containers are in a
 * temporary folder, and it touches no network of this machine.
 */
public final class Dockerd implements AutoCloseable {

    private final Path folder;
    private Process process;

    private Dockerd(Path folder) {
        this.folder = folder;
    }

    /** Hands the one engine to tests that do it no harm; it ends with the last test, while the farm can still call programs. */
    public static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Dockerd.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(Dockerd.class, type -> startUnchecked(), Dockerd.class);
        }

        private static Dockerd startUnchecked() {
            try {
                return start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A new one, that answers. */
    public static Dockerd start() throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "a Docker Engine of one's own can only be started by root");
        mountControlGroups();
        // Not where Maven has its temporary files: the path of a Unix socket has at most 107 characters (unix(7)).
        Dockerd dockerd = new Dockerd(Files.createTempDirectory(Path.of("/tmp"), "kf-dockerd"));
        dockerd.begin();
        return dockerd;
    }

    /**
     * Mounts what the engine limits containers with where nothing has, as in a chroot: an init system does it elsewhere. The
     * hierarchies are those that this process is in (cgroups(7), "/proc files"), or else the one of version 2.
     */
    private static void mountControlGroups() throws IOException {
        Path place = Path.of("/sys/fs/cgroup");
        try (Stream<Path> inIt = Files.list(place)) {
            if (inIt.findAny().isPresent()) {
                return;
            }
        }
        List<String> hierarchies = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .map(line -> line.split(":", -1)[1])
                .filter(controllers -> !controllers.isEmpty())
                .toList();
        if (hierarchies.isEmpty()) {
            Command.of("mount", "-t", "cgroup2", "cgroup2", place.toString()).output();
            return;
        }
        Command.of("mount", "-t", "tmpfs", "cgroups", place.toString()).output();
        for (String controllers : hierarchies) {
            Path folder = Files.createDirectory(place.resolve(controllers.replace("name=", "")));
            String options = controllers.replace("name=", "none,name=");
            Command.of("mount", "-t", "cgroup", "-o", options, "cgroup", folder.toString())
                    .output();
        }
    }

    /** Starts the engine, again. */
    public void begin() throws IOException {
        // Of an engine that was killed; where nobody takes note of the deaths of orphans, their ids stay taken.
        Files.deleteIfExists(folder.resolve("docker.pid"));
        Files.deleteIfExists(folder.resolve("exec/containerd/containerd.pid"));
        List<String> words = new ArrayList<>(rootedAnew());
        words.addAll(List.of(
                "dockerd",
                "--host=" + uri(),
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("docker.pid"),
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none"));
        process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
        while (!answers()) {
            assertThat(process.isAlive())
                    .as(log() + ": " + Files.readString(log()))
                    .isTrue();
            LockSupport.parkNanos(100_000_000);
        }
    }

    /**
     * What the engine is to be started by where the root folder is no mount, as in a chroot: it changes the root's mount to unpack images,
     * and gets a mount of the same folder as its root.
     */
    private List<String> rootedAnew() throws IOException {
        if (Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .anyMatch(mount -> mount.split(" ", -1)[1].equals("/"))) {
            return List.of();
        }
        Path root = Files.createDirectories(folder.resolve("root"));
        return List.of(
                "unshare",
                "--mount",
                "--propagation",
                "unchanged",
                "sh",
                "-c",
                "mount --rbind / \"$0\" && exec chroot \"$0\" \"$@\"",
                root.toString());
    }

    private boolean answers() {
        return Files.exists(socket().path()) && docker("version").exit() == 0;
    }

    public Path log() {
        return folder.resolve("dockerd.log");
    }

    public EngineSocket socket() {
        return new EngineSocket(folder.resolve("docker.sock"));
    }

    /** For {@code DOCKER_HOST}. */
    public String uri() {
        return socket().uri();
    }

    /** What Docker's own client says, from the package that the engine is from. */
    public Command.Result docker(String... words) {
        try {
            return Command.of("/usr/bin/docker", "--host", uri()).and(words).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program that sees the file systems as the engine does, and changes what is mounted there. */
    public void beside(String... words) throws IOException {
        Command.of("nsenter", "--target", Long.toString(process.pid()), "--mount", "--root")
                .and(words)
                .output();
    }

    /** The ids of all containers, also of those that have ended. */
    public List<String> containers() {
        return docker("ps", "--all", "--quiet", "--no-trunc").output().lines().toList();
    }

    /** The only container that runs. What it says may come before the engine has written down that it runs. */
    public String awaitRunning() {
        for (int tries = 0; tries < 600; tries++) {
            Optional<String> running =
                    docker("ps", "--quiet", "--no-trunc").output().lines().findFirst();
            if (running.isPresent()) {
                return running.get();
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("no container has come to run within a minute");
    }

    /** Ends the engine at once, as a crash does: what its containers run goes on. */
    public void crash() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        if (!process.isAlive()) {
            begin(); // Only the engine can end what it has started.
        }
        containers().forEach(id -> docker("rm", "--force", id));
        process.destroy();
        process.onExit().join();
        unmount();
        FileTrees.delete(folder);
    }

    /** An engine that was killed leaves its folder mounted onto itself. */
    private void unmount() throws IOException {
        for (String mount : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String place = mount.split(" ", -1)[1];
            if (Path.of(place).startsWith(folder)) {
                Command.of("umount", "--lazy", place).output();
            }
        }
    }

    /** The environment in which a farm finds this engine. */
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", uri());
    }
}
