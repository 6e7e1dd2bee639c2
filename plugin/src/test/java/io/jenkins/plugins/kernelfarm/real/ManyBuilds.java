package io.jenkins.plugins.kernelfarm.real;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.SampleRun;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A freestyle job with many builds behind it, written as Jenkins and the plugin leave them, while Jenkins does not run. */
public final class ManyBuilds {
    /** Builds with all that is kept of a run; the others have what pages over many runs read. */
    private static final int WHOLE = 5;

    private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");

    private ManyBuilds() {}

    /** Writes the job {@code name} with so many builds of {@code cells} cells each. */
    public static void write(Path jenkinsHome, String name, int builds, int cells) throws IOException {
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
            Instant at = FIRST.plus(Duration.ofHours(5L * number));
            String id = SampleRun.id(at, "%06x".formatted(number));
            List<CellResult> results = results(cells, number, random);
            Path build = Files.createDirectories(job.resolve("builds").resolve(Integer.toString(number)));
            KeptLayout kept = KeptLayout.ofBuild(build);
            Verdict verdict =
                    Verdict.worst(results.stream().map(CellResult::verdict).toList());
            if (number > builds - WHOLE) {
                SampleRun.write(
                        kept.folder(), id, SampleRun.matrix(release(number), results.toArray(CellResult[]::new)));
            }
            summary(id, number, at, verdict, results).write(kept.dashboard().summary(id));
            Files.writeString(build.resolve("build.xml"), """
                    <?xml version='1.1' encoding='UTF-8'?>
                    <build>
                      <actions>
                        <io.jenkins.plugins.kernelfarm.pages.BootMatrixAction plugin="kernel-farm@0.1.0">
                          <runs><string>%s</string></runs>
                          <verdict>%s</verdict>
                        </io.jenkins.plugins.kernelfarm.pages.BootMatrixAction>
                      </actions>
                      <timestamp>%d</timestamp><startTime>%d</startTime>
                      <result>%s</result><duration>60000</duration><keepLog>false</keepLog>
                      <builtOn></builtOn><workspace>/nowhere</workspace>
                    </build>
                    """.formatted(
                            id,
                            verdict,
                            at.toEpochMilli(),
                            at.toEpochMilli(),
                            verdict == Verdict.PASS ? "SUCCESS" : "FAILURE"));
        }
    }

    private static String release(int number) {
        return "6.%d.%d-farm1".formatted(1 + number / 1000, number % 1000);
    }

    private static List<CellResult> results(int cells, int number, Random random) {
        List<CellResult> results = new ArrayList<>();
        for (String machine : List.of("qemu", "rack1", "rack2")) {
            for (String xen : List.of("xen-4.14", "xen-4.17", "xen-4.20")) {
                for (Mode mode : List.of(Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM)) {
                    if (results.size() < cells) {
                        boolean bad = random.nextInt(40) == 0 || (number % 97 < 3 && mode == Mode.PVH);
                        results.add(SampleRun.cell(mode, xen, machine, bad ? Verdict.FAIL : Verdict.PASS));
                    }
                }
            }
        }
        return results;
    }

    private static RunSummary summary(String id, int number, Instant at, Verdict verdict, List<CellResult> results) {
        return new RunSummary(
                "",
                id,
                release(number),
                "debian:linux-source-6.1=6.1." + number,
                at,
                900,
                List.of(),
                verdict,
                "",
                results.stream()
                        .map(one -> new RunSummary.CellSummary(
                                one.cell().mode(),
                                one.cell().hypervisor(),
                                one.cell().firmware(),
                                one.cell().machine(),
                                true,
                                one.verdict(),
                                one.flaky(),
                                one.seconds(),
                                12.5))
                        .toList(),
                List.of());
    }
}
