package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Table.Column;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The page of one cell, from verdict to reason: what was asked, what came of it, the lines that this rests on, each check, each
 * attempt, what the control kernel did, and the console of the attempt that decided. It shows what {@code matrix.json} has of the
 * cell, and the console from its {@link ConsoleIndex}.
 */
final class CellPage {

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final MatrixResult matrix;
    private final RunConsoles consoles;
    private final CellResult result;
    private final Path page;
    private final Optional<RunConsoles.ConsoleLog> console;
    private final Html html = new Html();

    private CellPage(DashboardLayout layout, DashboardRun run, RunConsoles consoles, CellResult result) {
        this.layout = layout;
        this.run = run;
        this.matrix = run.matrix().orElseThrow();
        this.consoles = consoles;
        this.result = result;
        this.page = layout.cell(run.id(), result.cell().id());
        this.console = consoles.find(result.console());
    }

    /** The page; the pieces of its console are written as far as they changed. */
    static Page render(DashboardLayout layout, DashboardRun run, RunConsoles consoles, CellResult result)
            throws IOException {
        return new CellPage(layout, run, consoles, result).render();
    }

    /** The link from {@code from} to the page of a cell of {@code run}. */
    static String link(DashboardLayout layout, Path from, DashboardRun run, CellResult result) {
        return DashboardLayout.link(from, layout.cell(run.id(), result.cell().id()));
    }

    /** The kernel that an attempt booted, in people's words. */
    static String kernel(Attempt attempt, MatrixResult matrix) {
        return isControl(attempt)
                ? "the control kernel" + (matrix.control().isEmpty() ? "" : " " + matrix.control())
                : matrix.kernel().release();
    }

    private static boolean isControl(Attempt attempt) {
        return attempt.kernel().equals(Attempt.CONTROL);
    }

    private Page render() throws IOException {
        Look look = Look.of(result);
        html.open("p", "class", "eyebrow")
                .text("Cell of ")
                .element("a", matrix.kernel().release(), "href", DashboardLayout.link(page, layout.run(run.id())))
                .close()
                .line();
        html.open("div", "class", "named");
        html.element("h1", Wording.name(result.cell()));
        look.badge(html);
        if (result.cell().isFake()) {
            Look.fake(html);
        }
        html.close().line();
        html.open("p", "class", "lede verdict-" + look.style())
                .text(Wording.asked(result.cell()) + " ")
                .element("strong", Wording.verdict(result))
                .close()
                .line();
        evidence();
        facts();
        if (!result.checks().isEmpty()) {
            checks();
        }
        if (!result.attempts().isEmpty()) {
            attempts();
        }
        if (console.isPresent()) {
            ConsoleIndex index = ConsolePieces.write(layout, run.id(), console.get());
            ConsoleView.write(html, layout, run, page, console.get(), index, "Console");
        } else if (!result.attempts().isEmpty()) {
            html.open("section", "id", RunConsoles.ANCHOR);
            html.element("h2", "Console").element("p", "No console log was kept.", "class", "quiet");
            html.close().line();
        }
        neighbours();
        String name = Wording.name(result.cell());
        return Page.of(
                page,
                name + ", " + matrix.kernel().release() + " – Kernel Farm",
                ConsoleView.ASSETS,
                html,
                "run " + run.id(),
                DashboardLayout.link(page, layout.run(run.id())),
                name,
                DashboardLayout.link(page, page));
    }

    /** What the verdict rests on: evidence of what went wrong or, where nothing did, of the mode. */
    private void evidence() {
        List<CheckResult> wrong = result.checks().stream()
                .filter(check -> check.verdict() != Verdict.PASS)
                .filter(check -> !check.evidence().isEmpty())
                .toList();
        List<Evidence> lines = (wrong.isEmpty()
                        ? result.checks().stream().filter(check -> check.name().equals(Wording.MODE_PROOF))
                        : wrong.stream())
                .flatMap(check -> check.evidence().stream())
                .distinct()
                .toList();
        if (!lines.isEmpty()) {
            evidence(lines);
        }
    }

    private void evidence(List<Evidence> lines) {
        html.open("ol", "class", "evidence", "aria-label", "Evidence", "tabindex", "0");
        for (Evidence line : lines) {
            html.open("li");
            if (line.line() > 0 && console.isPresent()) {
                html.element(
                        "a",
                        Integer.toString(line.line()),
                        "href",
                        "#L" + line.line(),
                        "class",
                        "at",
                        "title",
                        "line " + line.line() + " of the console");
            } else {
                html.element("span", line.line() > 0 ? Integer.toString(line.line()) : "reading", "class", "at");
            }
            html.element("code", line.text()).close();
        }
        html.close().line();
    }

    private void facts() {
        html.open("dl", "class", "facts");
        Page.fact(html, "Time", result.attempts().isEmpty() ? "" : Wording.duration(result.seconds()));
        Page.fact(html, "Hypervisor", Wording.hypervisor(result.cell().hypervisor()));
        Page.fact(html, "Machine", result.cell().machine());
        Page.fact(html, "Firmware", result.cell().firmware());
        Page.fact(html, "For promotion", result.cell().required() ? "required" : "not required");
        if (!result.imageSha256().isEmpty()) {
            boolean same = matrix.kernel().imageSha256().equals(result.imageSha256());
            html.open("div").element("dt", "Booted image, SHA-256").open("dd");
            Page.digest(html, result.imageSha256());
            html.text(same ? ", the one that was packaged" : ", NOT the one that was packaged");
            html.close().close();
        }
        html.open("div").element("dt", "Data").open("dd");
        html.element("a", MatrixJson.FILE_NAME, "href", DashboardLayout.link(page, layout.matrix(run.id())));
        html.close().close();
        html.close().line();
    }

