package io.kernelfarm.bootmatrix.dashboard;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A console on a page: the lines that matter, as text, and what {@code console.js} needs to make a viewer of the whole log of it.
 */
final class ConsoleView {

    static final List<String> ASSETS = List.of("console.css", "console.js");

    private ConsoleView() {}

    /** Writes the section for {@code page}; {@code title} says whose console it is. */
    static void write(
            Html html,
            DashboardLayout layout,
            DashboardRun run,
            Path page,
            RunConsoles.ConsoleLog console,
            ConsoleIndex index,
            String title) {
        html.open(
                        "section",
                        "class",
                        "console",
                        "id",
                        RunConsoles.ANCHOR,
                        "aria-labelledby",
                        "console-title",
                        "data-index",
                        DashboardLayout.link(page, DataFile.twin(layout.consoleIndex(run.id(), console.console()))))
                .line();
        html.element("h2", title, "id", "console-title").line();
        html.open("p", "class", "byline")
                .text(count(index.lines()) + (index.lines() == 1 ? " line" : " lines") + ", " + size(index.logBytes()))
                .element("span", " · ", "class", "dot")
                .element("a", "the log as it was received", "href", DashboardLayout.link(page, console.log()))
                .close()
                .line();
        html.open("div", "class", "view").line();
        html.element("p", told(index), "class", "told quiet").line();
        html.open("div", "class", "lines", "tabindex", "0", "role", "region", "aria-label", "Lines of the console");
        html.open("ol");
        int before = 0;
        for (ConsoleIndex.Line line : index.excerpt()) {
            boolean evidence = index.evidence().contains(line.line());
            if (line.line() != before + 1) {
                html.element("li", "⋮", "class", "gap");
            }
            before = line.line();
            String number = Integer.toString(before);
            html.open("li", "class", evidence ? "row evident" : "row", "id", "L" + number);
            html.element("a", number, "href", "#L" + number).element("code", line.text());
            html.close().line();
        }
        if (before != index.lines()) {
            html.element("li", "⋮", "class", "gap");
        }
        html.close().close().line();
        html.close().line();
        html.close().line();
    }

    private static String told(ConsoleIndex index) {
        if (index.lines() == 0) {
            return "Nothing came from this console.";
        }
        boolean evident =
                index.excerpt().stream().anyMatch(line -> index.evidence().contains(line.line()));
        return evident ? "The evidence, with what stands around it." : "The last lines.";
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.0f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
