package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How kernels fared over time: a heat map of the newest of them by cells, which of them were the first bad, and how their times went.
 * {@code history.json} has the same for programs, links relative to it:
 *
 * <pre>
 * version    of this format, 1
 * cells      the heat map's columns: id, name for people, mode, hypervisor, firmware, machine
 * kernels    its rows, the newest first: id of the run, release, source, started, verdict, page, and cells: for each
 *            cell that was asked for, by its id, verdict and flaky
 * first_bad  the newest first: cell, its name, bad and good, the ids of the first run that fails and the last that passed,
 *            and again, of the first that passes since; left out while none does
 * trends     of the newest {@value #TREND}, the oldest first: runs, releases and started, a list each; boot_seconds by mode, the
 *            median of the cells that pass, and stage_seconds by stage, a list each, null where there are none
 * </pre>
 */
final class HistoryPage {

    /** How many kernels the heat map has. */
    static final int KERNELS = 60;

    /** How many the charts have. */
    static final int TREND = 500;

    private static final int FIRST_BAD = 20;

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final Comparator<Cell> COLUMNS = Comparator.comparing(Cell::mode)
            .thenComparing(Cell::firmware)
            .thenComparing(Cell::machine)
            .thenComparing(Cell::hypervisor);

    private final DashboardLayout layout;
    private final Path page;
    private final List<RunSummary> kernels;
    private final List<Cell> cells;
    private final List<FirstBad> firstBad;
    private final Trends bootTimes;
    private final Trends durations;
    private final Html html = new Html();

    HistoryPage(DashboardLayout layout, List<RunSummary> newestFirst) {
        this.layout = layout;
        page = layout.history();
        List<RunSummary> all =
                newestFirst.stream().filter(RunSummary::hasMatrix).toList();
        kernels = all.stream().limit(KERNELS).toList();
        // Whether a cell is required may change, and makes no other column of it.
        cells = kernels.stream()
                .flatMap(run -> run.cells().stream())
                .map(RunSummary.CellSummary::cell)
                .collect(Collectors.toMap(Cell::id, Function.identity(), (newer, older) -> newer))
                .values()
                .stream()
                .sorted(COLUMNS)
                .toList();
        firstBad = FirstBad.of(all).stream().limit(FIRST_BAD).toList();
        List<RunSummary> oldestFirst = new ArrayList<>(all.subList(0, Math.min(TREND, all.size())));
        Collections.reverse(oldestFirst);
        bootTimes = Trends.bootTimes(oldestFirst);
        durations = Trends.durations(oldestFirst);
    }

    static void write(DashboardLayout layout, List<RunSummary> newestFirst) throws IOException {
        HistoryPage history = new HistoryPage(layout, newestFirst);
        DataFile.write(layout.historyData(), history.data());
        history.render().write(layout);
    }

    private Page page() {
        return Page.of(
                page,
                "History – Kernel Farm",
                List.of("uPlot.min.css", "history.css", "uPlot.iife.min.js", "history.js"),
                html,
                "History",
                DashboardLayout.link(page, page));
    }

    ObjectNode data() {
        ObjectNode data = MAPPER.createObjectNode().put("version", 1);
        ArrayNode columns = data.putArray("cells");
        for (Cell cell : cells) {
            columns.addObject()
                    .put("id", cell.id())
                    .put("name", Wording.name(cell))
                    .put("mode", cell.mode().id())
                    .put("hypervisor", cell.hypervisor())
                    .put("firmware", cell.firmware())
                    .put("machine", cell.machine());
        }
        ArrayNode rows = data.putArray("kernels");
        for (RunSummary run : kernels) {
            ObjectNode row = rows.addObject()
                    .put("id", run.id())
                    .put("release", run.release())
                    .put("source", run.source())
                    .put("started", run.started().toString())
                    .put("verdict", run.verdict().name())
                    .put("page", DashboardLayout.link(page, layout.run(run.id())));
            ObjectNode asked = row.putObject("cells");
            run.cells().forEach(cell -> asked.putObject(cell.cell().id())
                    .put("verdict", cell.verdict().name())
                    .put("flaky", cell.flaky()));
        }
        ArrayNode first = data.putArray("first_bad");
        for (FirstBad one : firstBad) {
            ObjectNode node = first.addObject()
                    .put("cell", one.cell().id())
                    .put("name", Wording.name(one.cell()))
                    .put("bad", one.bad().id())
                    .put("good", one.good().id());
            one.again().ifPresent(again -> node.put("again", again.id()));
        }
        ObjectNode trends = data.putObject("trends");
        ArrayNode runs = trends.putArray("runs");
        ArrayNode releases = trends.putArray("releases");
        ArrayNode started = trends.putArray("started");
        for (RunSummary run : bootTimes.kernels()) {
            runs.add(run.id());
            releases.add(run.name());
            started.add(run.started().toString());
        }
        series(trends.putObject("boot_seconds"), bootTimes);
        series(trends.putObject("stage_seconds"), durations);
        return data;
    }

    private static void series(ObjectNode node, Trends trends) {
        trends.series().forEach((name, seconds) -> {
            ArrayNode list = node.putArray(name);
            for (OptionalDouble one : seconds) {
                if (one.isPresent()) {
                    list.add(BigDecimal.valueOf(one.getAsDouble()).setScale(1, RoundingMode.HALF_UP));
                } else {
                    list.addNull();
                }
            }
        });
    }

    Page render() {
        html.element("h1", "History").line();
        if (kernels.isEmpty()) {
            html.element("p", "No kernel has been booted yet.", "class", "lede").line();
            return page();
        }
        html.element(
                        "p",
                        kernels.size() == 1
                                ? "One kernel has been booted so far; with the next there is something to compare."
                                : "The newest " + kernels.size() + " kernels that were booted, in " + cells.size()
                                        + (cells.size() == 1 ? " cell." : " cells."),
                        "class",
                        "lede")
                .line();
        heatMap();
        firstBad();
        chart("boot", "Boot time", "From power on, of a guest from its creation, until user space answers.", bootTimes);
        chart("stages", "Durations", "How long the runs took.", durations);
        return page();
    }

    private void heatMap() {
        Look.define(html);
        html.open(
                "div",
                "class",
                "scroll heat-frame",
                "role",
                "region",
                "aria-label",
                "Kernels by cells",
                "tabindex",
                "0");
        html.open("table", "class", "heat").line();
        html.element(
                "caption",
                "Kernels by cells, the newest kernel first; nothing where a cell was not asked for",
                "class",
                "unseen");
        html.open("thead").open("tr");
        html.open("td", "rowspan", "2").close();
        Map<Mode, Long> modes = cells.stream().collect(Collectors.groupingBy(Cell::mode, Collectors.counting()));
        modes.keySet().stream()
                .sorted()
                .forEach(mode -> html.element(
                        "th",
                        mode.id(),
                        "scope",
                        "colgroup",
                        "colspan",
                        Long.toString(modes.get(mode)),
                        "class",
                        "group"));
        html.close().open("tr");
        Optional<Mode> before = Optional.empty();
        for (Cell cell : cells) {
            html.open("th", "scope", "col", "class", begins(before, cell));
            html.element("span", column(cell), "aria-hidden", "true");
            html.element("span", Wording.name(cell), "class", "unseen").close();
            before = Optional.of(cell.mode());
        }
        html.close().close().line().open("tbody").line();
        kernels.forEach(this::row);
        html.close().close().close().line();
        MatrixGrid.legend(html);
        html.open("p", "class", "quiet key")
                .element("span", "", "class", "first-bad", "aria-hidden", "true")
                .text(" first bad: it fails, and the kernel before it from the same source passed")
                .close()
                .line();
    }

    private void row(RunSummary run) {
        html.open("tr").open("th", "scope", "row");
        html.element("a", run.name(), "href", DashboardLayout.link(page, layout.run(run.id())));
        html.element(
                "time",
                DAY.format(run.started()),
                "class",
                "quiet",
                "datetime",
                run.started().truncatedTo(ChronoUnit.SECONDS).toString(),
                "title",
                Page.dayAndTime(run.started()));
        html.close();
        Map<String, RunSummary.CellSummary> asked = run.cells().stream()
                .collect(Collectors.toMap(one -> one.cell().id(), Function.identity(), (first, second) -> second));
        Optional<Mode> before = Optional.empty();
        for (Cell cell : cells) {
            html.open("td", "class", begins(before, cell));
            if (asked.containsKey(cell.id())) {
                tile(run, asked.get(cell.id()));
            }
            html.close();
            before = Optional.of(cell.mode());
        }
        html.close().line();
    }

    private void tile(RunSummary run, RunSummary.CellSummary one) {
        Look look = Look.of(one);
        boolean first = firstBad.stream()
                .anyMatch(bad -> bad.bad().id().equals(run.id())
                        && bad.cell().id().equals(one.cell().id()));
        String words = look.words() + (first ? ", first bad" : "");
        html.open(
                "a",
                "class",
                look.style() + (first ? " first-bad" : ""),
                "href",
                DashboardLayout.link(page, layout.cell(run.id(), one.cell().id())),
                "title",
                run.name() + ", " + Wording.name(one.cell()) + ": " + words);
        look.use(html);
        html.element("span", words, "class", "unseen").close();
    }

    /** A line stands between the columns of two modes. */
    private static String begins(Optional<Mode> before, Cell cell) {
        return before.equals(Optional.of(cell.mode())) ? "" : "begins";
    }

    /** What tells a column from its neighbours, short: the mode stands above it. */
    private String column(Cell cell) {
        boolean machines = cells.stream().map(Cell::machine).distinct().count() > 1;
        return (cell.hypervisor().equals("none") ? "no Xen" : cell.hypervisor().replaceFirst("^xen-", ""))
                + (cell.isUefi() ? " uefi" : "")
                + (machines ? " " + cell.machine() : "");
    }

    private void firstBad() {
        if (firstBad.isEmpty()) {
            return;
        }
        html.open("section").line();
        html.element("h2", "First bad").line();
        html.open("div", "class", "scroll").open("table", "class", "list").line();
        html.open("thead").open("tr");
        html.element("th", "Cell", "scope", "col");
        html.element("th", "First fails", "scope", "col");
        html.element("th", "Last passed", "scope", "col");
        html.element("th", "Since", "scope", "col");
        html.element("th", "What changed", "scope", "col", "class", "rest");
        html.close().close().open("tbody").line();
        for (FirstBad one : firstBad) {
            html.open("tr")
                    .element("th", Wording.name(one.cell()), "scope", "row")
                    .open("td");
            html.element(
                    "a",
                    one.bad().name(),
                    "href",
                    DashboardLayout.link(
                            page, layout.cell(one.bad().id(), one.cell().id())));
            html.close().open("td");
            html.element(
                    "a",
                    one.good().name(),
                    "href",
                    DashboardLayout.link(
                            page, layout.cell(one.good().id(), one.cell().id())));
            html.close();
            html.element(
                    "td",
                    one.again().map(run -> "passes again in " + run.name()).orElse("not passed again"));
            html.open("td", "class", "rest");
            html.element(
                    "a",
                    "compare the two",
                    "href",
                    ComparePage.link(layout, page, one.good().id(), one.bad().id()));
            html.close().close().line();
        }
        html.close().close().close().close().line();
    }

    private void chart(String id, String title, String what, Trends trends) {
        if (trends.series().isEmpty()) {
            return;
        }
        html.open("section", "id", id).line();
        html.element("h2", title).line();
        html.open(
                "figure",
                "class",
                "chart",
                "data-trend",
                id,
                "data-history",
                DashboardLayout.link(page, DataFile.twin(layout.historyData())));
        html.element("figcaption", what + " " + trends.summary(), "class", "quiet prose")
                .line();
        html.open(
                        "div",
                        "class",
                        "plot",
                        "hidden",
                        "hidden",
                        "role",
                        "img",
                        "aria-label",
                        title + " as a chart; the table below it has the same")
                .close();
        html.close().line();
        html.open("details").element("summary", title + " as a table").line();
        html.open("div", "class", "scroll").open("table", "class", "list").line();
        html.open("thead").open("tr").element("th", "Kernel", "scope", "col");
        trends.series().keySet().forEach(name -> html.element("th", name, "scope", "col", "class", "number"));
        html.close().close().open("tbody").line();
        int all = trends.kernels().size();
        for (int i = all - 1; i >= Math.max(0, all - KERNELS); i--) {
            html.open("tr").open("th", "scope", "row");
            html.element(
                    "a",
                    trends.kernels().get(i).name(),
                    "href",
                    DashboardLayout.link(
                            page, layout.run(trends.kernels().get(i).id())));
            html.close();
            for (List<OptionalDouble> seconds : trends.series().values()) {
                OptionalDouble one = seconds.get(i);
                html.element("td", one.isPresent() ? Wording.duration(one.getAsDouble()) : "–", "class", "number");
            }
            html.close().line();
        }
        html.close().close().close().close().close().line();
    }
}
