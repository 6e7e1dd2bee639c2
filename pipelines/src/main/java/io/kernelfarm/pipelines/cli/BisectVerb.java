package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.BisectLayout;
import io.kernelfarm.pipelines.BisectRecord;
import io.kernelfarm.pipelines.BisectRun;
import io.kernelfarm.pipelines.BisectTask;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Step;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm bisect}. */
@Command(
        name = "bisect",
        description = {
            "Finds the first kernel that is bad in one cell of the boot matrix, and verifies it.",
            "",
            "With --tree it searches the commits between two of a git repository, which is only read: each commit that is"
                    + " tested is built as the spec says, or taken from the cache. Without it, it searches the builds of"
                    + " runs that there are.",
            "",
            "A cell that passes is good, one that fails is bad. Where the farm is at fault, or a commit does not compile, its"
                    + " neighbours are tested instead. Both ends are tested first; what was found has to be bad again, and"
                    + " its parents good again.",
        },
        mixinStandardHelpOptions = true)
final class BisectVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Mixin
    private Options.SpecOption spec;

    @Mixin
    private Options.BuilderOption builder;

    @Option(names = "--good", paramLabel = "A", description = "a commit, or a run, that is good")
    private String good;

    @Option(names = "--bad", paramLabel = "B", description = "one that descends from it, or came later, and is bad")
    private String bad;

    @Option(
            names = "--cell",
            paramLabel = "MODE/HYPERVISOR",
            description = "what to boot, for example pvhvm/xen-4.17, or metal; /FIRMWARE/MACHINE may follow (default:"
                    + " /bios/qemu)")
    private String cell;

    @Option(names = "--tree", paramLabel = "DIR", description = "a git repository of the kernel, bare or not")
    private Path tree;

    @Option(
            names = "--builds",
            paramLabel = "RUN",
            split = ",",
            arity = "1..*",
            description =
                    "the runs in their order, the oldest first, by ids or folders (default: all that have a build)")
    private List<String> builds = List.of();

    @Option(
            names = "--resume",
            paramLabel = "ID",
            arity = "0..1",
            fallbackValue = "latest",
            description =
                    "go on with a bisection that was ended at any moment, the newest one without an ID: what was tested"
                            + " is kept")
    private String resume;

    @Override
    public Integer call() {
        FarmRun.Places places = builder.in(options.places());
        BisectLayout layout = resume == null ? begin(places) : begun(places);
        Aside<RunEvent> told = options.aside();
        BisectRecord record;
        try {
            PrintStream stream = options.json() ? System.err : System.out;
            stream.println("bisection " + layout.id() + " in " + layout.root()
                    + "; if it is ended, './farm bisect --resume " + layout.id() + "' goes on with it");
            record = BisectRun.run(layout, places, told::put);
        } finally {
            told.drain(Duration.ofDays(1));
        }
        if (options.json()) {
            System.out.println(Json.text(record));
        } else {
            print(record, layout);
        }
        return exitCode(record);
    }

    private BisectLayout begin(FarmRun.Places places) {
        if (good == null || bad == null || cell == null) {
            throw FarmException.usage(
                    "a bisection needs --good, --bad and --cell, for example './farm bisect --tree linux"
                            + " --good v6.1 --bad v6.2 --cell pvhvm/xen-4.17'; or --resume");
        }
        BisectTask.CellName asked = BisectTask.CellName.of(cell);
        if (tree == null) {
            return BisectRun.ofBuilds(builds, good, bad, asked, places);
        }
        if (!builds.isEmpty()) {
            throw FarmException.usage("--tree and --builds exclude each other: commits are searched, or builds");
        }
        return BisectRun.ofTree(tree, good, bad, asked, spec.read(), places);
    }

    private BisectLayout begun(FarmRun.Places places) {
        if (good != null || bad != null || cell != null || tree != null || !builds.isEmpty()) {
            throw FarmException.usage(
                    "--resume goes on with what was asked then; leave out --good, --bad, --cell, --tree"
                            + " and --builds, or begin anew without --resume");
        }
        return places.out().findBisect(resume);
    }

    private static void print(BisectRecord record, BisectLayout layout) {
        System.out.println();
        for (Step step : record.steps()) {
            System.out.printf(
                    "%3d  %-4s  %-5s  %-12s  %s  %s%n",
                    step.number(),
                    step.answer(),
                    step.verdict(),
                    step.purpose(),
                    record.task().isOfGit()
                            ? step.id().substring(0, 12)
                            : Path.of(step.id()).getFileName(),
                    step.title());
        }
        System.out.println();
        System.out.println(record.sentence());
        if (record.firstBad() != null) {
            Step shown = record.firstBad().evidence();
            System.out.println();
            if (record.task().isOfGit()) {
                System.out.println("commit " + record.firstBad().what().id());
                System.out.println("Author: " + record.firstBad().what().author());
                System.out.println("Date:   " + record.firstBad().what().date());
                System.out.println();
            }
            System.out.println(shown.reason());
            shown.evidence()
                    .forEach(line ->
                            System.out.println("  " + (line.line() > 0 ? line.line() + ": " : "") + line.text()));
        }
        System.out.println();
        System.out.println("All of it: " + layout.record());
    }

    /** 0 only for what was found and verified. */
    private static int exitCode(BisectRecord record) {
        return switch (record.outcome()) {
            case FOUND -> 0;
            case GOOD_IS_BAD, BAD_IS_GOOD, MENDED -> FarmException.Blame.USAGE.exitCode();
            case NOT_REPRODUCIBLE -> FarmException.Blame.FARM.exitCode();
            case UNDECIDED, UNTESTABLE, UNVERIFIED ->
                Options.exitCode(Verdict.worst(record.steps().stream()
                        .filter(step -> step.answer() == Answer.SKIP)
                        .map(Step::verdict)
                        // If only one was skipped for the farm's fault, the farm cannot say that it is the kernel's.
                        .map(verdict -> verdict == Verdict.FAIL ? Verdict.FAIL : Verdict.ERROR)
                        .max(Comparator.naturalOrder())
                        .stream()
                        .toList()));
        };
    }
}
