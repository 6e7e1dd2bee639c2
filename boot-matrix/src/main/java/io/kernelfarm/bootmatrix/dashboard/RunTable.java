package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Wording;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs as a table of a page, a row for each. */
final class RunTable {

    private static final List<Mode> MODES = Arrays.asList(Mode.values());

    private RunTable() {}

    /** @param caption what the table holds, for those who do not see what is around it */
    static void write(Html html, DashboardLayout layout, Path page, String caption, List<RunSummary> runs) {
        html.open("table", "class", "runs").line();
        html.element("caption", caption, "class", "unseen");
        html.open("thead").open("tr");
        html.element("th", "Kernel", "scope", "col");
        for (Mode mode : MODES) {
            html.element("th", mode.id(), "scope", "col", "class", "mini");
        }
        html.element("th", "Verdict", "scope", "col");
        html.element("th", "Took", "scope", "col", "class", "number wide");
        html.element("th", "Started", "scope", "col");
        html.close().close().line();
        html.open("tbody").line();
        for (RunSummary run : runs) {
            row(html, layout, page, run);
        }
        html.close().close().line();
    }

    private static void row(Html html, DashboardLayout layout, Path page, RunSummary run) {
        html.open("tr");
        html.open("th", "scope", "row");
        html.element("a", run.name(), "href", DashboardLayout.link(page, layout.run(run.id())));
        html.text(" ");
        Page.channels(html, run.channels());
        html.element("span", run.source().isEmpty() ? "run" : run.source(), "class", "source");
        html.close();
        if (run.hasMatrix()) {
            for (Mode mode : MODES) {
                mini(html, worst(run, mode), cell -> DashboardLayout.link(page, layout.cell(run.id(), cell.id())));
            }
            html.open("td");
            verdict(html, run);
            html.close();
        } else {
            html.element("td", run.standing(), "colspan", Integer.toString(MODES.size() + 1), "class", "note");
        }
        html.element("td", run.seconds() > 0 ? Wording.duration(run.seconds()) : "–", "class", "number wide took");
        html.open("td", "class", "started");
        Page.time(html, run.started());
        html.close().close().line();
    }

    static void verdict(Html html, RunSummary run) {
        Look.of(run.verdict()).badge(html);
        if (run.isFake()) {
            Look.fake(html);
        }
    }

    /** A mode may have several cells, and the small sign shows the worst of them; a flaky pass is worse than a pass. */
    static Optional<RunSummary.CellSummary> worst(RunSummary run, Mode mode) {
        return run.cells().stream()
                .filter(cell -> cell.mode() == mode)
                .min(Comparator.comparing(RunSummary.CellSummary::verdict).thenComparing(cell -> !cell.flaky()));
    }

    private static void mini(Html html, Optional<RunSummary.CellSummary> found, Function<Cell, String> link) {
        html.open("td", "class", "mini");
        if (found.isPresent()) {
            mark(html, found.get(), link.apply(found.get().cell()));
        } else {
            html.element("span", "not asked for", "class", "unseen");
        }
        html.close();
    }

    /** A small sign of how a cell fared, which leads to {@code link}. */
    static void mark(Html html, RunSummary.CellSummary cell, String link) {
        Look look = Look.of(cell);
        String words = Wording.name(cell.cell()) + ": " + look.words();
        html.open("a", "class", "mark " + look.style(), "href", link, "title", words);
        look.sign(html);
        html.element("span", words, "class", "unseen").close();
    }
}
