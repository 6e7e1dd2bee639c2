package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.dnf.DnfLayout;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Dashboard;
import io.kernelfarm.bootmatrix.report.DashboardRun;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes what people and CI servers read: {@code junit.xml} of a run, and the dashboard over all of them. */
public final class ReportStage {

    private ReportStage() {}

    /** Reports {@code run}'s matrix, and writes the dashboard anew. */
    static void run(RunLayout run, OutLayout out) throws IOException {
        if (Files.isRegularFile(run.matrix())) {
            JunitXml.write(MatrixJson.read(run.matrix()), run.junit());
        }
        writeDashboard(out);
    }

    /**
     * Writes the dashboard over all runs there are.
     *
     * @return its first page
     */
    public static Path dashboard(FarmRun.Places places) {
        return places.guard(() -> {
            writeDashboard(places.out());
            return places.out().dashboard().home();
        });
    }

    private static void writeDashboard(OutLayout out) throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (RunLayout run : out.all()) {
            runs.add(dashboardRun(run, out));
        }
        Files.createDirectories(out.dashboard().root());
        new Dashboard(out.dashboard()).write(runs);
    }

    private static DashboardRun dashboardRun(RunLayout layout, OutLayout out) throws IOException {
        RunRecord run = Json.read(layout.record(), RunRecord.class);
        Optional<MatrixResult> matrix =
                Files.isRegularFile(layout.matrix()) ? Optional.of(MatrixJson.read(layout.matrix())) : Optional.empty();
        return new DashboardRun(
                run.id(),
                layout.boot(),
                run.started(),
                matrix,
                matrix.isPresent() ? "" : note(run),
                packages(layout),
                published(run) ? install(layout, run, out) : List.of(),
                run.stages().stream()
                        .map(stage -> new DashboardRun.StageTime(stage.stage().id(), stage.seconds()))
                        .toList());
    }

    /** Why there is no matrix. */
    private static String note(RunRecord run) {
        if (run.state() == RunRecord.State.INTERRUPTED) {
            return "The run was interrupted.";
        }
        return run.stages().stream()
                .filter(stage -> !stage.reason().isEmpty())
                .findFirst()
                .map(stage -> stage.stage() + ": " + stage.reason())
                .orElse("");
    }

    private static List<DashboardRun.PackageFile> packages(RunLayout layout) throws IOException {
        List<DashboardRun.PackageFile> packages = new ArrayList<>();
        if (Files.isDirectory(layout.packages())) {
            try (Stream<Path> files = Files.list(layout.packages())) {
                for (Path file : files.sorted().toList()) {
                    packages.add(new DashboardRun.PackageFile(file, Files.size(file), Sha256.of(file)));
                }
            }
        }
        return packages;
    }

    /** Whether {@code run}'s packages are in the repositories. */
    public static boolean published(RunRecord run) {
        return run.stages().stream()
                .anyMatch(stage ->
                        stage.stage() == Stage.PUBLISH && stage.reason().isEmpty());
    }

    /**
     * How to install the run's packages from their channel. The repositories are not signed, and the client has to say that
     * it knows (apt-secure(8), dnf.conf(5)).
     */
    public static List<DashboardRun.Snippet> install(RunLayout layout, RunRecord run, OutLayout out)
            throws IOException {
        String channel = run.spec().channel();
        String deb = "";
        String rpm = "";
        for (DashboardRun.PackageFile file : packages(layout)) {
            String name = file.file().getFileName().toString();
            if (name.endsWith(".deb")) {
                deb = name.substring(0, name.indexOf('_'));
            } else {
                rpm = name.substring(0, name.lastIndexOf('.'));
            }
        }
        return List.of(
                new DashboardRun.Snippet(
                        "Debian, Ubuntu (apt)",
                        "echo 'deb [trusted=yes] " + out.aptRepository().toUri() + " " + channel
                                + " main' | sudo tee /etc/apt/sources.list.d/kernel-farm.list\n"
                                + "sudo apt update && sudo apt install " + deb + "\n"),
                new DashboardRun.Snippet(
                        "Fedora, RHEL (dnf)",
                        "printf '[kernel-farm]\\nname=Kernel Farm\\nbaseurl="
                                + new DnfLayout(out.dnfRepository())
                                        .channel(channel)
                                        .toUri()
                                + "\\ngpgcheck=0\\n' | sudo tee /etc/yum.repos.d/kernel-farm.repo\n"
                                + "sudo dnf install " + rpm + "\n"));
    }
}
