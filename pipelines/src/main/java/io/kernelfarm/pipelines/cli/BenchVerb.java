package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.plan.PlanSimulation;
import io.kernelfarm.pipelines.BuildBench;
import io.kernelfarm.pipelines.Cost;
import io.kernelfarm.pipelines.DashboardBench;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.FlakeBench;
import io.kernelfarm.pipelines.MatrixBench;
import io.kernelfarm.pipelines.PackagingBench;
import io.kernelfarm.pipelines.RepositoryBench;
import io.kernelfarm.pipelines.jenkins.JenkinsBench;
import io.kernelfarm.pipelines.jenkins.JenkinsDistribution;
import io.kernelfarm.pipelines.jenkins.JenkinsFarm;
import io.kernelfarm.pipelines.jenkins.ManyBuilds;
import io.kernelfarm.pipelines.jenkins.PageTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farm bench}. */
@Command(
        name = "bench",
        description = "Measures the farm beside what one would do without it.",
        subcommands = {
            BenchVerb.Matrix.class,
            BenchVerb.Flake.class,
            BenchVerb.Planning.class,
            BenchVerb.Building.class,
            BenchVerb.Packaging.class,
            BenchVerb.Repository.class,
            BenchVerb.Dashboard.class,
            BenchVerb.OnJenkins.class
        },
        mixinStandardHelpOptions = true)
final class BenchVerb implements Runnable {

    @Spec
    private CommandSpec self;

    @Override
    public void run() {
        throw new ParameterException(self.commandLine(), "no benchmark named; './farm bench --help' lists them");
    }

    /** {@code farm bench matrix}. */
    @Command(
            name = "matrix",
            description = "Boots a run's matrix as the farm does, then each cell alone with its own boot of Xen.",
            mixinStandardHelpOptions = true)
    static final class Matrix implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.RunParameter run;

        @Option(names = "--growth", description = "measure the first one, two, four and so on of its cells as well")
        private boolean growth;

        @Override
        public Integer call() {
            FarmRun.Places places = options.places();
            MatrixBench bench = MatrixBench.measure(run.in(places), growth, places, options.notes());
            return options.show(bench, Matrix::print);
        }

