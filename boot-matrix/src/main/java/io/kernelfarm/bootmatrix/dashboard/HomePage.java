package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Wording;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The dashboard's first page: the latest matrix large, then all runs. */
final class HomePage {

    private HomePage() {}

    /** @param runs newest first */
    static String render(DashboardLayout layout, List<DashboardRun> runs) {
        Path page = layout.home();
        Html html = Page.begin(layout, page, "Kernel Farm", List.of());
        Optional<DashboardRun> latest =
                runs.stream().filter(run -> run.matrix().isPresent()).findFirst();
        if (latest.isPresent()) {
            latest(html, layout, latest.get(), latest.get().matrix().orElseThrow());
        } else {
            nothingYet(html, !runs.isEmpty());
        }
        if (!runs.isEmpty()) {
            runs(html, layout, runs);
        }
        return html.page();
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

    private static void runs(Html html, DashboardLayout layout, List<DashboardRun> runs) {
        List<Mode> modes = Arrays.asList(Mode.values());
        html.open("section").line();
        html.element("h2", "All runs").line();
        html.open("table", "class", "runs").line();
        html.open("thead").open("tr");
        html.element("th", "Kernel", "scope", "col");
        for (Mode mode : modes) {
            html.element("th", mode.id(), "scope", "col", "class", "mini");
        }
        html.element("th", "Verdict", "scope", "col");
        html.element("th", "Boot stage", "scope", "col", "class", "number wide");
        html.element("th", "Started", "scope", "col", "class", "wide");
        html.close().close().line();
        html.open("tbody").line();
        for (DashboardRun run : runs) {
            run(html, layout, run, modes);
        }
        html.close().close().close().line();
    }

    private static void run(Html html, DashboardLayout layout, DashboardRun run, List<Mode> modes) {
        String link = DashboardLayout.link(layout.home(), layout.run(run.id()));
        html.open("tr");
        html.open("th", "scope", "row");
        html.element("a", run.matrix().map(m -> m.kernel().release()).orElse(run.id()), "href", link);
        html.text(" ");
        Page.channels(html, run.channels());
        html.element("span", run.matrix().map(m -> m.kernel().source()).orElse("run"), "class", "source");
        html.close();
        if (run.matrix().isPresent()) {
            MatrixResult result = run.matrix().get();
            for (Mode mode : modes) {
                mini(html, worst(result, mode), cell -> CellPage.link(layout, layout.home(), run, cell));
            }
            html.open("td");
            Look.of(result.verdict()).badge(html);
            html.close();
            html.element("td", Wording.duration(result.seconds()), "class", "number wide");
        } else {
            html.element("td", run.standing(), "colspan", Integer.toString(modes.size() + 1), "class", "note");
            html.element("td", "–", "class", "number wide");
        }
        html.open("td", "class", "wide");
        Page.time(html, run.started());
        html.close().close().line();
    }

    /** A mode may have several cells, and the small sign shows the worst of them; a flaky pass is worse than a pass. */
    private static Optional<CellResult> worst(MatrixResult result, Mode mode) {
        return result.cells().stream()
                .filter(cell -> cell.cell().mode() == mode)
                .min(Comparator.comparing(CellResult::verdict).thenComparing(cell -> !cell.flaky()));
    }

    private static void mini(Html html, Optional<CellResult> found, Function<CellResult, String> link) {
        html.open("td", "class", "mini");
        if (found.isPresent()) {
            CellResult cell = found.get();
            Look look = Look.of(cell);
            String words = cell.cell().mode().id() + ": " + look.words();
            html.open("a", "class", "mark " + look.style(), "href", link.apply(cell), "title", words);
            look.sign(html);
            html.element("span", words, "class", "unseen").close();
        } else {
            html.element("span", "not asked for", "class", "unseen");
        }
        html.close();
    }
}
