package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;

/** Kernels that followed on each other, for the tests of what compares them. */
final class Kernels {

    static final Instant FIRST = Instant.parse("2026-06-01T04:00:00Z");

    /** All the cells of a matrix over three Xens. */
    static final List<Cell> CELLS = cells();

    private Kernels() {}

    /** A kernel's matrix, in which {@code verdict} tells of each cell what became of it. */
    static MatrixResult matrix(int number, List<Cell> cells, BiFunction<Integer, Cell, Verdict> verdict) {
        Random random = new Random(number);
        List<CellResult> results = new ArrayList<>();
        for (Cell cell : cells) {
            results.add(cell(
                    cell, verdict.apply(number, cell), false, usual(cell.mode()) * (0.9 + 0.2 * random.nextDouble())));
        }
        return new MatrixResult(
                new KernelId(
                        "6.1." + number + "-farm1",
                        Samples.IMAGE + number,
                        "debian:linux-source-6.1=6.1." + number + "-1"),
                "",
                "QEMU emulator version 7.2.22",
                FIRST.plus(Duration.ofDays(number)),
                420 + random.nextInt(60),
                results);
    }

    /** A cell's result; of its seconds, its boot took two thirds. */
    static CellResult cell(Cell cell, Verdict verdict, boolean flaky, double seconds) {
        String reason = verdict == Verdict.PASS ? "" : "It did not do what was asked.";
        List<CheckResult> checks = verdict == Verdict.PASS
                ? List.of(new CheckResult("boot", Verdict.PASS, seconds * 2 / 3, "", List.of()))
                : List.of();
        List<Attempt> attempts = verdict == Verdict.MISS || verdict == Verdict.SKIP
                ? List.of()
                : List.of(new Attempt(Attempt.SUBJECT, "", verdict, seconds, reason, "READY", "", checks));
        return new CellResult(
                cell, verdict, flaky, reason, attempts.isEmpty() ? 0 : seconds, Samples.IMAGE, "", checks, attempts);
    }

    /** A run whose configuration sets {@code options}, written {@code NAME=value}. */
    static DashboardRun run(Path out, MatrixResult matrix, String... options) throws IOException {
        String id = matrix.started().toString().replaceAll("[-:]", "") + "-"
                + matrix.kernel().release().replaceAll("[.-]", "");
        DashboardRun run = Samples.run(id, out, matrix);
        List<DashboardRun.PackageFile> packages = new ArrayList<>();
        for (DashboardRun.PackageFile file : run.packages()) {
            Files.createDirectories(file.file().getParent());
            Files.writeString(file.file(), "package");
            boolean deb = file.file().toString().endsWith(".deb");
            packages.add(new DashboardRun.PackageFile(
                    file.file(),
                    file.size(),
                    file.sha256(),
                    Optional.of(new DashboardRun.Signature(
                            deb ? "InRelease of testing" : "its own header",
                            deb ? out.resolve("repository/InRelease") : file.file(),
                            out.resolve("repository/kernel-farm.asc")))));
        }
        List<DashboardRun.Option> set = new ArrayList<>();
        for (String option : options) {
            String[] parts = option.split("=", 2);
            set.add(new DashboardRun.Option(parts[0], parts[1], ""));
        }
        DashboardRun.Build build = run.build().orElseThrow();
        return new DashboardRun(
                run.id(),
                run.boot(),
                matrix.started(),
                run.matrix(),
                run.note(),
                packages,
                run.install(),
                run.stages(),
                run.provenance(),
                run.channels(),
                run.promotions(),
                Optional.of(new DashboardRun.Build(
                        build.release(),
                        build.source(),
                        build.profile(),
                        build.compiler(),
                        build.linker(),
                        build.seconds(),
                        build.cacheHits(),
                        build.cacheMisses(),
                        build.config(),
                        options.length == 0 ? build.options() : () -> set)));
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String firmware : List.of("bios", "uefi")) {
            cells.add(new Cell(Mode.METAL, "none", firmware, "qemu", true));
            for (String xen : List.of("xen-4.14", "xen-4.17", "xen-4.20")) {
                for (Mode mode : Mode.values()) {
                    if (mode != Mode.METAL) {
                        cells.add(new Cell(mode, xen, firmware, "qemu", true));
                    }
                }
            }
        }
        return List.copyOf(cells);
    }

    private static double usual(Mode mode) {
        return switch (mode) {
            case METAL -> 7;
            case DOM0_PV, DOM0_PVH -> 14;
            case PV -> 48;
            case PVH -> 66;
            case HVM -> 170;
            case PVHVM -> 160;
        };
    }
}
