package io.kernelfarm.pipelines.builder;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.kernelfarm.bootmatrix.lease.Holder;
import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A container engine: Docker's, or podman by its Docker-compatible socket (Docker Engine API). Whatever it refuses, and
 * whenever it is gone, becomes one sentence.
 */
public final class Engine {

    /** Label of a container, with the run that it works for. */
    static final String RUN = "io.kernelfarm.run";
    /** Labels of a container, with the farm that it works for: a process for ever, and where its id counts. */
    private static final String PID = "io.kernelfarm.pid";

    private static final String START = "io.kernelfarm.start-ticks";
    private static final String BOOT = "io.kernelfarm.boot";
    private static final String PID_NAMESPACE = "io.kernelfarm.pid-namespace";

    /** An engine that says nothing for so long hangs. docker-java's own limits have no effect on Unix sockets. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EngineSocket socket;
    private final DockerClient client;
    private final Info info;

    /**
     * Connects, and removes the containers of dead farms.
     *
     * @throws FarmException the farm's fault, if what listens there is no engine, or hangs
     */
    public Engine(EngineSocket socket) throws IOException {
        this.socket = socket;
        this.client = DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(socket.uri())
                        .withDockerTlsVerify(false)
                        .build(),
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(URI.create(socket.uri()))
                        .build());
        this.info = call("says nothing of itself", engine -> engine.infoCmd().exec());
        sweep();
    }

    /** For example {@code Docker 20.10.24 at /var/run/docker.sock}. */
    public String description() {
        Version version =
                call("does not say what it is", client -> client.versionCmd().exec());
        boolean isPodman = version.getComponents() != null
                && version.getComponents().stream()
                        .anyMatch(part -> part.getName().contains("Podman"));
        return (isPodman ? "podman " : "Docker ") + version.getVersion() + " at " + socket;
    }

    /** Whether the engine is an ordinary user's: root in its containers is that user outside. */
    boolean isRootless() {
        boolean docker = info.getSecurityOptions() != null
                && info.getSecurityOptions().stream().anyMatch(option -> option.contains("rootless"));
        return docker || Boolean.TRUE.equals(info.getRawValues().get("Rootless")); // As podman has it.
    }

    /**
     * Does {@code work} with the engine.
     *
     * @param trouble what the engine does if it goes wrong, for example {@code makes no container}
     * @throws FarmException the farm's fault
     */
    <T> T call(String trouble, Function<DockerClient, T> work) {
        FutureTask<T> call = new FutureTask<>(() -> work.apply(client));
        Thread caller = new Thread(call, "call of the container engine");
        caller.setDaemon(true);
        caller.start();
        try {
            return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw explain(trouble, e.getCause());
        } catch (TimeoutException e) {
            throw explain(trouble, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FarmException.farm("interrupted while the container engine was asked", e);
        }
    }

    /** Begins what goes on for as long as a container does. */
    void stream(String trouble, Consumer<DockerClient> work) {
        guard(trouble, () -> {
            work.accept(client);
            return null;
        });
    }

    private <T> T guard(String trouble, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw explain(trouble, e);
        }
    }

    /** The sentence for what docker-java threw. */
    private FarmException explain(String trouble, Throwable error) {
        if (error instanceof ChildProcesses.StoppedException stopped) {
            throw stopped;
        }
        if (error instanceof FarmException known) {
            return known;
        }
        if (!(error instanceof DockerException)) {
            return FarmException.farm(
                    "the container engine at " + socket + " stopped, or does not answer (" + root(error)
                            + "); look at its log,"
                            + " start it again, and then this, or compile with '--builder host'",
                    error);
        }
        String message = String.valueOf(error.getMessage());
        if (message.toLowerCase(Locale.ROOT).contains("no space left on device")) {
            return FarmException.farm(
                    "the disk of the container engine at " + socket
                            + " is full; make room there, for example with 'docker system prune', or compile with '--builder host'",
                    error);
        }
        return FarmException.farm(
                "the container engine at " + socket + " " + trouble + ": "
                        + message.replaceAll("\\s+", " ").strip() + "; mend that, or compile with '--builder host'",
                error);
    }

    private static String root(Throwable error) {
        if (error instanceof TimeoutException) {
            return "it has said nothing for " + PATIENCE.toSeconds() + " s";
        }
        Throwable at = error;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    }

    /** The engine's own name of an image, if it has it. */
    Optional<String> image(String name) {
        return call("says nothing of image " + name, client -> {
            try {
                return Optional.of(client.inspectImageCmd(name).exec().getId());
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /**
     * Makes an image.
     *
     * @param context a tar archive with a {@code Dockerfile}
     * @param lines gets what the engine says meanwhile
     */
    void build(InputStream context, String name, Consumer<String> lines) throws IOException {
        List<String> errors = new ArrayList<>();
        String trouble = "makes no image " + name;
        try (var made = guard(trouble, () -> client.buildImageCmd(context)
                .withTags(Set.of(name))
                .withForcerm(true)
                .exec(new ResultCallback.Adapter<BuildResponseItem>() {
                    @Override
                    public void onNext(BuildResponseItem item) {
                        if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                            errors.add(item.getErrorDetail().getMessage());
                        } else if (item.getStream() != null && !item.getStream().isBlank()) {
                            lines.accept(item.getStream().strip());
                        }
                    }
                }))) {
            await(made, trouble);
        }
        if (!errors.isEmpty()) {
            throw explain(trouble, new DockerException(String.join("; ", errors), 500));
        }
        if (image(name).isEmpty()) {
            throw explain(trouble, new DockerException("it gave no reason", 500));
        }
    }

    /** Waits for the end of a stream. */
    void await(ResultCallback.Adapter<?> stream, String trouble) {
        guard(trouble, () -> {
            try {
                return stream.awaitCompletion();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw FarmException.farm("interrupted while a container was at work", e);
            }
        });
    }

    /** Ends and removes a container, if it is still there. */
    void remove(String container) {
        call("does not remove container " + container, client -> {
            try {
                client.removeContainerCmd(container)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException e) {
                // As wished.
            }
            return container;
        });
    }

    /** The labels of what works for this process. */
    static Map<String, String> labels(String run) throws IOException {
        Holder self = Holder.self(Instant.now());
        Map<String, String> labels = new HashMap<>();
        labels.put(RUN, run);
        labels.put(PID, Long.toString(self.pid()));
        labels.put(START, Long.toString(self.startTicks()));
        labels.put(BOOT, self.boot());
        labels.put(PID_NAMESPACE, pidNamespace());
        return labels;
    }

    /** Removes the containers of farms that are no more. */
    private void sweep() throws IOException {
        List<Container> all = call("does not list its containers", client -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(PID))
                .exec());
        for (Container container : all) {
            if (isOrphan(container)) {
                remove(container.getId());
            }
        }
    }

    private static boolean isOrphan(Container container) throws IOException {
        Map<String, String> labels = container.getLabels();
        try {
            Holder farm = new Holder(
                    Long.parseLong(labels.get(PID)),
                    Long.parseLong(labels.get(START)),
                    labels.get(BOOT),
                    Instant.EPOCH);
            Holder self = Holder.self(Instant.EPOCH);
            if (!farm.boot().equals(self.boot())) {
                return true;
            }
            if (!pidNamespace().equals(labels.get(PID_NAMESPACE))) {
                return false; // It counts processes otherwise: nothing can be said of that one.
            }
            return farm.equals(self)
                    // An engine that stopped meanwhile could not be told to remove it.
                    ? Arrays.stream(container.getNames()).noneMatch(name -> BuildContainer.isAtWork(name.substring(1)))
                    : !farm.alive();
        } catch (NumberFormatException e) {
            return false; // Not one of ours.
        }
    }

    private static String pidNamespace() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    }
}
