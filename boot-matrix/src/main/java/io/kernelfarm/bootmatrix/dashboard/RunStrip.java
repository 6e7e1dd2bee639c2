package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.nio.file.Path;

/**
 * Small markup about a run, for other people's pages: its verdict, and how it fared in each mode. Its looks are in {@code style.css} and
 * {@code home.css}.
 */
public final class RunStrip {

    /** Only for the way from one place in it to another. */
    private static final DashboardLayout ANYWHERE = new DashboardLayout(Path.of("/"));

    private RunStrip() {}

    /** A verdict as sign and word. */
    public static String badge(Verdict verdict) {
        Html html = new Html();
        Look.of(verdict).badge(html);
        return html.written();
    }

    /** The verdict of {@code run} as sign and word, and whether it is of a fake machine. */
    public static String badge(RunSummary run) {
        Html html = new Html();
        RunTable.verdict(html, run);
        return html.written();
    }

    /**
     * A sign for each mode that {@code run} was asked to boot in: the worst of its cells, and a link to that.
     *
     * @param prefix URL of the dashboard's folder as seen from the page that shows this, with a slash at its end; empty if it is the same
     */
    public static String modes(RunSummary run, String prefix) {
        Html html = new Html();
        html.open("ul", "class", "modes", "aria-label", "Modes");
        for (Mode mode : Mode.values()) {
            RunTable.worst(run, mode).ifPresent(cell -> {
                Path page = ANYWHERE.cell(run.id(), cell.cell().id());
                html.open("li");
                RunTable.mark(html, cell, prefix + DashboardLayout.link(ANYWHERE.home(), page));
                html.element("span", mode.id(), "class", "quiet", "aria-hidden", "true")
                        .close();
            });
        }
        return html.close().written();
    }
}
