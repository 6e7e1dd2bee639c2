package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.configs.KconfigException;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Bisection;
import io.kernelfarm.pipelines.bisect.History;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Picking;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Finds the first kernel that is bad in one cell, among the commits of a git tree or among builds that there are. A commit is
 * built as any run's kernel is, with the same cache; a bisection that was ended at any moment is gone on with.
 */
public final class BisectRun {

    private final BisectLayout layout;
    private final FarmRun.Places places;
    private final RunListener listener;
    private final BisectJournal journal;
    private final Kernels kernels;

    /** Where the kernels of a bisection come from. */
    interface Kernels extends History {

        /** What is called {@code id}. */
        BisectRecord.Suspect describe(String id) throws IOException;

        /** As people quote it, in a sentence. */
        String quote(String id) throws IOException;

        /**
         * Sees to it that the kernel called {@code id} is built.
         *
         * @param folder for what is made on the way
         * @throws FarmException if it cannot be built
         */
        Built build(String id, RunLayout folder, StageEvents stages) throws IOException;
    }

    /**
     * A kernel that can be booted.
     *
     * @param place nothing writes into it
     * @param spec how it is booted
     */
    record Built(BuildLayout place, Spec.Boot spec) {}

    private BisectRun(
            BisectLayout layout, FarmRun.Places places, RunListener listener, BisectJournal journal, Kernels kernels) {
        this.layout = layout;
        this.places = places;
        this.listener = listener;
        this.journal = journal;
        this.kernels = kernels;
    }

    /**
     * Begins a bisection between two commits of a git tree.
     *
     * @param spec how each commit is built and booted; its source is not looked at
     * @return the folder of what is to be done; {@link #run} does it
     * @throws FarmException wrong usage, naming what cannot be
     */
    public static BisectLayout ofTree(
            Path tree, String good, String bad, BisectTask.CellName cell, Spec spec, FarmRun.Places places) {
        FarmRun.check(spec);
        return places.guard(() -> {
            GitTree git = GitTree.open(tree);
            String goodId = git.commit("--good", good);
            String badId = git.commit("--bad", bad);
            git.checkEnds(goodId, badId);
            return create(places, git.gitDir().toString(), List.of(), goodId, badId, cell, spec);
        });
    }

    /**
     * Begins a bisection between two runs.
     *
     * @param builds names of the runs, the oldest first; all in the folder of runs that have a build if there are none
     * @throws FarmException wrong usage, naming what cannot be
     */
    public static BisectLayout ofBuilds(
            List<String> builds, String good, String bad, BisectTask.CellName cell, FarmRun.Places places) {
        return places.guard(() -> {
            List<RunLayout> named = builds.isEmpty()
                    ? places.out().all().stream()
                            .filter(run -> Files.isRegularFile(run.build().record()))
                            .toList()
                    : builds.stream().map(places.out()::find).toList();
            List<Path> folders = named.stream().map(RunLayout::root).toList();
            if (folders.stream().distinct().count() != folders.size()) {
                throw FarmException.usage("--builds names a run twice: " + String.join(", ", builds));
            }
            int from = index(folders, "--good", good, places);
            int to = index(folders, "--bad", bad, places);
            if (from >= to) {
                throw FarmException.usage("--bad " + bad + " does not come after --good " + good
                        + "; name the runs with --builds in their order, the oldest first");
            }
            List<String> between =
                    folders.subList(from, to + 1).stream().map(Path::toString).toList();
            return create(places, "", between, between.get(0), between.get(between.size() - 1), cell, null);
        });
    }

    private static int index(List<Path> folders, String option, String name, FarmRun.Places places) {
        int index = folders.indexOf(places.out().find(name).root());
        if (index < 0) {
            throw FarmException.usage(option + " " + name
                    + " is not among the builds; add it to --builds, or, without that, build it with './farm build'");
        }
        return index;
    }

