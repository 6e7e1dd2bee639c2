package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.configs.ConfigException;
import io.kernelfarm.configs.Fragment;
import io.kernelfarm.configs.Profile;
import io.kernelfarm.configs.Profiles;
import io.kernelfarm.pipelines.builder.Builder;
import io.kernelfarm.pipelines.builder.BuilderChoice;
import io.kernelfarm.pipelines.builder.HostBuilder;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One passage of one spec through the stages. Each stage takes what the stage before it left in the run's folder, and
 * writes only into its own.
 */
public final class FarmRun {

    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Child processes get this long to end after TERM. */
    static final Duration GRACE = Duration.ofSeconds(3);

    /** Where a farm keeps things, and where it compiles. */
    public record Places(
            OutLayout out, CacheLayout cache, KeyPlace key, MachinesPlace machines, BuilderChoice builder) {

        /** Compiling on this host. */
        public Places(OutLayout out, CacheLayout cache, KeyPlace key, MachinesPlace machines) {
            this(out, cache, key, machines, BuilderChoice.HOST);
        }

        /** With the user's own list of machines, compiling on this host. */
        public Places(OutLayout out, CacheLayout cache, KeyPlace key) {
            this(out, cache, key, MachinesPlace.standard());
        }

        /** Does {@code work}; what goes wrong with files or configurations becomes one sentence. */
        <T> T guard(FileWork<T> work) {
            try {
                return work.run();
            } catch (ConfigException e) {
                throw FarmException.usage(e.getMessage(), e);
            } catch (IOException e) {
                throw Disk.explain(e, List.of(out.root(), cache.root()));
            } catch (UncheckedIOException e) {
                throw Disk.explain(e.getCause(), List.of(out.root(), cache.root()));
            }
        }
    }

    private final RunLayout layout;
    private final Places places;
    private final RunListener listener;
    private final LiveEvents live;
    private final RunJournal journal;
    private final Estimates estimates;

    private FarmRun(RunLayout layout, Places places, RunListener listener, RunJournal journal) {
        this.layout = layout;
        this.places = places;
        this.live = new LiveEvents(layout.id(), places.out().dashboard());
        this.listener = event -> {
            listener.on(event);
            live.on(event);
        };
        this.journal = journal;
        this.estimates = new Estimates(places.cache());
    }

    /**
     * All stages of {@code spec}, one after another, in a new run.
     *
     * @throws FarmException if a stage cannot be done; the run's folder then says so too
     */
    public static RunRecord execute(Spec spec, Places places, RunListener listener) {
        return execute(spec, Optional.empty(), places, listener);
    }

    /**
     * The same.
     *
     * @param machine that boots the cells instead of the spec's, this once
     */
    public static RunRecord execute(Spec spec, Optional<String> machine, Places places, RunListener listener) {
        check(spec);
        Spec.Boot boot = machine.map(name -> spec.boot().asMatrix().movedTo(name, places.machines()))
                .map(spec.boot()::with)
                .orElse(spec.boot());
        FarmRun run = start(spec, places, listener);
        run.show();
        return run.stages(() -> {
            try {
                run.compile(spec);
                run.pack();
                run.publish(Terms.OF_SPEC);
                run.boot(boot, false);
                run.promote(spec);
            } catch (FarmException e) {
                run.reportAfter(e);
                throw e;
            }
            run.report();
        });
    }

    /** The stages up to the finished build, in a new run. */
    public static RunRecord build(Spec spec, Places places, RunListener listener) {
        return build(spec, false, places, listener);
    }

    /**
     * The same.
     *
     * @param twice whether it is built once more, elsewhere, and both have to be the same to the bit
     * @throws FarmException the kernel's fault, naming the first file that differs, if they are not
     */
    public static RunRecord build(Spec spec, boolean twice, Places places, RunListener listener) {
        FarmRun run = start(spec, places, listener);
        return run.stages(() -> {
            Compiled compiled = run.compile(spec);
            if (twice) {
                run.reproduce(spec, compiled);
            }
        });
    }

    /** Packages the build of a run that there is. */
    public static RunRecord pack(RunLayout layout, Places places, RunListener listener) {
        FarmRun run = open(layout, places, listener);
        return run.stages(run::pack);
    }

    /** Publishes the packages of a run that there is, as its spec says. */
    public static RunRecord publish(RunLayout layout, Places places, RunListener listener) {
        return publish(layout, Terms.OF_SPEC, places, listener);
    }

