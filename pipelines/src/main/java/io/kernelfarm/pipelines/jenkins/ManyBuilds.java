package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunRecord;
import io.kernelfarm.pipelines.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A freestyle job with many builds behind it, written into a home as Jenkins and the plugin leave them, while Jenkins does not run. The
 * newest builds have all that is kept of a run; the others have what pages over many runs read.
 *
 * @param name the job's
 * @param builds how many it has; they are numbered from 1
 * @param cells of each build's matrix, at most {@link #MOST_CELLS}
 */
public record ManyBuilds(String name, int builds, int cells) {
    /** What three machines, three hypervisors and five modes come to. */
    public static final int MOST_CELLS = 45;

    /** Builds with all that is kept of a run. */
    private static final int WHOLE = 5;

    private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration APART = Duration.ofHours(5);
    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String IMAGE = "b1".repeat(32);
    private static final double BOOT_SECONDS = 12.5;
    private static final double CELL_SECONDS = 20;

    /** The name of the run that build {@code number} collected. */
    public String runId(int number) {
        return RUN_ID.format(at(number)) + "-%06x".formatted(number);
    }

    private static Instant at(int number) {
        return FIRST.plus(APART.multipliedBy(number));
    }

    /** Writes the job into Jenkins' home. */
    public void write(Path jenkinsHome) throws IOException {
        Path job = Files.createDirectories(jenkinsHome.resolve("jobs").resolve(name));
        Files.writeString(job.resolve("config.xml"), "<?xml version='1.1' encoding='UTF-8'?>\n<project/>\n");
        Files.writeString(job.resolve("nextBuildNumber"), Integer.toString(builds + 1));
        // As Jenkins has it after each build; without it, it loads all builds to find that none was unstable.
        Files.writeString(Files.createDirectories(job.resolve("builds")).resolve("permalinks"), """
                lastCompletedBuild %1$d
                lastFailedBuild %1$d
                lastStableBuild %1$d
                lastSuccessfulBuild %1$d
                lastUnstableBuild -1
                lastUnsuccessfulBuild %1$d
                """.formatted(builds));
        Random random = new Random(1);
        for (int number = 1; number <= builds; number++) {
            write(job.resolve("builds").resolve(Integer.toString(number)), number, results(number, random));
        }
    }

    /** One build: {@code build.xml}, and beside it in {@code kernel-farm/} what the plugin keeps. */
    private void write(Path build, int number, List<CellResult> results) throws IOException {
        Verdict verdict =
                Verdict.worst(results.stream().map(CellResult::verdict).toList());
        Path kept = build.resolve("kernel-farm");
        summary(number, verdict, results).write(new DashboardLayout(kept).summary(runId(number)));
        if (number > builds - WHOLE) {
            whole(new RunLayout(kept.resolve(runId(number))), number, verdict, results);
        }
        Files.writeString(build.resolve("build.xml"), """
                <?xml version='1.1' encoding='UTF-8'?>
                <build>
                  <actions>
                    <io.jenkins.plugins.kernelfarm.pages.BootMatrixAction plugin="kernel-farm@0.1.0">
                      <runs><string>%1$s</string></runs>
                      <verdict>%2$s</verdict>
                    </io.jenkins.plugins.kernelfarm.pages.BootMatrixAction>
                  </actions>
                  <timestamp>%3$d</timestamp><startTime>%3$d</startTime>
                  <result>%4$s</result><duration>60000</duration><keepLog>false</keepLog>
                  <builtOn></builtOn><workspace>/nowhere</workspace>
                </build>
                """.formatted(
                runId(number), verdict, at(number).toEpochMilli(), verdict == Verdict.PASS ? "SUCCESS" : "FAILURE"));
    }

    /** The run's own files, with a console for each cell. */
    private void whole(RunLayout run, int number, Verdict verdict, List<CellResult> results) throws IOException {
        Files.createDirectories(run.consoles());
        Json.write(
                run.record(),
                new RunRecord(
                        RunRecord.FORMAT_VERSION,
                        run.id(),
                        RunRecord.State.DONE,
                        verdict,
                        at(number),
                        seconds(results),
                        null,
                        List.of(new RunRecord.StageRecord(Stage.BOOT, verdict, seconds(results), "", ""))));
        MatrixJson.write(
                new MatrixResult(kernel(number), "", "QEMU", at(number), seconds(results), results), run.matrix());
        for (CellResult result : results) {
            Files.writeString(
                    run.boot().resolve(result.console()),
                    "[    0.000000] Linux version " + kernel(number).release() + "\n");
        }
    }

    private RunSummary summary(int number, Verdict verdict, List<CellResult> results) {
        return new RunSummary(
                "",
                runId(number),
                kernel(number).release(),
                kernel(number).source(),
                at(number),
                seconds(results),
                List.of(),
                verdict,
                "",
                results.stream()
                        .map(one -> new RunSummary.CellSummary(
                                one.cell().mode(),
                                one.cell().hypervisor(),
                                one.cell().firmware(),
                                one.cell().machine(),
                                one.cell().required(),
                                one.verdict(),
                                one.flaky(),
                                one.seconds(),
                                BOOT_SECONDS))
                        .toList(),
                List.of(new DashboardRun.StageTime(Stage.BOOT.id(), seconds(results))));
    }

    private static double seconds(List<CellResult> results) {
        return results.stream().mapToDouble(CellResult::seconds).sum();
    }

    private static KernelId kernel(int number) {
        return new KernelId(
                "6.%d.%d-farm1".formatted(1 + number / 1000, number % 1000),
                IMAGE,
                "debian:linux-source-6.1=6.1." + number);
    }

    /** Mostly good ones: now and then a cell fails, and sometimes a mode for some builds on end. */
    private List<CellResult> results(int number, Random random) {
        List<CellResult> results = new ArrayList<>();
        for (String machine : List.of("qemu", "rack1", "rack2")) {
            for (String xen : List.of("xen-4.14", "xen-4.17", "xen-4.20")) {
                for (Mode mode : List.of(Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM)) {
                    if (results.size() < cells) {
                        boolean bad = random.nextInt(40) == 0 || (number % 97 < 3 && mode == Mode.PVH);
                        results.add(result(new Cell(mode, xen, "bios", machine, true), bad));
                    }
                }
            }
        }
        return results;
    }

    private static CellResult result(Cell cell, boolean bad) {
        Verdict verdict = bad ? Verdict.FAIL : Verdict.PASS;
        String reason = bad ? "the kernel panicked" : "";
        String console = "consoles/" + cell.id() + ".log";
        List<CheckResult> checks = List.of(new CheckResult("boot", verdict, BOOT_SECONDS, reason, List.of()));
        return new CellResult(
                cell,
                verdict,
                false,
                reason,
                CELL_SECONDS,
                IMAGE,
                console,
                checks,
                List.of(new Attempt(Attempt.SUBJECT, "", verdict, CELL_SECONDS, reason, "DONE", console, checks)));
    }
}
