package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs by the hundred, once the first page no longer names them all. Hundreds count from the oldest run, so that a new one
 * changes none but the newest of these pages, and a link to one stays right.
 */
final class ArchivePage {

    /** How many runs a page has. */
    static final int RUNS = 100;

    private ArchivePage() {}

    static void write(DashboardLayout layout, List<RunSummary> newestFirst) throws IOException {
        int pages = pages(newestFirst);
        for (int number = 1; number <= pages; number++) {
            render(layout, newestFirst, number, pages).write(layout);
        }
        // Runs may have been removed.
        for (int number = pages + 1; Files.deleteIfExists(layout.archive(number)); number++) {}
    }

    /** How many of these pages there are. */
    static int pages(List<RunSummary> runs) {
        return runs.size() > HomePage.RUNS ? numberOf(runs.size() - 1) : 0;
    }

    /** The number of the page that has the run before which {@code older} runs began. */
    static int numberOf(int older) {
        return older / RUNS + 1;
    }

    /** The runs of a page, the newest first. */
    static List<RunSummary> runs(List<RunSummary> newestFirst, int number) {
        int all = newestFirst.size();
        return newestFirst.subList(Math.max(0, all - number * RUNS), all - (number - 1) * RUNS);
    }

    static Page render(DashboardLayout layout, List<RunSummary> newestFirst, int number, int pages) {
        Path page = layout.archive(number);
        List<RunSummary> runs = runs(newestFirst, number);
        int first = (number - 1) * RUNS + 1;
        String which = first + " to " + (first + runs.size() - 1);
        String title = "Runs " + which;
        Html html = new Html();
        html.element("h1", title).line();
        html.element("p", "Counted from the oldest, and listed with the newest first.", "class", "lede")
                .line();
        html.open("section", "class", "archive").line();
        RunTable.write(html, layout, page, title, runs);
        html.open("nav", "class", "pages", "aria-label", "Archive").line();
        turn(html, layout, page, number + 1, number < pages, "← Newer runs", "next");
        turn(html, layout, page, number - 1, number > 1, "Older runs →", "prev");
        html.close().close().line();
        return Page.of(
                page, title + " · Kernel Farm", List.of("home.css"), html, title, DashboardLayout.link(page, page));
    }

    private static void turn(
            Html html, DashboardLayout layout, Path page, int to, boolean there, String text, String rel) {
        if (there) {
            html.element("a", text, "href", DashboardLayout.link(page, layout.archive(to)), "rel", rel)
                    .line();
        } else if (rel.equals("next")) {
            html.element("a", "← Latest runs", "href", DashboardLayout.link(page, layout.home()))
                    .line();
        }
    }
}
