package io.jenkins.plugins.kernelfarm.repository;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.kernelfarm.ChannelSettings;
import io.jenkins.plugins.kernelfarm.KernelFarmConfiguration;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptRun;
import io.jenkins.plugins.kernelfarm.program.FarmProgram;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.ChannelContents;
import io.kernelfarm.pipelines.OutLayout;
import io.kernelfarm.pipelines.RunLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * The farm's repositories on the controller, below {@code kernel-farm} in Jenkins' home. They are changed by the farm program
 * alone, as a process of its own, one at a time. The key never leaves the controller.
 */
public final class ControllerRepository {
    private static final Logger LOGGER = Logger.getLogger(ControllerRepository.class.getName());

    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock(true);

    /** Tells this process of Jenkins from earlier ones. */
    private static final String SESSION = UUID.randomUUID().toString();

    private final OutLayout out;

    private ControllerRepository(OutLayout out) {
        this.out = out;
    }

    /** That of this Jenkins. */
    public static ControllerRepository get() {
        return new ControllerRepository(
                new OutLayout(Jenkins.get().getRootDir().toPath().resolve("kernel-farm")));
    }

    /** The folder as the farm knows it, with {@code runs/} and {@code repository/}. */
    public Path out() {
        return out.root();
    }

    /** A folder for what is there only while something is done. */
    public Path work() throws IOException {
        return Files.createDirectories(out.root().resolve("work").resolve(SESSION));
    }

    /** Removes what is left of things that were being done when Jenkins was stopped, keys among them. */
    void tidy() throws IOException {
        try (DirectoryStream<Path> sessions =
                Files.newDirectoryStream(work().getParent(), session -> !session.endsWith(SESSION))) {
            for (Path session : sessions) {
                FileTrees.delete(session);
            }
        }
    }

    Path repository() {
        return out.repository();
    }

