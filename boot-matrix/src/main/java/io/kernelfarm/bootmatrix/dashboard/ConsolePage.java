package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The page of a console log that no cell's page shows: of a first attempt, or of the control kernel. */
final class ConsolePage {

    private ConsolePage() {}

    static Page render(DashboardLayout layout, DashboardRun run, RunConsoles.ConsoleLog console) throws IOException {
        ConsoleIndex index = ConsolePieces.write(layout, run.id(), console);
        Path page = layout.console(run.id(), console.console());
        String cells = console.cells().stream()
                .map(result -> Wording.name(result.cell()))
                .collect(Collectors.joining(", "));
        Html html = new Html();
        html.element("p", "Console of another boot", "class", "eyebrow");
        html.element("h1", cells).line();
        for (CellResult result : console.cells()) {
            for (Attempt attempt : result.attempts()) {
                if (attempt.console().equals(console.console())) {
                    html.open("p", "class", "sentence");
                    Look.of(attempt.verdict()).badge(html);
                    html.text(" Attempt " + (result.attempts().indexOf(attempt) + 1) + " of "
                            + result.attempts().size()
                            + ", with " + CellPage.kernel(attempt, run.matrix().orElseThrow()) + ": "
                            + Wording.duration(attempt.seconds()) + ". " + attempt.reason() + " ");
                    html.element("a", "The cell", "href", CellPage.link(layout, page, run, result));
                    html.close().line();
                }
            }
        }
        ConsoleView.write(html, layout, run, page, console, index, "Console");
        return Page.of(
                page,
                "Console of " + cells + " – Kernel Farm",
                ConsoleView.ASSETS,
                html,
                "run " + run.id(),
                DashboardLayout.link(page, layout.run(run.id())),
                Wording.name(console.cells().get(0).cell()),
                CellPage.link(layout, page, run, console.cells().get(0)));
    }
}
