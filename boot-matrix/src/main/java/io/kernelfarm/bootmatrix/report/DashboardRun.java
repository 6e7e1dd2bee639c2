package io.kernelfarm.bootmatrix.report;

import io.kernelfarm.bootmatrix.MatrixResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that the dashboard shows of one run.
 *
 * @param id the run's name, which becomes the name of its folder in the dashboard
 * @param boot the folder of {@code matrix.json}, which console paths are relative to
 * @param started when the run began
 * @param matrix what became of the boot matrix; empty for a run that ended before it or has not reached it yet
 * @param note one sentence on why there is no matrix yet or will be none; empty when there is one
 * @param packages the packages that the run made
 * @param install how to install them, a snippet for each package manager
 * @param stages the stages that ran, in their order
 */
public record DashboardRun(
        String id,
        Path boot,
        Instant started,
        Optional<MatrixResult> matrix,
        String note,
        List<PackageFile> packages,
        List<Snippet> install,
        List<StageTime> stages) {

    public DashboardRun {
        packages = List.copyOf(packages);
        install = List.copyOf(install);
        stages = List.copyOf(stages);
    }

    /**
     * A package to download.
     *
     * @param file where it is; pages link to it by the way that leads there from the dashboard
     * @param size in bytes
     * @param sha256 lower-case hexadecimal
     */
    public record PackageFile(Path file, long size, String sha256) {}

    /**
     * Text to copy into a shell.
     *
     * @param title whom it is for, for example {@code Debian, Ubuntu (apt)}
     */
    public record Snippet(String title, String text) {}

    /** How long a stage took, in seconds. */
    public record StageTime(String stage, double seconds) {}
}
