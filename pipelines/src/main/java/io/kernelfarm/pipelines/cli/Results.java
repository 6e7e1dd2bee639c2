package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.report.MatrixTable;
import io.kernelfarm.pipelines.OutLayout;
import io.kernelfarm.pipelines.ReportStage;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunRecord;
import io.kernelfarm.pipelines.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person reads at the end of a run: the matrix, and what to do next. */
final class Results {

    private Results() {}

    static void print(RunRecord run, OutLayout places, boolean colour, PrintStream out) {
        RunLayout layout = places.run(run.id());
        boolean booted = run.stages().stream().anyMatch(stage -> stage.stage() == Stage.BOOT);
        if (!booted) {
            return;
        }
        try {
            out.println();
            MatrixResult matrix = MatrixJson.read(layout.matrix());
            out.print(MatrixTable.render(
                    matrix, nearest(shortest(layout, places).boot()), colour, Charset.defaultCharset()));
            if (ReportStage.published(layout)) {
                boolean promoted = run.stages().stream()
                        .anyMatch(stage ->
                                stage.stage() == Stage.PROMOTE && stage.reason().isEmpty());
                printInstall(
                        layout, promoted ? run.spec().promote() : run.spec().channel(), places, out);
                if (!promoted && run.verdict() == Verdict.PASS && !matrix.isFake()) {
                    out.println();
                    out.println("Bring it into the stable channel:");
                    out.println("    ./farm promote " + run.id());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
        out.println("Dashboard: " + places.dashboard().home().toUri());
    }

    /** Prints how to install the run's kernel from {@code channel}. */
    static void printInstall(RunLayout layout, String channel, OutLayout places, PrintStream out) {
        for (DashboardRun.Snippet snippet : ReportStage.install(layout, channel, places)) {
            out.println();
            out.println("Install it on " + snippet.title() + ":");
            snippet.text().lines().forEach(line -> out.println("    " + line));
        }
    }

    /** The run by its shorter name, if it is the newest. */
    private static RunLayout shortest(RunLayout run, OutLayout places) throws IOException {
        boolean newest = Files.exists(places.latest()) && Files.isSameFile(places.latest(), run.root());
        return newest ? new RunLayout(places.latest()) : run;
    }

    /** {@code path} as short as the reader's own folder allows. */
    private static Path nearest(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
