package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The matrix as a table of a page: modes across, hypervisors, machines and firmwares down. */
final class MatrixGrid {

    private MatrixGrid() {}

    /** @param link what leads from this page to the page of a cell */
    static void write(Html html, MatrixResult result, Function<CellResult, String> link) {
        List<Mode> modes = modes(result);
        html.open("table", "class", "matrix of-" + modes.size(), "role", "table")
                .line();
        html.element("caption", "Boot matrix of " + result.kernel().release(), "class", "unseen");
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        html.open("th", "scope", "col", "role", "columnheader")
                .element("span", "Where", "class", "unseen")
                .close();
        for (Mode mode : modes) {
            html.element("th", mode.id(), "scope", "col", "role", "columnheader");
        }
        html.close().close().line();
        html.open("tbody", "role", "rowgroup").line();
        for (Place place : places(result)) {
            html.open("tr", "role", "row");
            html.open("th", "scope", "row", "role", "rowheader");
            html.element("span", place.title(), "class", "place");
            html.element("span", place.machine() + " · " + place.firmware(), "class", "machine");
            html.close();
            for (Mode mode : modes) {
                cell(html, find(result, mode, place), link);
            }
            html.close().line();
        }
        html.close().close().line();
    }

    private static void cell(Html html, Optional<CellResult> found, Function<CellResult, String> link) {
        if (found.isEmpty()) {
            html.open("td", "class", "none", "role", "cell")
                    .element("span", "not asked for", "class", "unseen")
                    .close();
            return;
        }
        CellResult result = found.get();
        Look look = Look.of(result);
        html.open("td", "role", "cell");
        html.open(
                "a",
                "class",
                "tile " + look.style(),
                "href",
                link.apply(result),
                "title",
                Wording.name(result.cell()) + ": " + Wording.why(result));
        html.element("span", Wording.name(result.cell()) + ": ", "class", "unseen");
        html.element("span", result.cell().mode().id(), "class", "mode", "aria-hidden", "true");
        look.sign(html);
        html.open("span", "class", "verdict");
        look.word(html);
        if (result.cell().isFake()) {
            Look.fake(html);
        }
        html.close();
        String time = result.attempts().isEmpty() ? "" : Wording.duration(result.seconds());
        String optional = result.cell().required() ? "" : "optional";
        html.open("span", "class", "seconds")
                .text(time + (time.isEmpty() || optional.isEmpty() ? "" : " · ") + optional);
        html.close().close().close();
    }

    /** The key to the signs. */
    static void legend(Html html) {
        html.open("ul", "class", "legend", "aria-label", "Verdicts");
        legend(html, Look.PASS, "the mode is proved");
        legend(html, Look.FLAKY, "proved, but not at the first try");
        legend(html, Look.FAIL, "the kernel is at fault");
        legend(html, Look.ERROR, "the farm is at fault");
        legend(html, Look.MISS, "asked for, never ran");
        legend(html, Look.SKIP, "makes no sense here");
        html.close().line();
    }

    private static void legend(Html html, Look look, String meaning) {
        html.open("li");
        look.badge(html);
        html.text(" " + meaning).close();
    }

    private static List<Mode> modes(MatrixResult result) {
        return result.cells().stream()
                .map(cell -> cell.cell().mode())
                .distinct()
                .sorted()
                .toList();
    }

    private static List<Place> places(MatrixResult result) {
        List<Place> places = new ArrayList<>();
        for (CellResult cell : result.cells()) {
            Place place = Place.of(cell.cell());
            if (!places.contains(place)) {
                places.add(place);
            }
        }
        return places;
    }

    private static Optional<CellResult> find(MatrixResult result, Mode mode, Place place) {
        return result.cells().stream()
                .filter(cell ->
                        cell.cell().mode() == mode && Place.of(cell.cell()).equals(place))
                .findFirst();
    }

    /** What a row stands for. */
    private record Place(String hypervisor, String machine, String firmware) {

        static Place of(Cell cell) {
            return new Place(cell.hypervisor(), cell.machine(), cell.firmware());
        }

        String title() {
            return Wording.hypervisor(hypervisor);
        }
    }
}