    private static BisectLayout create(
            FarmRun.Places places,
            String tree,
            List<String> builds,
            String good,
            String bad,
            BisectTask.CellName cell,
            Spec spec)
            throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        BisectLayout layout = places.out().bisect(FarmRun.newId(now));
        Files.createDirectories(layout.root());
        BisectJournal.create(
                layout.journal(), new BisectTask(BisectTask.FORMAT_VERSION, now, tree, builds, good, bad, cell, spec));
        return layout;
    }

    /**
     * Does what is left of the bisection in {@code layout}; of a finished one that is nothing.
     *
     * @throws FarmException if it cannot be gone on with now; what was tested is kept
     */
    public static BisectRecord run(BisectLayout layout, FarmRun.Places places, RunListener listener) {
        return places.guard(() -> {
            Scratch.sweep(places.cache());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(places), "stop"));
            return FolderLock.holding(layout.root(), new StageEvents.Notes(Stage.BOOT, listener), () -> {
                try (BisectJournal journal = BisectJournal.open(layout.journal())) {
                    BisectTask task = journal.task();
                    Kernels kernels = task.isOfGit() ? new GitKernels(task, places) : new RunKernels(task);
                    return new BisectRun(layout, places, listener, journal, kernels).run();
                }
            });
        });
    }

    private static void stop(FarmRun.Places places) {
        ChildProcesses.stopAll(FarmRun.GRACE);
        try {
            Scratch.closeAll(places.cache());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BisectRecord run() throws IOException {
        BisectTask task = journal.task();
        BisectReport report = new BisectReport(layout, task, kernels);
        Outcome outcome =
                Bisection.run(kernels, task.good(), task.bad(), journal.around(this::test, report::unfinished));
        return report.finished(outcome);
    }

    private Step test(int number, Purpose purpose, String id, int suspects) throws IOException {
        note(Stage.SOURCE, "test " + number + ", " + why(purpose, suspects) + ": " + kernels.quote(id));
        RunLayout folder = layout.step(number);
        Files.createDirectories(folder.root());
        long start = System.nanoTime();
        Seen seen;
        try {
            Built built = kernels.build(id, folder, new StageEvents(listener));
            Build build = Build.read(built.place());
            seen = seen(build.release(), boot(built, build, folder));
        } catch (FarmException e) {
            boolean kconfig = e.getCause() instanceof KconfigException;
            if (e.blame() == FarmException.Blame.FARM && !kconfig) {
                throw e; // It would spoil the next test as well.
            }
            Verdict verdict = kconfig ? Verdict.FAIL : e.blame().verdict();
            seen = new Seen(Answer.SKIP, verdict, false, e.getMessage(), List.of(), "", "");
        }
        note(
                Stage.BOOT,
                kernels.quote(id) + " is "
                        + switch (seen.answer()) {
                            case GOOD -> "good" + (seen.flaky() ? ", but not at once (flaky)" : "");
                            case BAD -> "bad: " + seen.reason();
                            case SKIP -> "skipped: " + seen.reason();
                        });
        return new Step(
                number,
                purpose,
                id,
                kernels.describe(id).title(),
                seen.answer(),
                seen.verdict(),
                seen.flaky(),
                seen.reason(),
                seen.evidence(),
                seen.release(),
                seen.imageSha256(),
                layout.root().relativize(folder.root()).toString(),
                StageEvents.secondsSince(start));
    }

    private static String why(Purpose purpose, int suspects) {
        return switch (purpose) {
            case GOOD_END -> "has to be good";
            case BAD_END -> "has to be bad";
            case MERGE_BASE -> "both ends come from it";
            case SEARCH -> suspects + " suspects left, about " + Picking.stepsLeft(suspects) + " tests";
            case VERIFY_BAD -> "found, has to be bad again";
            case VERIFY_GOOD -> "a parent of what was found, has to be good again";
        };
    }

    /** What a test saw. */
    private record Seen(
            Answer answer,
            Verdict verdict,
            boolean flaky,
            String reason,
            List<Evidence> evidence,
            String release,
            String imageSha256) {}

    private static Seen seen(String release, CellResult cell) {
        return new Seen(
                Answer.of(cell.verdict()),
                cell.verdict(),
                cell.flaky(),
                cell.reason(),
                cell.checks().stream()
                        .filter(check -> check.verdict() != Verdict.PASS)
                        .flatMap(check -> check.evidence().stream())
                        .toList(),
                release,
                cell.imageSha256());
    }

    private CellResult boot(Built built, Build build, RunLayout folder) throws IOException {
        Spec.Boot spec =
                built.spec().with(journal.task().cell().matrix(built.spec().asMatrix()));
        boolean resume = isBegun(spec, build, folder);
        MatrixResult result = new StageEvents(listener).run(Stage.BOOT, progress -> {
            MatrixResult booted = BootStage.run(
                    spec,
                    build,
                    root -> {
                        CompileStage.linkAll(built.place().modulesRoot(), root);
                        return built.place().image();
                    },
                    folder,
                    resume,
                    BootStage.Hosts.standard(),
                    places,
                    progress,
                    new CellEvents(listener));
            return new StageEvents.Done<>(
                    booted, booted.verdict(), journal.task().cell().toString());
        });
        return result.cells().get(0);
    }

    /** Whether a farm that was killed has booted this cell, and may even have brought it to its verdict. */
    private boolean isBegun(Spec.Boot spec, Build build, RunLayout folder) {
        try {
            if (Files.exists(folder.cells())) {
                BootStage.checkResume(spec, build, folder, places);
                return true;
            }
        } catch (FarmException e) {
            // It booted under other conditions: anew, then.
        }
        return false;
    }

    private void note(Stage stage, String sentence) {
        listener.on(new RunEvent.StageNote(stage, sentence));
    }
}