    /**
     * Publishes a run's packages in the channel that every build goes to. The run may have been published before, with the
     * same build; then its matrix is renewed, unless somebody decided on it.
     *
     * @param runFolder the run's folder on the controller, named by the run's id, with run.json, build/build.json,
     *     build/config, packages/ and, if it was booted, boot/matrix.json
     * @param build that publishes it; when it is deleted, and each other that has, the run is withdrawn
     * @param log is told what the farm says
     * @throws AbortException if it is not published, in one sentence
     * @throws IOException if a disk fails
     */
    public void publish(Path runFolder, Run<?, ?> build, TaskListener log) throws IOException, InterruptedException {
        try {
            publishTaken(runFolder, RunBuilds.name(build.getParent(), build.getNumber()), log);
        } catch (TakenRun.NotTakenException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private void publishTaken(Path runFolder, String build, TaskListener log) throws IOException, InterruptedException {
        RunLayout from = new RunLayout(runFolder);
        RunLayout to = out.run(TakenRun.checkId(from.id()));
        oneAtATime(() -> {
            boolean changed = take(new TakenRun(from, to), from, to);
            builds().add(from.id(), build);
            if (!changed) {
                log.getLogger().println("Run " + from.id() + " is published and promoted already.");
                return null;
            }
            List<String> words = new ArrayList<>(
                    List.of("publish", from.id(), "--channel", channels().get(0).getName()));
            FarmChild.Result result = farm(words, line -> log.getLogger().println(line));
            if (result.code() != 0) {
                throw new AbortException("run " + from.id() + " is not published: "
                        + Decision.of(result).sentence());
            }
            Contents.forget();
            new TakenRun(from, to).giveBack();
            prune();
            return null;
        });
        Withdrawals.soon(); // Perhaps something is left of a time when it was not possible.
    }

    /** @return whether there is something to publish */
    private boolean take(TakenRun run, RunLayout from, RunLayout to) throws IOException {
        Files.createDirectories(out.runs());
        if (run.isKnown()) {
            if (!run.isSame(from.build().record())) {
                throw new AbortException("run " + from.id()
                        + " was published before with another build; give the new one an id of its own");
            }
            Set<String> promoted = ChannelContents.promoted(out, to.id());
            if (!promoted.isEmpty()) {
                if (Files.exists(from.matrix()) && !run.isSame(from.matrix())) {
                    throw new AbortException("run " + from.id() + " is promoted to " + String.join(", ", promoted)
                            + " on another matrix; take it out of there before it is published again");
                }
                return false;
            }
        }
        run.take();
        return true;
    }

    /**
     * Withdraws the runs whose builds are all deleted; one that is promoted stays until it is taken out.
     *
     * @param begins is told when it is its turn: what is deleted from then on may be too late for it
     */
    void withdraw(Runnable begins) throws IOException, InterruptedException {
        oneAtATime(() -> {
            begins.run();
            List<String> words = new ArrayList<>(List.of("withdraw", "--no-dashboard"));
            List<String> due = new ArrayList<>();
            for (String run : builds().orphans()) {
                if (!Files.exists(out.run(run).publication())) {
                    builds().forget(run);
                } else if (ChannelContents.promoted(out, run).isEmpty()) {
                    due.add(run);
                }
            }
            if (due.isEmpty()) {
                return null;
            }
            words.addAll(due);
            FarmChild.Result result = farm(words, line -> LOGGER.log(Level.FINE, line));
            if (result.code() != 0) {
                throw new AbortException(Decision.of(result).sentence());
            }
            LOGGER.log(Level.INFO, "withdrawn, because their builds are deleted: {0}", String.join(", ", due));
            for (String run : due) {
                builds().forget(run);
            }
            Contents.forget();
            prune();
            return null;
        });
    }

    RunBuilds builds() {
        return new RunBuilds(out.root().resolve("builds"));
    }

    /**
     * Brings a run's kernel into a channel.
     *
     * @param who decides
     */
    Decision promote(String run, String channel, String who) throws IOException, InterruptedException {
        return decide(run, channel, who, List.of());
    }

    /** Takes a run's kernel out of a channel again. */
    Decision undo(String run, String channel, String who) throws IOException, InterruptedException {
        Decision decision = decide(run, channel, who, List.of("--undo"));
        Withdrawals.soon(); // It may have stayed only because it was promoted.
        return decision;
    }

    private Decision decide(String run, String channel, String who, List<String> more)
            throws IOException, InterruptedException {
        if (promotable().stream().noneMatch(channel::equals)) {
            return new Decision(
                    false,
                    false,
                    "'" + channel.replaceAll("[^ -~]", "?") + "' is no channel that kernels are promoted to; there "
                            + (promotable().isEmpty() ? "is none" : "are: " + String.join(", ", promotable())));
        }
        if (!TakenRun.isId(run) || !Files.isRegularFile(out.run(run).record())) {
            return new Decision(false, false, "run '" + run.replaceAll("[^ -~]", "?") + "' is not published here");
        }
        return oneAtATime(() -> {
            List<String> words =
                    new ArrayList<>(List.of("promote", run, "--to=" + channel, "--by=" + who, "--no-dashboard"));
            words.addAll(more);
            return Decision.of(farm(words, line -> {}));
        });
    }

    List<ChannelSettings> channels() {
        return KernelFarmConfiguration.get().getChannels();
    }

    /** The channels that take what is promoted. */
    List<String> promotable() {
        return channels().stream().skip(1).map(ChannelSettings::getName).toList();
    }

    SortedMap<String, List<ChannelContents.Kernel>> contents() throws IOException {
        return Contents.of(out);
    }

    /** How the kernel of a run stands here, as far as whoever asks may see that. */
    public Standing standing(String run, String image) throws IOException {
        if (!Jenkins.get().hasPermission(KernelFarmPermissions.VIEW)) {
            return Standing.NONE;
        }
        return Standing.of(
                channels().stream().map(ChannelSettings::getName).toList(),
                contents(),
                Contents.decisions(out),
                RepositoryUrl.get().orElse(""),
                run,
                image);
    }

    /** The channels that have the kernel of a run that is kept with a build, as far as whoever asks may see that. */
    List<String> channels(KeptLayout layout, String run) throws IOException {
        boolean named = contents().values().stream().flatMap(List::stream).anyMatch(kernel -> kernel.run()
                .equals(run));
        if (!named) {
            return List.of();
        }
        try {
            return standing(run, new KeptRun(layout, run).image()).channels();
        } catch (IOException e) {
            return List.of(); // What an agent left is no run, or the build is gone.
        }
    }

    /** The matrix that a run's kernel is judged by, if it was booted. */
    Optional<Path> matrix(String run) {
        return Optional.of(run)
                .filter(TakenRun::isId)
                .map(id -> out.run(id).matrix())
                .filter(Files::isRegularFile);
    }

    /** Forgets the runs that are in no channel any more and that nobody ever decided on. */
    private void prune() throws IOException {
        Set<String> needed = ChannelContents.read(out).values().stream()
                .flatMap(List::stream)
                .map(ChannelContents.Kernel::run)
                .collect(Collectors.toSet());
        needed.addAll(ChannelContents.decided(out));
        for (RunLayout run : out.all()) {
            FileTrees.delete(run.packages()); // They are in the repositories.
            if (!needed.contains(run.id())) {
                LOGGER.log(Level.FINE, "forgetting run {0}: no channel has it", run.id());
                FileTrees.delete(run.root());
                builds().forget(run.id());
            }
        }
    }

    private FarmChild.Result farm(List<String> verb, Consumer<String> lines) throws IOException, InterruptedException {
        KernelFarmConfiguration settings = KernelFarmConfiguration.get();
        String url = RepositoryUrl.get()
                .orElseThrow(() -> new AbortException("nobody knows where clients find this Jenkins; set its URL under"
                        + " 'Manage Jenkins, System, Jenkins Location'"));
        List<String> words = new ArrayList<>(verb);
        words.addAll(List.of("--out", out.root().toString()));
        words.addAll(List.of("--cache", out.root().resolve("cache").toString()));
        words.addAll(List.of("--url", url));
        SortedMap<String, Integer> keep = new TreeMap<>();
        channels().forEach(channel -> keep.put(channel.getName(), channel.getKeep()));
        keep.forEach((channel, releases) -> words.addAll(List.of("--keep", channel + "=" + releases)));
        Path key = Files.createTempFile(
                work(),
                "key",
                ".asc",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(key, SigningKeys.read(settings.getSigningKeyCredentialsId()));
            return new FarmChild(
                            FarmProgram.shipped().jar(),
                            settings.getMemory(),
                            out.root(),
                            Map.of("KERNEL_FARM_KEY", key.toString()))
                    .run(words, lines);
        } finally {
            Files.deleteIfExists(key);
        }
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private static <T> T oneAtATime(Work<T> work) throws IOException, InterruptedException {
        ONE_AT_A_TIME.lockInterruptibly();
        try {
            return work.run();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }
}
