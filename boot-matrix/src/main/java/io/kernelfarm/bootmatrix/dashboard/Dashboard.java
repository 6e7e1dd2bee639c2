package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the dashboard: plain pages that work from a disk, from any web server and without scripts. A run that did not
 * change is neither read nor written again, so that writing after a run costs by what is new.
 */
public final class Dashboard {

    private static final List<String> ASSETS = List.of("style.css", "home.css", "icon.svg", "farm.js", "live.js");

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
        List<RunSummary> newestFirst = new ArrayList<>();
        Map<String, RunSource> sources = new HashMap<>();
        for (RunSource run : runs) {
            newestFirst.add(summary(run));
            sources.put(run.id(), run);
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

    /** The summary of {@code source}; if it changed, its pages are written first. */
    private RunSummary summary(RunSource source) throws IOException {
        Path file = layout.summary(source.id());
        Optional<RunSummary> kept = RunSummary.read(file)
                .filter(summary -> !summary.fingerprint().isEmpty())
                .filter(summary -> summary.fingerprint().equals(source.fingerprint()));
        if (kept.isPresent()) {
            return kept.get();
        }
        DashboardRun run = source.reader().read();
        pages(run);
        RunSummary summary = RunSummary.of(run, source.fingerprint());
        // Last, so that it never speaks for pages that are not there yet.
        summary.write(file);
        return summary;
    }

    /** Writes all that is of one run alone. */
    private void pages(DashboardRun run) throws IOException {
        RunConsoles consoles = new RunConsoles(layout, run);
        for (RunConsoles.ConsoleLog console : consoles.all()) {
            ConsolePage.write(layout, run, console);
        }
        AtomicFile.writeIfChanged(layout.run(run.id()), RunPage.render(layout, run, consoles));
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
        // Last, so that it never leads to a page that is not there yet.
        HomePage.write(layout, live, newestFirst, latest);
    }

    private static void writeResource(String name, Path file) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            AtomicFile.writeIfChanged(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
