package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The dashboard's first page: the latest matrix large, then the newest runs. {@code index.json} has the same for programs:
 *
 * <pre>
 * version   of this format, 1
 * latest    id of the run whose matrix is shown large; empty if no run has come as far
 * total     how many runs there are
 * archives  how many archive pages; the runs that are not in this file are there
 * live      ids of the runs that were on their way when this was written; {@link LiveRun} says how far each is
 * runs      the newest {@value #RUNS}, the newest first, each a {@link RunSummary} with its names in snake_case
 * </pre>
 */
final class HomePage {

    /** How many runs the page names. */
    static final int RUNS = 50;

    private static final int FORMAT_VERSION = 1;

    private HomePage() {}

    /**
     * @param live runs that are on their way
     * @param latest the newest run with a matrix
     */
    static void write(
            DashboardLayout layout, List<LiveRun> live, List<RunSummary> newestFirst, Optional<DashboardRun> latest)
            throws IOException {
        DataFile.write(layout.homeData(), data(live, newestFirst, latest));
        render(layout, live, newestFirst, latest).write(layout);
    }

    static ObjectNode data(List<LiveRun> live, List<RunSummary> newestFirst, Optional<DashboardRun> latest) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("version", FORMAT_VERSION);
        data.put("latest", latest.map(DashboardRun::id).orElse(""));
        data.put("total", newestFirst.size());
        data.put("archives", ArchivePage.pages(newestFirst));
        ArrayNode onTheirWay = data.putArray("live");
        live.forEach(run -> onTheirWay.add(run.id()));
        ArrayNode runs = data.putArray("runs");
        newestFirst.stream().limit(RUNS).map(RunSummary::json).forEach(runs::add);
        return data;
    }

    static Page render(
            DashboardLayout layout, List<LiveRun> live, List<RunSummary> newestFirst, Optional<DashboardRun> latest) {
        Path page = layout.home();
        Html html = new Html();
        live.forEach(run -> live(html, layout, run));
        if (latest.isPresent()) {
            latest(html, layout, latest.get(), latest.get().matrix().orElseThrow());
        } else {
            nothingYet(html, !newestFirst.isEmpty());
        }
        if (!newestFirst.isEmpty()) {
            runs(html, layout, newestFirst);
        }
        return Page.of(page, "Kernel Farm", List.of("home.css", "live.js"), html);
    }

    /** A run on its way as it was when the page was written; {@code live.js} takes it from there. */
    private static void live(Html html, DashboardLayout layout, LiveRun run) {
        Path page = layout.home();
        html.open(
                "section",
                "class",
                "live",
                "data-live",
                DashboardLayout.link(page, DataFile.twin(layout.live(run.id()))));
        html.open("h2")
                .element("span", "", "class", "pulse", "aria-hidden", "true")
                .text("On its way: ");
        html.element("a", run.id(), "href", DashboardLayout.link(page, layout.run(run.id())))
                .close();
        html.element("p", run.sentence(), "class", "status", "role", "status");
        html.close().line();
    }

    private static void nothingYet(Html html, boolean hasRuns) {
        html.open("section", "class", "empty");
        html.element("h1", hasRuns ? "No kernel has reached the boot matrix yet." : "No kernel has been farmed yet.");
        html.open("p")
                .text("Build one, package it, and boot it in every mode with")
                .close();
        html.open("pre").element("code", "./farm run").close();
        html.element("p", "Its boot matrix will be here.", "class", "quiet");
        html.close().line();
    }

    private static void latest(Html html, DashboardLayout layout, DashboardRun run, MatrixResult result) {
        String link = DashboardLayout.link(layout.home(), layout.run(run.id()));
        html.open("section", "class", "latest").line();
        html.element("p", "Latest matrix", "class", "eyebrow");
        Page.headline(html, result);
        html.open("p", "class", "byline");
        html.text(result.kernel().source()).element("span", " · ", "class", "dot");
        Page.time(html, run.started());
        html.element("span", " · ", "class", "dot").text("booted in " + Wording.duration(result.seconds()));
        html.element("span", " · ", "class", "dot").element("a", "the whole run", "href", link);
        if (!run.install().isEmpty()) {
            html.element("span", " · ", "class", "dot")
                    .element("a", "install this kernel", "href", link + "#" + RunPage.INSTALL);
        }
        html.close().line();
        if (!result.cells().isEmpty()) {
            MatrixGrid.write(html, result, cell -> CellPage.link(layout, layout.home(), run, cell));
            MatrixGrid.legend(html);
        }
        html.close().line();
    }

    private static void runs(Html html, DashboardLayout layout, List<RunSummary> newestFirst) {
        int all = newestFirst.size();
        String title = all > RUNS ? "The newest " + RUNS + " of " + all + " runs" : "All runs";
        html.open("section", "class", "all").line();
        html.element("h2", title).line();
        RunTable.write(html, layout, layout.home(), title, newestFirst.subList(0, Math.min(RUNS, all)));
        if (all > RUNS) {
            Path older = layout.archive(ArchivePage.numberOf(all - 1 - RUNS));
            html.open("nav", "class", "pages", "aria-label", "Archive");
            html.element("a", "Older runs →", "href", DashboardLayout.link(layout.home(), older), "rel", "prev");
            html.close().line();
        }
        html.close().line();
    }
}