    /** Publishes the packages of a run that there is. */
    public static RunRecord publish(RunLayout layout, Terms terms, Places places, RunListener listener) {
        FarmRun run = open(layout, places, listener);
        return run.stages(() -> run.publish(terms));
    }

    /**
     * Boots the kernel of a run whose packages are published, and reports it.
     *
     * @param matrix to boot instead of the spec's, this once
     * @param resume whether to go on with a boot that was ended: cells that have their verdicts are kept
     * @throws FarmException wrong usage, if there is no boot to go on with, or only one of another kernel or matrix
     */
    public static RunRecord boot(
            RunLayout layout, Optional<MatrixSpec> matrix, boolean resume, Places places, RunListener listener) {
        if (resume) {
            places.guard(() -> {
                Spec.Boot spec =
                        Json.read(layout.record(), RunRecord.class).spec().boot();
                BootStage.checkResume(matrix.map(spec::with).orElse(spec), Build.read(layout.build()), layout, places);
                return null;
            });
        }
        FarmRun run = open(layout, places, listener);
        run.show();
        return run.stages(() -> {
            Spec.Boot spec = run.journal.record().spec().boot();
            run.boot(matrix.map(spec::with).orElse(spec), resume);
            run.report();
        });
    }

    /** The matrix of the spec of a run. */
    public static MatrixSpec matrix(RunLayout layout, Places places) {
        return places.guard(
                () -> Json.read(layout.record(), RunRecord.class).spec().matrix());
    }

    /** What the kernel of a run is built for. */
    public static Target target(RunLayout layout, Places places) {
        return places.guard(
                () -> Json.read(layout.record(), RunRecord.class).spec().arch());
    }

    /**
     * Says what is wrong with {@code spec} before anything is written.
     *
     * @throws FarmException wrong usage
     */
    public static Profile check(Spec spec) {
        try {
            Fragment.ofSpec(spec.options());
            return Profiles.builtIn().get(spec.profile(), spec.arch().id());
        } catch (ConfigException e) {
            throw FarmException.usage(e.getMessage(), e);
        }
    }

    private static FarmRun start(Spec spec, Places places, RunListener listener) {
        check(spec);
        CacheLimits.of(System.getenv()); // What is wrong there is said before anything is done.
        return places.guard(() -> {
            if (Scratch.sweep(places.cache())) {
                places.builder().sweep();
            }
            while (true) {
                Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                String id = newId(now);
                RunLayout layout = places.out().run(id);
                try {
                    RunJournal journal = RunJournal.begin(layout, RunRecord.begin(id, now, spec));
                    places.out().setLatest(layout);
                    return begin(new FarmRun(layout, places, listener, journal));
                } catch (FileAlreadyExistsException e) {
                    // Another farm drew the same name in the same second: draw again.
                }
            }
        });
    }

    /** A name that sorts by time. Two that are drawn in one second can, once in millions of times, be the same. */
    static String newId(Instant now) {
        byte[] few = new byte[3];
        new SecureRandom().nextBytes(few);
        return ID_TIME.format(now) + "-" + HexFormat.of().formatHex(few);
    }

    private static FarmRun open(RunLayout layout, Places places, RunListener listener) {
        return places.guard(() -> {
            RunJournal journal = RunJournal.open(layout);
            journal.running();
            return begin(new FarmRun(layout, places, listener, journal));
        });
    }

    private static FarmRun begin(FarmRun run) {
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
        run.listener.on(new RunEvent.RunStarted(run.layout.id(), run.layout));
        return run;
    }

    /** Has the dashboard show the run from its begin, if it ends with a report. */
    private void show() {
        live.begin();
        try {
            ReportStage.dashboard(places);
        } catch (FarmException e) {
            // Nobody waits for it yet; the run's report will say what is wrong.
        }
    }