    private void checks() {
        List<CheckResult> control = result.attempts().stream()
                .filter(CellPage::isControl)
                .findFirst()
                .map(Attempt::checks)
                .orElse(List.of());
        html.open("section").line();
        html.element("h2", "Checks").line();
        List<Column> columns =
                new ArrayList<>(List.of(Column.text("Check"), Column.text("Verdict"), Column.number("Time")));
        if (!control.isEmpty()) {
            columns.add(Column.text("Control kernel"));
        }
        columns.add(Column.rest("Why"));
        Table.begin(html, "What was asked inside the cell", "", "checks", columns);
        for (CheckResult check : result.checks()) {
            html.open("tr").element("th", check.name(), "scope", "row").open("td");
            Look.of(check.verdict()).badge(html);
            html.close();
            html.element(
                    "td", check.verdict() == Verdict.MISS ? "–" : Wording.duration(check.seconds()), "class", "number");
            if (!control.isEmpty()) {
                html.open("td", "class", "beside");
                control.stream()
                        .filter(other -> other.name().equals(check.name()))
                        .findFirst()
                        .ifPresent(other -> Look.of(other.verdict()).badge(html));
                html.close();
            }
            html.open("td", "class", "rest").text(check.reason());
            if (!check.evidence().isEmpty()) {
                evidence(check.evidence());
            }
            html.close().close().line();
        }
        Table.end(html);
        html.close().line();
    }

    private void attempts() {
        html.open("section").line();
        html.element("h2", result.attempts().size() == 1 ? "Attempt" : "Attempts")
                .line();
        html.open("p", "class", "sentence").text(control()).close().line();
        Table.begin(
                html,
                "Boots of this cell, in their order",
                "",
                "",
                List.of(
                        Column.text("Kernel"),
                        Column.text("Verdict"),
                        Column.number("Time"),
                        Column.text("Reached"),
                        Column.text("Console"),
                        Column.rest("Why")));
        for (Attempt attempt : result.attempts()) {
            attempt(attempt);
        }
        Table.end(html);
        html.close().line();
    }

    /** What the control kernel did here, and what that says. */
    private String control() {
        Optional<Attempt> control =
                result.attempts().stream().filter(CellPage::isControl).findFirst();
        if (control.isEmpty()) {
            return result.verdict() == Verdict.PASS
                    ? "There was no need to boot the control kernel."
                    : "The control kernel was not booted here.";
        }
        String kernel = kernel(control.get(), matrix);
        String told = Character.toUpperCase(kernel.charAt(0)) + kernel.substring(1);
        return control.get().verdict() == Verdict.PASS
                ? told + " passes in the same cell: machine and farm are not to blame."
                : told + " does not pass in the same cell either, so the farm is to blame.";
    }

    private void attempt(Attempt attempt) {
        html.open("tr", "class", isControl(attempt) ? "control" : "");
        html.open("th", "scope", "row").text(isControl(attempt) ? "control kernel" : "this kernel");
        if (!attempt.dom0().isEmpty()) {
            html.element("span", "dom0 " + attempt.dom0(), "class", "source");
        }
        html.close().open("td");
        Look.of(attempt.verdict()).badge(html);
        html.close();
        html.element("td", Wording.duration(attempt.seconds()), "class", "number");
        html.open("td").element("code", attempt.lastState()).close();
        html.open("td");
        Optional<RunConsoles.ConsoleLog> log = consoles.find(attempt.console());
        if (log.isPresent()) {
            boolean here = attempt.console().equals(result.console());
            html.element(
                    "a",
                    here ? "below" : "console",
                    "href",
                    here ? "#" + RunConsoles.ANCHOR : consoles.link(page, log.get()));
            html.text(" · ");
            html.element(
                    "a",
                    "log",
                    "href",
                    DashboardLayout.link(page, log.get().log()),
                    "title",
                    "the log as it was received");
        } else {
            html.element("span", "none kept", "class", "quiet");
        }
        html.close();
        html.element("td", attempt.reason(), "class", "rest").close().line();
    }

    /** The cells before and after this one in the matrix. */
    private void neighbours() {
        int here = matrix.cells().indexOf(result);
        html.open("nav", "class", "neighbours", "aria-label", "Cells beside this one");
        if (here > 0) {
            CellResult before = matrix.cells().get(here - 1);
            html.open("a", "href", link(layout, page, run, before), "rel", "prev")
                    .text("← " + Wording.name(before.cell()) + " ");
            Look.of(before).badge(html);
            html.close();
        }
        if (here + 1 < matrix.cells().size()) {
            CellResult after = matrix.cells().get(here + 1);
            html.open("a", "href", link(layout, page, run, after), "rel", "next");
            Look.of(after).badge(html);
            html.text(" " + Wording.name(after.cell()) + " →").close();
        }
        html.close().line();
    }
}