        private static void print(MatrixBench bench) {
            System.out.printf("%s, %d processors, %s%n", bench.release(), bench.processors(), bench.emulator());
            System.out.println("  together: hosts side by side, guests share a Xen boot");
            System.out.println("  alone: one cell after another, each with a Xen boot of its own");
            System.out.printf("  %5s %12s %12s %8s%n", "cells", "together", "alone", "ratio");
            for (MatrixBench.Step step : bench.steps()) {
                System.out.printf(
                        Locale.ROOT,
                        "  %5d %10.1f s %10.1f s %8.2f%n",
                        step.cells(),
                        step.together(),
                        step.alone(),
                        step.ratio());
            }
        }
    }

    /** {@code farm bench flake}. */
    @Command(
            name = "flake",
            description =
                    "Boots a run's matrix several times in a row, and says for each cell which verdicts it got and how"
                            + " long it took. The exit code is 1 if a cell's verdicts differ, or a pass needed a second attempt.",
            mixinStandardHelpOptions = true)
    static final class Flake implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.RunParameter run;

        @Option(
                names = "--times",
                paramLabel = "N",
                defaultValue = "10",
                description = "how often the whole matrix is booted (default: ${DEFAULT-VALUE})")
        private int times;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (times < 2) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--times is " + times + "; verdicts of one boot cannot differ, so boot twice");
            }
            FarmRun.Places places = options.places();
            FlakeBench bench = FlakeBench.measure(run.in(places), times, places, options.notes());
            int shown = options.show(bench, Flake::print);
            return bench.differs() ? FarmException.Blame.KERNEL.exitCode() : shown;
        }

        private static void print(FlakeBench bench) {
            System.out.printf(
                    Locale.ROOT,
                    "%s in %d cells, %d times in a row, %d processors, %s%n",
                    bench.release(),
                    bench.cells().size(),
                    bench.times(),
                    bench.processors(),
                    bench.emulator());
            System.out.printf("  %-36s %8s %8s %8s   %s%n", "seconds", "min", "median", "max", "verdicts");
            for (FlakeBench.Cell cell : bench.cells()) {
                System.out.printf(
                        Locale.ROOT,
                        "  %-36s %8.1f %8.1f %8.1f   %s%s%s%n",
                        cell.cell(),
                        cell.min(),
                        cell.median(),
                        cell.max(),
                        cell.verdicts().entrySet().stream()
                                .map(one -> one.getValue() + " " + one.getKey())
                                .collect(Collectors.joining(", ")),
                        cell.flaky() > 0 ? ", " + cell.flaky() + " of them flaky" : "",
                        cell.differs() ? "   DIFFERS" : "");
                cell.reasons().forEach(reason -> System.out.println("      " + reason));
            }
            System.out.println(
                    bench.differs()
                            ? "Verdicts differ."
                            : "No verdict differs in " + bench.times() + " matrices of "
                                    + bench.cells().size() + " cells.");
        }
    }

    /** {@code farm bench planning}. */
    @Command(
            name = "planning",
            description =
                    "Plans cells over simulated machines of which one in twenty dies, and compares the end with a lower"
                            + " bound that nobody could beat.",
            mixinStandardHelpOptions = true)
    static final class Planning implements Callable<Integer> {

        @Mixin
        private Options options;

        @Option(
                names = "--cells",
                paramLabel = "N",
                defaultValue = "10000",
                description = "how many cells (default: ${DEFAULT-VALUE})")
        private int cells;

        @Option(
                names = "--over",
                paramLabel = "N",
                defaultValue = "500",
                description = "how many machines (default: ${DEFAULT-VALUE})")
        private int machines;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "what machines, cells and deaths are drawn from (default: ${DEFAULT-VALUE})")
        private long seed;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (cells < 1 || machines < 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--cells is " + cells + " and --over is " + machines + "; both have to be at least 1");
            }
            PlanSimulation result = PlanSimulation.run(PlanSimulation.scene(cells, machines, seed));
            return options.show(result, this::print);
        }

        private void print(PlanSimulation result) {
            System.out.printf(
                    Locale.ROOT,
                    "%d cells over %d simulated machines, seed %d%n",
                    result.cells(),
                    result.machines(),
                    seed);
            System.out.printf(
                    Locale.ROOT,
                    "  deaths          %6d     machines that died with work; %d cells were planned anew%n",
                    result.died(),
                    result.moved());
            System.out.printf(
                    Locale.ROOT,
                    "  finished        %6d     cells, each once; %d had no machine left%n",
                    result.finished(),
                    result.lost());
            System.out.printf(
                    Locale.ROOT,
                    "  makespan      %8.1f s   simulated; lower bound %.1f s%n",
                    result.makespan(),
                    result.lowerBound());
            System.out.printf(Locale.ROOT, "  ratio           %6.3f%n", result.ratio());
            System.out.printf(
                    Locale.ROOT,
                    "  planning        %6.2f s   all plans together, %.2f s of a processor%n",
                    result.planned(),
                    result.processor());
        }
    }

    /** {@code farm bench build}. */
    @Command(
            name = "build",
            description =
                    "Builds the spec's kernel with an empty cache, again, and with an option changed, and by plain make with the"
                            + " same words. It takes two clean builds' time and more.",
            mixinStandardHelpOptions = true)
    static final class Building implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.SpecOption spec;

        @Option(
                names = "--change",
                paramLabel = "NAME=VALUE",
                defaultValue = "DUMMY=m,PRINTK_TIME=n,HZ_1000=y",
                split = ",",
                description = "an option to change, without CONFIG_ (default: ${DEFAULT-VALUE})")
        private List<String> changes;

        @Override
        public Integer call() {
            BuildBench bench = BuildBench.measure(spec.read(), changes, options.places(), options.notes());
            return options.show(bench, Building::print);
        }

        private static void print(BuildBench bench) {
            System.out.printf("%s, %d processors%n", bench.release(), bench.processors());
            System.out.printf("  %-40s %10s %10s%n", "", "CPU", "wall");
            row("plain make", bench.make(), "");
            row("farm, at the same time", bench.clean(), String.format(Locale.ROOT, "%.3f of it", bench.overhead()));
            bench.stages()
                    .forEach((what, seconds) -> System.out.printf(Locale.ROOT, "    %-38s %8.1f s%n", what, seconds));
            row("farm, the same again", bench.again(), "");
            bench.changed()
                    .forEach((option, cost) -> row(
                            "farm, " + option,
                            cost,
                            String.format(Locale.ROOT, "%.3f of a clean build", bench.share(cost))));
            bench.missed().forEach(sentence -> System.out.println("Missed: " + sentence + "."));
        }

        private static void row(String what, Cost cost, String ratio) {
            System.out.printf(
                    Locale.ROOT, "  %-40s %8.1f s %8.1f s   %s%n", what, cost.cpuSeconds(), cost.wallSeconds(), ratio);
        }
    }

    /** {@code farm bench packaging}. */
    @Command(
            name = "packaging",
            description = "Packages a run's build beside the kernel's own bindeb-pkg and binrpm-pkg, and repacks a"
                    + " distribution's kernel beside dpkg-deb and rpmbuild.",
            mixinStandardHelpOptions = true)
    static final class Packaging implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.RunParameter run;

        @Option(
                names = "--turns",
                paramLabel = "N",
                defaultValue = "3",
                description = "how often each side packs; its fastest turn counts (default: ${DEFAULT-VALUE})")
        private int turns;

        @Spec
        private CommandSpec spec;

        @Option(names = "--xz", description = "repack with xz at level 6 as well, which takes minutes")
        private boolean xz;

        @Override
        public Integer call() {
            if (turns < 1) {
                throw new ParameterException(
                        spec.commandLine(), "--turns is " + turns + "; each side has to pack at least once");
            }
            FarmRun.Places places = options.places();
            PackagingBench bench = PackagingBench.measure(run.in(places), places, turns, xz, options.notes());
            return options.show(bench, Packaging::print);
        }

        private static void print(PackagingBench bench) {
            System.out.printf(
                    "%s, %d processors, fastest of %d turns%n", bench.release(), bench.processors(), bench.turns());
            for (PackagingBench.Comparison comparison : bench.comparisons()) {
                System.out.printf("%n%s, %s%n", comparison.what(), comparison.compression());
                System.out.printf("  %-28s %8s %8s %8s %12s%n", "", "wall", "CPU", "peak", "size");
                print(comparison.ours());
                print(comparison.theirs());
            }
            System.out.println();
            bench.comparisons().forEach(comparison -> System.out.println(comparison.verdict()));
        }

        private static void print(PackagingBench.Way way) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-28s %6.2f s %6.2f s %4d MiB %12d%n",
                    way.name(),
                    way.cost().wallSeconds(),
                    way.cost().cpuSeconds(),
                    way.cost().peakMib(),
                    way.comparedBytes());
            way.steps()
                    .forEach(step ->
                            System.out.printf(Locale.ROOT, "    %-48s %6.2f s%n", step.name(), step.wallSeconds()));
            way.packages().forEach((name, size) -> System.out.printf("    %-60s %12d%n", name, size));
        }
    }

    /** {@code farm bench repository}. */
    @Command(
            name = "repository",
            description =
                    "Adds a kernel to repositories of many, as the farm does and with apt-ftparchive and createrepo_c.",
            mixinStandardHelpOptions = true)
    static final class Repository implements Callable<Integer> {

        @Mixin
        private Options options;

        @Override
        public Integer call() {
            RepositoryBench bench = RepositoryBench.measure(options.places(), options.notes());
            return options.show(bench, Repository::print);
        }

        private static void print(RepositoryBench bench) {
            System.out.printf(
                    Locale.ROOT, "adding one kernel of 2 debs and 4 rpms, %d processors%n", bench.processors());
            for (RepositoryBench.Grown one : bench.grown()) {
                System.out.printf(
                        Locale.ROOT,
                        "  farm, to %4d packages      %7.2f s as a program, %5.2f s as a call; indexes %6.1f MB%n",
                        one.packages(),
                        one.program(),
                        one.call(),
                        one.indexBytes() / 1e6);
            }
            System.out.printf(
                    Locale.ROOT,
                    "  others, to %4d packages    %7.2f s   apt-ftparchive with its cache, xz, zstd, gpg %.2f s;"
                            + " rpmsign, createrepo_c --update, gpg %.2f s%n",
                    bench.packages(),
                    bench.apt() + bench.dnf(),
                    bench.apt(),
                    bench.dnf());
            System.out.printf(
                    Locale.ROOT,
                    "  ratio                      %7.1f   to the program, %.1f to the call%n",
                    bench.programRatio(),
                    bench.callRatio());
        }
    }

    /** {@code farm bench dashboard}. */
    @Command(
            name = "dashboard",
            description =
                    "Writes the dashboard over many copies of a run, and again after one more; beside it, the same"
                            + " results as Ant's JUnit report.",
            mixinStandardHelpOptions = true)
    static final class Dashboard implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.RunParameter run;

        @Option(
                names = "--runs",
                paramLabel = "N",
                defaultValue = "1000",
                description = "how many runs there are (default: ${DEFAULT-VALUE})")
        private int runs;

        @Option(
                names = "--cells",
                paramLabel = "N",
                defaultValue = "30",
                description = "how many cells each run has (default: ${DEFAULT-VALUE})")
        private int cells;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (runs < 1 || cells < 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--runs is " + runs + " and --cells is " + cells + "; both have to be at least 1");
            }
            FarmRun.Places places = options.places();
            DashboardBench bench = DashboardBench.measure(run.in(places), runs, cells, places, options.notes());
            return options.show(bench, Dashboard::print);
        }

        private static void print(DashboardBench bench) {
            System.out.printf(
                    Locale.ROOT,
                    "%d runs of %d cells, copies of %s, without consoles, %d processors%n",
                    bench.runs(),
                    bench.cells(),
                    bench.release(),
                    bench.processors());
            System.out.printf(Locale.ROOT, "  all pages           %8.1f s   %d files%n", bench.all(), bench.files());
            System.out.printf(Locale.ROOT, "  nothing new         %8.2f s%n", bench.again());
            System.out.printf(
                    Locale.ROOT,
                    "  after one new run   %8.2f s   %d files written%n",
                    bench.afterNew(),
                    bench.written());
            System.out.printf(
                    Locale.ROOT,
                    "  first page          %8.1f kB  with all that it loads; %.1f kB as it is sent, by gzip%n",
                    bench.home().plain() / 1e3,
                    bench.home().gzip() / 1e3);
            Optional.ofNullable(bench.opened())
                    .ifPresentOrElse(
                            page -> System.out.printf(
                                    Locale.ROOT,
                                    "  opening it          %8.0f ms  until it can be used, with %.1f kB over the wire%n",
                                    page.interactive(),
                                    page.bytes() / 1e3),
                            () -> System.out.println("  not opened in a browser: 'chromium' is missing"));
            Optional.ofNullable(bench.console())
                    .ifPresent(console -> System.out.printf(
                            Locale.ROOT,
                            "  a console of %.0f MB  %7.1f s   to write its pages; opened in %.0f ms at its middle, with %.1f kB of %d lines%n",
                            console.megabytes(),
                            console.written(),
                            console.page().shown(),
                            console.page().bytes() / 1e3,
                            console.lines()));
            Optional.ofNullable(bench.report())
                    .ifPresentOrElse(
                            report -> System.out.printf(
                                    Locale.ROOT,
                                    "  %s   %.1f s   over %.0f MB of %d runs, each time all of it: %s%n",
                                    report.program(),
                                    report.seconds(),
                                    report.megabytes(),
                                    report.runs(),
                                    report.outcome()),
                            () -> System.out.println(
                                    "  no JUnit report beside it: 'ant' and 'ant-optional' are missing"));
        }
    }

    /** {@code farm bench jenkins}. */
    @Command(
            name = "jenkins",
            description =
                    "Runs the same commands on an agent of a real Jenkins by the step 'farm' and by a plain 'sh' step, in turn, and"
                            + " compares their medians; asks for the pages over a job with many builds.",
            mixinStandardHelpOptions = true)
    static final class OnJenkins implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.SpecOption spec;

        @Mixin
        private JenkinsVerb.Parts parts;

        @Option(
                names = "--times",
                paramLabel = "N",
                defaultValue = "7",
                description = "how often each step runs each command (default: ${DEFAULT-VALUE})")
        private int times;

        @Option(
                names = "--builds",
                paramLabel = "N",
                defaultValue = "10000",
                description = "how many builds the job has whose pages are asked for; 0 leaves pages out"
                        + " (default: ${DEFAULT-VALUE})")
        private int builds;

        @Option(
                names = "--cells",
                paramLabel = "N",
                defaultValue = "30",
                description = "how many cells each of these builds has, up to " + ManyBuilds.MOST_CELLS
                        + " (default: ${DEFAULT-VALUE})")
        private int cells;

        @Option(
                names = "--requests",
                paramLabel = "N",
                defaultValue = "15",
                description = "how often each page is asked for (default: ${DEFAULT-VALUE})")
        private int requests;

        @Spec
        private CommandSpec self;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (times < 1 || requests < 1 || builds < 0 || cells < 1 || cells > ManyBuilds.MOST_CELLS) {
                throw new ParameterException(
                        self.commandLine(),
                        "--times is %d, --requests is %d, --builds is %d and --cells is %d; the first two have to be at least 1,"
                                        .formatted(times, requests, builds, cells)
                                + " builds at least 0, and cells from 1 to " + ManyBuilds.MOST_CELLS);
            }
            JenkinsDistribution distribution =
                    parts.distribution(options.places().cache(), options.notes());
            Path home = Files.createTempDirectory("kernel-farm-jenkins-");
            JenkinsVerb.stopWithThis();
            try {
                JenkinsBench bench = JenkinsBench.measure(
                        new JenkinsFarm.Wish(distribution, parts.plugin(), spec.file(), home, 0),
                        new JenkinsBench.Extent(times, builds, cells, requests),
                        options.notes());
                return options.show(bench, this::print);
            } finally {
                FileTrees.delete(home);
            }
        }

        private void print(JenkinsBench bench) {
            System.out.printf(Locale.ROOT, "Jenkins %s, %d processors%n", bench.jenkins(), bench.processors());
            for (JenkinsBench.Steps steps : bench.steps()) {
                System.out.printf(
                        Locale.ROOT,
                        "%n%s, medians of %d, load average before %.2f%n  sh    %6.2f s%n  farm  %6.2f s%n  ratio %6.3f, %.2f s more%n",
                        steps.command(),
                        times,
                        steps.load(),
                        steps.medianSh(),
                        steps.medianFarm(),
                        steps.ratio(),
                        steps.medianFarm() - steps.medianSh());
            }
            if (!bench.pages().times().isEmpty()) {
                print(bench.pages());
            }
        }

        private void print(JenkinsBench.Pages pages) {
            System.out.printf(
                    Locale.ROOT,
                    "%npages over %d builds of %d cells, %d requests each, load average before %.2f%n  %8s %8s %8s%n",
                    pages.job().builds(),
                    pages.job().cells(),
                    requests,
                    pages.load(),
                    "first",
                    "median",
                    "slowest");
            for (PageTime page : pages.times()) {
                System.out.printf(
                        Locale.ROOT,
                        "  %5.0f ms %5.0f ms %5.0f ms  %s%s%n",
                        page.first(),
                        page.median(),
                        page.slowest(),
                        page.page(),
                        page.isFast() ? "" : "  (over the limit of %.0f ms)".formatted(PageTime.LIMIT));
            }
        }
    }
}
