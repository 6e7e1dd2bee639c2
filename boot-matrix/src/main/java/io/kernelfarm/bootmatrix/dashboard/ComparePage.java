package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.MatrixComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Two kernels side by side, chosen in two lists or by {@code compare.html?a=RUN&b=RUN}. The page's script compares what the
 * {@code run.json} of both say, by the rules of {@link MatrixComparison}.
 */
final class ComparePage {

    private ComparePage() {}

    /** The link from {@code page} to the comparison of {@code after} with {@code before}, both of them ids of runs. */
    static String link(DashboardLayout layout, Path page, String before, String after) {
        return DashboardLayout.link(page, layout.compare()) + "?a=" + DashboardLayout.encoded(before) + "&b="
                + DashboardLayout.encoded(after);
    }

    static void write(DashboardLayout layout, List<RunSummary> newestFirst) throws IOException {
        render(layout, newestFirst).write(layout);
    }

    static Page render(DashboardLayout layout, List<RunSummary> newestFirst) {
        Path page = layout.compare();
        List<RunSummary> kernels =
                newestFirst.stream().filter(RunSummary::hasMatrix).toList();
        Html html = new Html();
        html.element("h1", "Compare two kernels").line();
        if (kernels.size() < 2) {
            html.element("p", "There are no two kernels yet that were booted.", "class", "lede")
                    .line();
            return page(page, html);
        }
        html.open("noscript")
                .element(
                        "p",
                        "Comparing any two kernels needs scripts; what a kernel changed since the one before it stands on"
                                + " its own page.")
                .close()
                .line();
        // For the script's verdicts.
        Look.define(html);
        html.open("div", "class", "choice");
        choice(html, layout, "a", "Before", kernels);
        choice(html, layout, "b", "After", kernels);
        html.close().line();
        html.element("p", "", "role", "status", "class", "lede", "id", "whole").line();
        html.open("div", "id", "comparison").close().line();
        return page(page, html);
    }

    private static Page page(Path page, Html html) {
        return Page.of(
                page,
                "Compare – Kernel Farm",
                List.of("kernel.css", "compare.js"),
                html,
                "Compare",
                DashboardLayout.link(page, page));
    }

    private static void choice(Html html, DashboardLayout layout, String id, String title, List<RunSummary> kernels) {
        html.open("label")
                .element("span", title, "class", "quiet")
                .open("select", "name", id)
                .line();
        for (RunSummary run : kernels) {
            html.open(
                    "option",
                    "value",
                    run.id(),
                    "data-run",
                    DashboardLayout.link(layout.compare(), DataFile.twin(layout.runData(run.id()))));
            html.text(run.name() + ", ");
            html.text(Page.dayAndTime(run.started())).close().line();
        }
        html.close().close().line();
    }
}
