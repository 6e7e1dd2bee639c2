package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Many runs without a file behind them, the same each time. */
final class Summaries {

    private static final List<String> XENS = List.of("xen-4.14", "xen-4.17", "xen-4.20");

    private Summaries() {}

    /** So many runs, the newest first; every seventh has no matrix. */
    static List<RunSummary> newestFirst(int runs) {
        List<RunSummary> all = new ArrayList<>();
        for (int number = runs; number >= 1; number--) {
            all.add(run(number));
        }
        return all;
    }

    /** The run with a number that counts from the oldest, 1. */
    static RunSummary run(int number) {
        Random random = new Random(number);
        boolean ended = number % 7 == 3;
        List<RunSummary.CellSummary> cells = ended ? List.of() : cells(random);
        return new RunSummary(
                "fingerprint of " + number,
                "run-%04d".formatted(number),
                ended ? "" : "6.1.%d-farm%d".formatted(number / 3, number % 3 + 1),
                "debian:linux-source-6.12=6.12.%d-1".formatted(number / 3),
                Samples.STARTED.minus(Duration.ofHours(7L * (2000 - number))),
                400 + random.nextInt(2000),
                ended ? List.of() : number % 4 == 0 ? List.of("testing", "stable") : List.of("testing"),
                Verdict.worst(
                        cells.stream().map(RunSummary.CellSummary::verdict).toList()),
                ended ? "The run ended in configure: CONFIG_XEN_PVHVM_GUEST was asked for and did not stick." : "",
                cells,
                List.of(new DashboardRun.StageTime("compile", 300.4), new DashboardRun.StageTime("boot", 88.1)));
    }

    private static List<RunSummary.CellSummary> cells(Random random) {
        List<RunSummary.CellSummary> cells = new ArrayList<>();
        for (String firmware : List.of("bios", "uefi")) {
            for (Mode mode : Mode.values()) {
                List<String> hypervisors = mode == Mode.METAL ? List.of("none") : XENS;
                for (String hypervisor : hypervisors) {
                    cells.add(cell(mode, hypervisor, firmware, random));
                }
            }
        }
        return cells.subList(0, 30);
    }

    private static RunSummary.CellSummary cell(Mode mode, String hypervisor, String firmware, Random random) {
        Verdict verdict =
                switch (random.nextInt(200)) {
                    case 0, 1 -> Verdict.FAIL;
                    case 2 -> Verdict.ERROR;
                    case 3 -> Verdict.MISS;
                    default -> Verdict.PASS;
                };
        return new RunSummary.CellSummary(
                mode,
                hypervisor,
                firmware,
                "qemu",
                true,
                verdict,
                verdict == Verdict.PASS && random.nextInt(200) == 0,
                20 + random.nextInt(80),
                5 + random.nextInt(40));
    }

    /**
     * Lays {@code summaries} where the dashboard has them from an earlier time.
     *
     * @return their runs, none of which can be read
     */
    static List<RunSource> keep(DashboardLayout layout, List<RunSummary> summaries) throws IOException {
        List<RunSource> sources = new ArrayList<>();
        for (RunSummary summary : summaries) {
            summary.write(layout.summary(summary.id()));
            sources.add(new RunSource(summary.id(), summary.fingerprint(), () -> {
                throw new IOException(summary.id() + " was read, though nothing changed");
            }));
        }
        return sources;
    }

    /** {@code sources} with one more. */
    static List<RunSource> and(List<RunSource> sources, RunSource more) {
        return Stream.concat(sources.stream(), Stream.of(more)).toList();
    }
}
