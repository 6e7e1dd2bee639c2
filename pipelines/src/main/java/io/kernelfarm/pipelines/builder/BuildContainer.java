package io.kernelfarm.pipelines.builder;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.StreamType;
import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.Deadline;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.FarmException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** One container, from before its begin to after its end. */
final class BuildContainer {

    /** Those of this process. One that the engine kept although it was told to remove it is not among them. */
    private static final Set<String> AT_WORK = ConcurrentHashMap.newKeySet();

    private static final String SILENT = "does not hand on what a container says";

    /** Whoever ends the farm waits no longer for an engine that hangs. */
    private static final int PATIENCE_SECONDS = 5;

    private static final int SIGKILL = 128 + 9;
    private static final int SIGTERM = 128 + 15;
    /** What make says, and ends with 2, when a container is stopped: as the first process it is not ended by the signal. */
    private static final Pattern TERMINATED =
            Pattern.compile("^make(\\[\\d+])?: \\*\\*\\* .*\\bTerminated$", Pattern.MULTILINE);

    private final Engine engine;
    private final String image;
    private final String user;
    private final String farmRun;
    private final ContainerBuilder.Limits limits;
    private final String name = "kernel-farm-" + UUID.randomUUID();
    /** Held while the container begins: what is about to be is not to be removed a moment too early. */
    private final ReentrantLock beginning = new ReentrantLock();

    private volatile boolean over;

    /**
     * @param image that it is made of
     * @param user who works in it, as {@code UID:GID}
     * @param farmRun that it works for
     */
    BuildContainer(Engine engine, String image, String user, String farmRun, ContainerBuilder.Limits limits) {
        this.engine = engine;
        this.image = image;
        this.user = user;
        this.farmRun = farmRun;
        this.limits = limits;
    }

    static boolean isAtWork(String name) {
        return AT_WORK.contains(name);
    }

    /** Runs {@code task} as the container's first and only call. Nothing is left of the container, whatever happens. */
    Command.Result run(Task task, Consumer<String> lines) throws IOException {
        Runnable end = this::end;
        ChildProcesses.alsoEnding(end);
        AT_WORK.add(name);
        try (Deadline deadline = Deadline.in(task.limit(), end)) {
            try {
                Command.Result result = work(task, lines);
                if (deadline.hasPassed()) {
                    throw task.tookTooLong();
                }
                return result;
            } catch (FarmException | ChildProcesses.StoppedException e) {
                // Its end is nobody else's doing.
                throw deadline.hasPassed() && !ChildProcesses.stopping() ? task.tookTooLong() : e;
            }
        } finally {
            end();
            AT_WORK.remove(name);
            ChildProcesses.ended(end);
        }
    }

