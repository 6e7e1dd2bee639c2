package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What the dashboard costs over many runs: all of it, and after one new run; beside it Ant's {@code junitreport}, which many
 * CI servers' reports come from, over the same results. The runs are copies of a real one, with verdicts and times that vary and
 * without consoles, of which a JUnit report knows nothing.
 *
 * @param release of the kernel whose run was copied
 * @param processors of this machine
 * @param runs how many runs there were before the new one
 * @param cells of each run
 * @param all seconds for all pages of all runs, none of them there before
 * @param again seconds when nothing is new
 * @param afterNew seconds after one new run
 * @param written how many files were written after that run
 * @param files how many files the dashboard has
 * @param home what a browser loads for the first page: itself, stylesheets, scripts and pictures
 * @param opened the first page in a real browser; null where there is none
 * @param console a cell's page with a long console, in a real browser; null where there is none
 * @param report what Ant did; null where it is not installed
 */
public record DashboardBench(
        String release,
        int processors,
        int runs,
        int cells,
        double all,
        double again,
        double afterNew,
        long written,
        long files,
        Size home,
        PageTiming opened,
        LongConsole console,
        Report report) {

    private static final Duration APART = Duration.ofHours(7);
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    /** More than 100 MB. */
    private static final int LONG_LINES = 1_250_000;

    /** What a page loads beside itself. */
    private static final Pattern LOADED = Pattern.compile("<(?:link|script|img) [^>]*(?:href|src)=\"([^\"]*)\"");

    /** Bytes as they are, and as {@code farm serve} sends them to a browser. */
    public record Size(long plain, long gzip) {}

    /**
     * A page over a long console.
     *
     * @param megabytes of the log
     * @param lines of it
     * @param written seconds for this and all other pages of its run
     * @param page in the browser, until the line that its address names is there, in the middle of the log
     */
    public record LongConsole(double megabytes, int lines, double written, PageTiming page) {}

    /**
     * What the other program did.
     *
     * @param program with its version
     * @param runs how many it was given
     * @param seconds that it took
     * @param megabytes of JUnit XML that it read
     * @param outcome {@code done}, or what it died of
     */
    public record Report(String program, int runs, double seconds, double megabytes, String outcome) {}

    /** Measures in the cache's folder; the new run counts as one beyond {@code runs}. */
    public static DashboardBench measure(RunLayout run, int runs, int cells, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            try (Scratch scratch = Scratch.in(places.cache())) {
                return new Yard(run, scratch.folder(), progress).measure(runs, cells);
            }
        });
    }

    /** The place where it is measured. */
    private static final class Yard {
        private final RunLayout sample;
        private final MatrixResult matrix;
        private final RunRecord record;
        private final OutLayout out;
        private final Path folder;
        private final Progress progress;

        Yard(RunLayout sample, Path folder, Progress progress) throws IOException {
            this.sample = sample;
            this.matrix = MatrixJson.read(sample.matrix());
            this.record = Json.read(sample.record(), RunRecord.class);
            this.folder = folder;
            this.out = new OutLayout(folder.resolve("out"));
            this.progress = progress;
        }

        DashboardBench measure(int runs, int cells) throws IOException {
            for (int number = 0; number < runs; number++) {
                make(number, cells);
            }
            progress.note(runs + " runs are there");
            double all = seconds(() -> ReportStage.writeDashboard(out));
            progress.note("all pages: %.1f s".formatted(all));
            double again = seconds(() -> ReportStage.writeDashboard(out));
            make(runs, cells);
            Instant before = Instant.now();
            double afterNew = seconds(() -> ReportStage.writeDashboard(out));
            progress.note("after a new run: %.2f s".formatted(afterNew));
            List<Path> files = files();
            long written = 0;
            for (Path file : files) {
                written += Files.getLastModifiedTime(file).toInstant().isBefore(before) ? 0 : 1;
            }
            return new DashboardBench(
                    matrix.kernel().release(),
                    Runtime.getRuntime().availableProcessors(),
                    runs,
                    cells,
                    all,
                    again,
                    afterNew,
                    written,
                    files.size(),
                    home(),
                    browser() ? PageTiming.of(out, "index.html", ".runs", folder) : null,
                    browser() ? longConsole(runs + 1, cells) : null,
                    report(runs).orElse(null));
        }

        private interface Work {
            void run() throws IOException;
        }

        private static double seconds(Work work) throws IOException {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e9;
        }

        /** The run with a number that counts from the oldest. */
        private void make(int number, int cells) throws IOException {
            Random random = new Random(number);
            Instant started = FIRST.plus(APART.multipliedBy(number));
            RunLayout run = out.run("run-%06d".formatted(number));
            for (Path file : List.of(sample.build().record(), sample.publication())) {
                if (Files.isRegularFile(file)) {
                    Path copy = run.root().resolve(sample.root().relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
            Files.createDirectories(run.boot());
            Json.write(
                    run.record(),
                    new RunRecord(
                            record.version(),
                            run.id(),
                            record.state(),
                            record.verdict(),
                            started,
                            record.seconds(),
                            record.spec(),
                            record.stages().stream()
                                    .map(stage -> new RunRecord.StageRecord(
                                            stage.stage(),
                                            stage.verdict(),
                                            stage.seconds() * varied(random),
                                            stage.summary(),
                                            stage.reason()))
                                    .toList()));
            List<CellResult> results = new ArrayList<>();
            for (int i = 0; i < cells; i++) {
                results.add(cell(i, random));
            }
            MatrixResult made = new MatrixResult(
                    new KernelId(
                            "6.1.%d-farm%d".formatted(number / 3, number % 3 + 1),
                            matrix.kernel().imageSha256(),
                            matrix.kernel().source()),
                    matrix.control(),
                    matrix.emulator(),
                    started,
                    matrix.seconds() * varied(random),
                    results);
            MatrixJson.write(made, run.matrix());
            JunitXml.write(made, run.junit());
        }

        private static double varied(Random random) {
            return 0.8 + 0.4 * random.nextDouble();
        }

        /** A cell of the sample; those beyond its number are on further machines. */
        private CellResult cell(int number, Random random) {
            int all = matrix.cells().size();
            CellResult result = matrix.cells().get(number % all);
            Cell cell = result.cell();
            String machine = number < all ? cell.machine() : cell.machine() + "-" + (number / all + 1);
            Verdict verdict =
                    switch (random.nextInt(100)) {
                        case 0, 1 -> Verdict.FAIL;
                        case 2 -> Verdict.ERROR;
                        case 3 -> Verdict.MISS;
                        default -> Verdict.PASS;
                    };
            return new CellResult(
                    new Cell(cell.mode(), cell.hypervisor(), cell.firmware(), machine, cell.required()),
                    verdict,
                    verdict == Verdict.PASS && random.nextInt(50) == 0,
                    verdict == Verdict.PASS ? "" : "No line came from the console for 30 s.",
                    result.seconds() * varied(random),
                    result.imageSha256(),
                    result.console(),
                    result.checks(),
                    result.attempts());
        }

        private List<Path> files() throws IOException {
            try (Stream<Path> files = Files.walk(out.dashboard().root())) {
                return files.filter(Files::isRegularFile).toList();
            }
        }

        private Size home() throws IOException {
            Path page = out.dashboard().home();
            List<Path> loaded = new ArrayList<>(List.of(page));
            Matcher matcher = LOADED.matcher(Files.readString(page));
            while (matcher.find()) {
                loaded.add(page.resolveSibling(matcher.group(1)).normalize());
            }
            long plain = 0;
            long small = 0;
            for (Path file : loaded.stream().distinct().toList()) {
                byte[] content = Files.readAllBytes(file);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (OutputStream zip = new GZIPOutputStream(bytes)) {
                    zip.write(content);
                }
                plain += content.length;
                small += bytes.size();
            }
            return new Size(plain, small);
        }

        private static boolean browser() throws IOException {
            return says("chromium", "--version").isPresent();
        }

        /** One more run, whose first cell has a log of more than 100 MB. */
        private LongConsole longConsole(int number, int cells) throws IOException {
            make(number, cells);
            RunLayout run = out.run("run-%06d".formatted(number));
            CellResult cell = MatrixJson.read(run.matrix()).cells().get(0);
            Path log = run.boot().resolve(cell.console());
            Files.createDirectories(log.getParent());
            try (BufferedWriter writer = Files.newBufferedWriter(log)) {
                for (int line = 1; line <= LONG_LINES; line++) {
                    writer.write("[%12.6f] line %d of a log that is much too long to be looked at, and goes on and on%n"
                            .formatted(line / 100.0, line));
                }
            }
            double written = seconds(() -> ReportStage.writeDashboard(out));
            progress.note("pages over a console of %.0f MB: %.1f s".formatted(Files.size(log) / 1e6, written));
            String page = out.dashboard()
                    .root()
                    .relativize(out.dashboard().cell(run.id(), cell.cell().id()))
                    .toString();
            PageTiming opened = PageTiming.of(out, page + "#L" + LONG_LINES / 2, ".row.here:not(.waiting)", folder);
            return new LongConsole(Files.size(log) / 1e6, LONG_LINES, written, opened);
        }

        /** All runs' {@code junit.xml} as one report of web pages. */
        private Optional<Report> report(int runs) throws IOException {
            Optional<String> version = version();
            if (version.isEmpty()) {
                return Optional.empty();
            }
            double megabytes = 0;
            for (RunLayout run : out.all()) {
                megabytes += Files.size(run.junit()) / 1e6;
            }
            Path pages = Files.createDirectories(folder.resolve("report"));
            Path build = Files.writeString(folder.resolve("build.xml"), """
                    <project default="report">
                      <target name="report">
                        <junitreport todir="%s">
                          <fileset dir="%s" includes="*/boot/junit.xml"/>
                          <report format="frames" todir="%s"/>
                        </junitreport>
                      </target>
                    </project>
                    """.formatted(pages, out.runs(), pages));
            progress.note("Ant's junitreport over %.0f MB".formatted(megabytes));
            long start = System.nanoTime();
            Command.Result result =
                    Command.of("ant", "-q", "-f", build.toString()).in(folder).run();
            double took = (System.nanoTime() - start) / 1e9;
            return Optional.of(new Report(
                    version.get() + ", junitreport",
                    runs + 1,
                    took,
                    megabytes,
                    result.exit() == 0 ? "done" : result.lastWords()));
        }

        private static Optional<String> version() throws IOException {
            return says("ant", "-version").map(version -> version.replaceFirst("(?s) compiled.*", ""));
        }

        private static Optional<String> says(String... command) throws IOException {
            try {
                Command.Result result = Command.of(command).run();
                return Optional.of(result.output()).filter(said -> result.exit() == 0);
            } catch (FarmException e) {
                return Optional.empty(); // There is none.
            }
        }
    }
}