    /** On Ctrl-C and TERM (and, with nothing left to do, at every end): ends the children and writes it down. */
    private void stop() {
        ChildProcesses.stopAll(GRACE);
        try {
            boolean running = journal.interrupted();
            Scratch.closeAll(places.cache());
            if (running) {
                listener.on(new RunEvent.RunInterrupted(layout));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunRecord stages(Work work) {
        try {
            work.run();
        } finally {
            if (!ChildProcesses.stopping()) {
                finish();
            }
        }
        return journal.record();
    }

    private void finish() {
        places.guard(() -> {
            journal.done();
            return null;
        });
        listener.on(new RunEvent.RunFinished(journal.record(), layout));
    }

    private Compiled compile(Spec spec) {
        KernelSource source = stage(Stage.SOURCE, progress -> {
            KernelSource found = SourceStage.run(spec.source(), places.cache(), progress);
            RunProvenance.writeOrigin(found.origin(), layout);
            return new Done<>(found, found.identity());
        });
        Builder builder = stage(Stage.CONFIGURE, progress -> {
            Builder chosen = places.builder().choose(spec.arch(), layout.id(), places.cache(), progress);
            String summary = ConfigureStage.run(
                    source, spec.arch(), check(spec), spec.options(), chosen, places.cache(), layout, progress);
            return new Done<>(chosen, summary);
        });
        String estimate = CompileStage.estimate(source, spec, builder.workplace(places.cache()));
        boolean made = stage(Stage.COMPILE, estimate, progress -> {
            CompileStage.Result result = new CompileStage(
                            source, layout.dotConfig(), spec, builder, places.cache(), estimates, progress)
                    .run(layout.build());
            Build build = result.build();
            return new Done<>(
                    !result.reused(),
                    build.release() + ", image " + build.imageSha256().substring(0, 12)
                            + (result.reused()
                                    ? ", reused: the same inputs were built before"
                                    : build.warned().isEmpty() ? "" : ", " + build.warned()),
                    !result.reused());
        });
        if (made) { // What was there already takes no more room.
            tidy();
        }
        return new Compiled(source, builder);
    }

    /** What was compiled, and who did. */
    private record Compiled(KernelSource source, Builder builder) {}

    private void reproduce(Spec spec, Compiled first) {
        stage(Stage.REPRODUCE, progress -> {
            Builder second = second(first.builder(), spec.arch(), progress);
            String sentence =
                    ReproduceStage.run(first.source(), spec, check(spec), second, places.cache(), layout, progress);
            return new Done<>(sentence, sentence);
        });
    }

    /** The other kind of builder, so that both have to make the same; the same one where there is no other with its toolchain. */
    private Builder second(Builder first, Target target, Progress progress) throws IOException {
        if (places.builder() != BuilderChoice.AUTO) {
            return first;
        }
        BuilderChoice choice = first instanceof HostBuilder ? BuilderChoice.AUTO : BuilderChoice.HOST;
        try {
            Builder other = choice.choose(target, layout.id(), places.cache(), progress);
            return other.toolchain(target).equals(first.toolchain(target)) ? other : first;
        } catch (FarmException e) {
            progress.note(e.getMessage());
            return first;
        }
    }

    /** Nobody waits for it, and a cache that is too large is no reason to fail. */
    private void tidy() {
        try {
            Cache cache = new Cache(places.cache(), new StageEvents.Notes(Stage.COMPILE, listener));
            cache.keepWithin(CacheLimits.of(System.getenv()), Instant.now());
        } catch (IOException e) {
            listener.on(new RunEvent.StageNote(Stage.COMPILE, "the cache could not be tidied: " + Disk.sentence(e)));
        }
    }

    private void pack() {
        stage(Stage.PACKAGE, progress -> {
            List<String> names =
                    PackageStage.run(layout.build(), journal.record().spec().packages(), layout.packages(), progress);
            return new Done<>(names, String.join(", ", names));
        });
    }

    private void publish(Terms terms) {
        stage(Stage.PUBLISH, progress -> {
            // Until the run's record names its packages, a withdrawal would take those that it shares with another run.
            String channel = FolderLock.holding(
                    places.out().repository(),
                    progress,
                    () -> PublishStage.run(layout, journal.record(), terms, places, progress));
            return new Done<>(
                    channel,
                    "channel " + channel + ", signed; the image is the same in the build, the .deb and the .rpm");
        });
    }

    private void boot(Spec.Boot spec, boolean resume) {
        stage(Stage.BOOT, progress -> {
            Build build = Build.read(layout.build());
            MatrixResult matrix = BootStage.run(
                    spec,
                    build,
                    BootStage.Origin.packaged(
                            Publication.read(layout).image(true, build, places.out(), layout), build.release()),
                    layout,
                    resume,
                    BootStage.Hosts.standard(),
                    places,
                    progress,
                    new CellEvents(listener));
            return Done.judged(matrix, matrix.verdict(), summary(matrix), reason(matrix), !resume);
        });
    }

    /** Without a wish in the spec, and without a matrix that proves the kernel, there is nothing to do. */
    private void promote(Spec spec) {
        if (spec.promote() != null && places.guard(() -> isProved(spec))) {
            stage(Stage.PROMOTE, progress -> {
                Promoter promoter =
                        new Promoter(layout, spec.promote(), Promoter.self(), Terms.OF_SPEC, places, progress);
                return new Done<>(promoter.promote(), "channel " + spec.promote());
            });
        }
    }

    /** Whether every cell that promotion needs has passed. */
    private boolean isProved(Spec spec) throws IOException {
        MatrixResult matrix = MatrixJson.read(layout.matrix());
        return Promoter.mayCome(matrix, spec.promote())
                && Promoter.lacking(matrix, spec.matrix()).isEmpty();
    }

    private static String summary(MatrixResult matrix) {
        long passed = matrix.cells().stream()
                .filter(cell -> cell.verdict() == Verdict.PASS)
                .count();
        long skipped = matrix.cells().stream()
                .filter(cell -> cell.verdict() == Verdict.SKIP)
                .count();
        return passed + " of " + (matrix.cells().size() - skipped) + " cells passed"
                + (skipped == 0 ? "" : ", " + skipped + " skipped");
    }

    private static String reason(MatrixResult matrix) {
        return matrix.cells().stream()
                .filter(cell ->
                        cell.verdict() == matrix.verdict() && !cell.reason().isEmpty())
                .findFirst()
                .map(cell -> cell.cell().mode() + ": " + cell.reason())
                .orElse("");
    }

    private void report() {
        stage(Stage.REPORT, progress -> {
            ReportStage.run(layout, places.out());
            Path page = places.out().dashboard().home();
            return new Done<>(page, page.toString());
        });
    }

    /** A run that ended early is on the dashboard as well; if that fails too, the first trouble is the one to tell. */
    private void reportAfter(FarmException trouble) {
        try {
            report();
        } catch (FarmException e) {
            trouble.addSuppressed(e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run();
    }

    /**
     * A stage's result.
     *
     * @param telling whether the time it took says something about the next time
     * @param reason one sentence on why the verdict is not PASS; empty when it is
     */
    private record Done<T>(T value, String summary, boolean telling, Verdict verdict, String reason) {
        Done(T value, String summary) {
            this(value, summary, true);
        }

        Done(T value, String summary, boolean telling) {
            this(value, summary, telling, Verdict.PASS, "");
        }

        static <T> Done<T> judged(T value, Verdict verdict, String summary, String reason, boolean whole) {
            boolean passed = verdict == Verdict.PASS;
            return new Done<>(value, summary, passed && whole, verdict, passed ? "" : reason);
        }
    }

    @FunctionalInterface
    private interface StageWork<T> {
        Done<T> run(Progress progress) throws IOException;
    }

    private <T> T stage(Stage stage, StageWork<T> work) {
        return stage(stage, stage.id(), work);
    }

    /** @param estimate the name under which it is remembered how long that took */
    private <T> T stage(Stage stage, String estimate, StageWork<T> work) {
        listener.on(new RunEvent.StageStarted(stage, estimates.get(estimate)));
        long start = System.nanoTime();
        try {
            Done<T> done = places.guard(() -> work.run(new StageEvents.Notes(stage, listener)));
            double seconds = StageEvents.secondsSince(start);
            if (done.telling()) {
                estimates.put(estimate, seconds);
            }
            finished(new RunRecord.StageRecord(stage, done.verdict(), seconds, done.summary(), done.reason()));
            return done.value();
        } catch (FarmException e) {
            throw failed(stage, start, e);
        } catch (IOException e) {
            throw failed(
                    stage,
                    start,
                    Disk.explain(e, List.of(layout.root(), places.cache().root())));
        }
    }

    private FarmException failed(Stage stage, long start, FarmException why) {
        try {
            finished(new RunRecord.StageRecord(
                    stage, why.blame().verdict(), StageEvents.secondsSince(start), "", why.getMessage()));
        } catch (IOException e) {
            why.addSuppressed(e); // The first trouble is the one to tell.
        }
        return why;
    }

    private void finished(RunRecord.StageRecord result) throws IOException {
        journal.add(result);
        listener.on(new RunEvent.StageFinished(result));
    }
}