    /** Removes the container, and lets none begin. What an engine that is gone has kept is removed when it is next at hand. */
    private void end() {
        over = true;
        boolean isMine = false;
        try {
            isMine = beginning.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
            engine.remove(name);
        } catch (FarmException e) {
            // The trouble that led here is the one to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (isMine) {
                beginning.unlock();
            }
        }
    }

    private Command.Result work(Task task, Consumer<String> lines) throws IOException {
        Output output = new Output(lines);
        String id;
        beginning.lock();
        try {
            if (over) {
                throw new ChildProcesses.StoppedException();
            }
            id = create(task);
            attach(id, output);
            engine.call("does not start a container", client -> client.startContainerCmd(id)
                    .exec());
        } finally {
            beginning.unlock();
        }
        ContainerState state;
        try (output) {
            engine.await(output, SILENT);
            output.rethrow();
            state = engine.call("does not say what became of a container", client -> end(client, id));
        } catch (FarmException e) {
            ChildProcesses.checkEnd(SIGKILL); // It may be the farm's own end.
            throw e;
        }
        int exit = Math.toIntExact(state.getExitCodeLong());
        ChildProcesses.checkEnd(exit);
        if (exit != 0) {
            explain(exit, state, output);
        }
        return new Command.Result(exit, output.out.text(), output.err.text());
    }

    private String create(Task task) throws IOException {
        Map<String, String> environment = new TreeMap<>(Map.of("HOME", "/tmp", "LC_ALL", "C.UTF-8"));
        environment.putAll(task.environment());
        HostConfig confinement = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of("/tmp", "rw,exec,nosuid,nodev"))
                .withCapDrop(Capability.ALL)
                // Labels of SELinux would have to be written onto the user's own files.
                .withSecurityOpts(List.of("no-new-privileges", "label=disable"))
                .withMemory(limits.memoryBytes())
                .withMemorySwap(limits.memoryBytes())
                .withNanoCPUs(limits.processors() * 1_000_000_000L)
                .withPidsLimit(limits.processes())
                // All of it is read as it comes.
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withMounts(mounts(task));
        Map<String, String> labels = Engine.labels(farmRun);
        return engine.call("makes no container", client -> client.createContainerCmd(image)
                .withName(name)
                .withEntrypoint(List.of())
                .withCmd(task.words())
                .withUser(user)
                .withWorkingDir("/tmp")
                .withEnv(environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())
                .withLabels(labels)
                .withHostConfig(confinement)
                .exec()
                .getId());
    }

    private static List<Mount> mounts(Task task) throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (Path folder : new LinkedHashSet<>(task.writes())) {
            mounts.add(mount(folder, false));
        }
        for (Path folder : new LinkedHashSet<>(task.reads())) {
            if (!task.writes().contains(folder)) {
                mounts.add(mount(folder, true));
            }
        }
        return mounts;
    }

    /** At the same path, which may lead over links here. */
    private static Mount mount(Path folder, boolean isReadOnly) throws IOException {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(folder.toRealPath().toString())
                .withTarget(folder.toAbsolutePath().normalize().toString())
                .withReadOnly(isReadOnly);
    }

    /** Before the start: what is said first is not lost. */
    private void attach(String id, Output output) {
        engine.stream(SILENT, client -> client.attachContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(output));
        output.awaitBegin(engine);
    }

    /** @throws FarmException if it was not the program itself that failed */
    private void explain(int exit, ContainerState state, Output output) {
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            throw FarmException.farm(
                    "the build ran out of memory: its container may take "
                            + Disk.size(limits.memoryBytes())
                            + ", which is what the machine had available; end other programs there, or take a machine with more");
        }
        if (exit == SIGKILL
                || exit == SIGTERM
                || TERMINATED.matcher(output.err.text()).find()) {
            throw endedFromOutside();
        }
    }

    private static ContainerState end(DockerClient client, String id) {
        try {
            client.waitContainerCmd(id).exec(new WaitContainerResultCallback()).awaitStatusCode();
            return client.inspectContainerCmd(id).exec().getState();
        } catch (NotFoundException e) {
            throw endedFromOutside();
        }
    }

    private static FarmException endedFromOutside() {
        return FarmException.farm(
                "the build's container was ended from outside: by 'docker kill', 'stop' or 'rm', by its"
                        + " engine's end, or by an administrator; start the run again");
    }

    /** What the container says, line by line. */
    private static final class Output extends ResultCallback.Adapter<Frame> {
        private final Lines out;
        private final Lines err;
        private volatile RuntimeException failure;
        /** Until the engine says yes or no; docker-java's own waits for the yes alone. */
        private final CountDownLatch asked = new CountDownLatch(1);

        private volatile boolean refused;

        Output(Consumer<String> each) {
            this.out = new Lines(each);
            this.err = new Lines(each);
        }

        @Override
        public void onStart(Closeable stream) {
            super.onStart(stream);
            asked.countDown();
        }

        @Override
        public void onError(Throwable error) {
            super.onError(error);
            refused = asked.getCount() > 0;
            asked.countDown();
        }

        void awaitBegin(Engine engine) {
            try {
                if (!asked.await(Engine.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw FarmException.farm(
                            "the container engine " + SILENT + "; look at its log, or compile with '--builder host'");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw FarmException.farm("interrupted while a container was being started", e);
            }
            if (refused) {
                engine.await(this, SILENT); // Which throws why.
            }
        }

        @Override
        public void onNext(Frame frame) {
            if (failure != null) {
                return;
            }
            try {
                (frame.getStreamType() == StreamType.STDERR ? err : out).add(frame.getPayload());
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        @Override
        public void onComplete() {
            try {
                out.end();
                err.end();
            } catch (RuntimeException e) {
                failure = e;
            }
            super.onComplete();
        }

        /** Tells of the trouble that whoever gets the lines had with one. */
        void rethrow() throws IOException {
            if (failure instanceof UncheckedIOException unchecked) {
                throw unchecked.getCause();
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** One of the two outputs; the engine hands it on in pieces of any size. */
    private static final class Lines {
        private final Consumer<String> each;
        private final StringBuilder all = new StringBuilder();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Consumer<String> each) {
            this.each = each;
        }

        void add(byte[] piece) {
            for (byte next : piece) {
                if (next == '\n') {
                    hand();
                } else {
                    line.write(next);
                }
            }
        }

        void end() {
            if (line.size() > 0) {
                hand();
            }
        }

        private void hand() {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            all.append(text).append('\n');
            each.accept(text);
        }

        String text() {
            return all.toString();
        }
    }
}
