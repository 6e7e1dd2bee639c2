package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the dashboard: plain pages that work from a disk, from any web server and without scripts. A run that did not
 * change is neither read nor written again, so that writing after a run costs by what is new.
 */
public final class Dashboard {

    private static final List<String> ASSETS = List.of(
            "style.css",
            "home.css",
            "kernel.css",
            "history.css",
            "icon.svg",
            "farm.js",
            "copy.js",
            "options.js",
            "history.js",
            "compare.js",
            "console.css",
            "console.js",
            "live.js");

    /** uPlot, which draws the charts, with its licence. */
    private static final Map<String, String> CHARTS = Map.of(
            "uPlot.iife.min.js", "dist/uPlot.iife.min.js",
            "uPlot.min.css", "dist/uPlot.min.css",
            "uPlot.LICENSE", "LICENSE");

    private final DashboardLayout layout;

    public Dashboard(DashboardLayout layout) {
        this.layout = layout;
    }

    /** Writes the pages of all {@code runs}, which may come in any order. Each page is there whole or not at all. */
    public void write(List<DashboardRun> runs) throws IOException {
        // Whoever has read a run already has its pages written anew.
        update(runs.stream().map(run -> new RunSource(run.id(), "", () -> run)).toList());
    }

    /** Writes the pages of the {@code runs}, in any order, that changed since this was last done, and what is over all of them. */
    public void update(List<RunSource> runs) throws IOException {
        update(runs, "");
    }

    /**
     * The same at the end of a run.
     *
     * @param ending the run's name; the first page does not say that it is on its way
     */
    public void update(List<RunSource> runs, String ending) throws IOException {
        for (String asset : ASSETS) {
            writeResource(asset, layout.asset(asset));
        }
        for (Map.Entry<String, String> chart : CHARTS.entrySet()) {
            writeResource(WebJar.resource("uplot", chart.getValue()), layout.asset(chart.getKey()));
        }
        List<RunSummary> newestFirst = new ArrayList<>();
        Map<String, RunSource> sources = new HashMap<>();
        Map<String, RunSource> lastOfLine = new HashMap<>();
        // An id begins with the time at which its run did.
        for (RunSource source :
                runs.stream().sorted(Comparator.comparing(RunSource::id)).toList()) {
            RunSource run = source.readOnce();
            RunSummary summary = summary(run, lastOfLine);
            newestFirst.add(summary);
            sources.put(source.id(), source);
            if (summary.hasMatrix()) {
                lastOfLine.put(summary.line(), run);
            }
        }
        newestFirst.sort(RunSummary.NEWEST_FIRST);
        Optional<RunSummary> latest =
                newestFirst.stream().filter(RunSummary::hasMatrix).findFirst();
        List<LiveRun> live = new ArrayList<>();
        for (RunSummary run : newestFirst) {
            if (!run.id().equals(ending)) {
                LiveRun.find(layout, run.id(), Instant.now()).ifPresent(live::add);
            }
        }
        overview(
                live,
                newestFirst,
                latest.isEmpty()
                        ? Optional.empty()
                        : Optional.of(sources.get(latest.get().id()).reader().read()));
    }

    /**
     * The summary of {@code source}; if it changed, its pages are written first.
     *
     * @param lastOfLine by what successive kernels have in common, the last run before this one that came as far as a matrix
     */
    private RunSummary summary(RunSource source, Map<String, RunSource> lastOfLine) throws IOException {
        Path file = layout.summary(source.id());
        Optional<RunSummary> kept = RunSummary.read(file)
                .filter(summary -> !source.fingerprint().isEmpty())
                .filter(summary -> summary.fingerprint().equals(source.fingerprint()));
        if (kept.isPresent()) {
            return kept.get();
        }
        DashboardRun run = source.reader().read();
        RunSource previous = lastOfLine.get(RunSummary.of(run, "").line());
        pages(
                run,
                previous == null
                        ? Optional.empty()
                        : Optional.of(previous.reader().read()));
        RunSummary summary = RunSummary.of(run, source.fingerprint());
        // Last, so that it never speaks for pages that are not there yet.
        summary.write(file);
        return summary;
    }

    /** Writes all that is of one run, and of what it changed. */
    private void pages(DashboardRun run, Optional<DashboardRun> previous) throws IOException {
        RunConsoles consoles = new RunConsoles(layout, run);
        for (RunConsoles.ConsoleLog console : consoles.withPages()) {
            ConsolePage.render(layout, run, console).write(layout);
        }
        if (run.matrix().isPresent()) {
            for (CellResult cell : run.matrix().get().cells()) {
                CellPage.render(layout, run, consoles, cell).write(layout);
            }
        }
        RunConfiguration configuration = RunConfiguration.read(run, previous);
        DataFile.write(layout.runData(run.id()), RunData.of(layout, run, configuration));
        RunPage.render(layout, run, configuration).write(layout);
    }

    /**
     * Writes the pages over all runs.
     *
     * @param live runs that are on their way
     * @param latest the newest run with a matrix
     */
    private void overview(List<LiveRun> live, List<RunSummary> newestFirst, Optional<DashboardRun> latest)
            throws IOException {
        ArchivePage.write(layout, newestFirst);
        HistoryPage.write(layout, newestFirst);
        ComparePage.write(layout, newestFirst);
        // Last, so that it never leads to a page that is not there yet.
        HomePage.write(layout, live, newestFirst, latest);
    }

    private static void writeResource(String name, Path file) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            AtomicFile.writeIfChanged(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
