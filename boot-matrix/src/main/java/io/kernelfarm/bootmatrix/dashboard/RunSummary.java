package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What pages over all runs show of one run. It is kept as {@code runs/ID/summary.json}, its names in snake_case, so that a run
 * that did not change need not be read again.
 *
 * @param fingerprint of the {@link RunSource} that it was read from
 * @param id the run's name
 * @param release the kernel's, as {@code uname -r} prints it; empty while that is not known
 * @param source what the kernel was made from; empty while that is not known
 * @param started when the run began
 * @param seconds that all stages took together
 * @param channels that have the packages, the one that every build goes to first
 * @param verdict the worst cell's; {@code MISS} for a run without a matrix
 * @param standing why there is no matrix, as a sentence; empty when there is one
 * @param cells in the matrix's order
 * @param stages that ran, in their order
 */
public record RunSummary(
        String fingerprint,
        String id,
        String release,
        String source,
        Instant started,
        double seconds,
        List<String> channels,
        Verdict verdict,
        String standing,
        List<CellSummary> cells,
        List<DashboardRun.StageTime> stages) {

    /** The newest first. */
    static final Comparator<RunSummary> NEWEST_FIRST = Comparator.comparing(RunSummary::started)
            .thenComparing(RunSummary::id)
            .reversed();

    /** The check that times how long the kernel took from its first line to the end of its boot. */
    private static final String BOOT_CHECK = "boot";

    public RunSummary {
        channels = List.copyOf(channels);
        cells = List.copyOf(cells);
        stages = List.copyOf(stages);
    }

    public static RunSummary of(DashboardRun run, String fingerprint) {
        List<CellResult> cells = run.matrix().map(MatrixResult::cells).orElse(List.of());
        return new RunSummary(
                fingerprint,
                run.id(),
                run.matrix().map(matrix -> matrix.kernel().release()).orElse(""),
                run.matrix()
                        .map(matrix -> matrix.kernel().source())
                        .or(() -> run.provenance().map(DashboardRun.Provenance::source))
                        .orElse(""),
                run.started(),
                run.stages().stream()
                        .mapToDouble(DashboardRun.StageTime::seconds)
                        .sum(),
                run.channels(),
                run.matrix().map(MatrixResult::verdict).orElse(Verdict.MISS),
                run.matrix().isPresent() ? "" : run.standing(),
                cells.stream().map(CellSummary::of).toList(),
                run.stages());
    }

    /** Whether the run has come as far as a matrix. */
    public boolean hasMatrix() {
        return standing.isEmpty();
    }

    /** Whether a cell is of a fake machine: then the matrix proves nothing. */
    @JsonIgnore
    public boolean isFake() {
        return cells.stream().anyMatch(cell -> cell.cell().isFake());
    }

    /** What people call the run by. */
    public String name() {
        return release.isEmpty() ? id : release;
    }

    /** The source without its version: what successive kernels have in common. */
    public String line() {
        return source.replaceFirst("=.*", "").replaceFirst("^git:.*", "git");
    }

    /** The summary in {@code file}; none if there is no such file, or one that another farm wrote in another way. */
    public static Optional<RunSummary> read(Path file) throws IOException {
        return DataFile.read(file, RunSummary.class);
    }

    public void write(Path file) throws IOException {
        AtomicFile.write(file, json() + "\n");
    }

    /** The summary as it stands in files. */
    JsonNode json() {
        return DataFile.tree(this);
    }

    /**
     * One cell of the run's matrix.
     *
     * @param hypervisor {@code none}, or for example {@code xen-4.17}
     * @param required whether promotion needs a PASS here
     * @param flaky PASS, but only after an attempt that was not
     * @param seconds of the attempt that decided the verdict
     * @param bootSeconds that the kernel's boot took in it; 0 if that was not seen
     */
    public record CellSummary(
            Mode mode,
            String hypervisor,
            String firmware,
            String machine,
            boolean required,
            Verdict verdict,
            boolean flaky,
            double seconds,
            double bootSeconds) {

        static CellSummary of(CellResult result) {
            Cell cell = result.cell();
            return new CellSummary(
                    cell.mode(),
                    cell.hypervisor(),
                    cell.firmware(),
                    cell.machine(),
                    cell.required(),
                    result.verdict(),
                    result.flaky(),
                    result.seconds(),
                    result.checks().stream()
                            .filter(check -> check.name().equals(BOOT_CHECK) && check.verdict() == Verdict.PASS)
                            .mapToDouble(CheckResult::seconds)
                            .findFirst()
                            .orElse(0));
        }

        /** The cell itself, which has the name of its place on the run's page. */
        public Cell cell() {
            return new Cell(mode, hypervisor, firmware, machine, required);
        }
    }
}
