package io.kernelfarm.bootmatrix.report;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The matrix as a table for a terminal or a log, one line a cell. Below it stand the full reasons of the cells that
 * did not pass, and one sentence on the whole. */
public final class MatrixTable {

    private static final int WHY_COLUMNS = 50;
    private static final String GAP = "   ";
    private static final String BOLD = "1";
    private static final String FAINT = "2";

    private MatrixTable() {}

    /**
     * The table, ending in a line feed.
     *
     * @param folder the folder of {@code matrix.json}; console paths are printed below it
     * @param colour whether the reader is a terminal that understands ECMA-48 colours
     * @param charset what the reader's output is encoded in; without the signs in it, plain letters stand for them
     */
    public static String render(MatrixResult result, Path folder, boolean colour, Charset charset) {
        List<Column> columns = columns(result, folder, charset);
        StringBuilder out = new StringBuilder();
        List<Integer> widths =
                columns.stream().map(column -> width(column, result)).toList();
        row(out, widths, columns.stream().map(Column::title).toList(), i -> colour ? FAINT : "");
        for (CellResult cell : result.cells()) {
            row(
                    out,
                    widths,
                    columns.stream().map(column -> column.show(cell)).toList(),
                    i -> colour ? columns.get(i).colour().apply(cell) : "");
        }
        out.append('\n');
        for (CellResult cell : result.cells()) {
            if (cell.verdict() != Verdict.PASS) {
                paint(out, colour ? colourOf(cell) : "", cell.verdict().name());
                out.append(' ').append(ConsoleText.harmless(Wording.name(cell.cell()) + ": " + Wording.verdict(cell)));
                out.append('\n');
            }
        }
        if (result.cells().stream().anyMatch(cell -> cell.verdict() != Verdict.PASS)) {
            out.append('\n');
        }
        paint(out, colour ? BOLD : "", ConsoleText.harmless(Wording.whole(result)));
        return out.append('\n').toString();
    }

    /** What stands in a column, and in which colour (an SGR parameter; empty for the terminal's own). */
    private record Column(String title, Function<CellResult, String> text, Function<CellResult, String> colour) {

        String show(CellResult cell) {
            return ConsoleText.harmless(text.apply(cell));
        }
    }

    private static List<Column> columns(MatrixResult result, Path folder, Charset charset) {
        boolean signs = charset.newEncoder().canEncode("✓✗↻…");
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("MODE", cell -> cell.cell().mode().id(), cell -> BOLD));
        columns.add(plain("HYPERVISOR", cell -> cell.cell().hypervisor()));
        if (differ(result, Cell::firmware)) {
            columns.add(plain("FIRMWARE", cell -> cell.cell().firmware()));
        }
        if (result.isFake() || differ(result, Cell::machine)) {
            columns.add(plain("MACHINE", cell -> cell.cell().machine()));
        }
        columns.add(new Column("VERDICT", cell -> verdict(cell, signs), MatrixTable::colourOf));
        columns.add(new Column(
                "SECONDS",
                cell -> cell.attempts().isEmpty() ? "" : String.format("%7s", Wording.tenths(cell.seconds())),
                cell -> ""));
        columns.add(plain("WHY", cell -> shortened(Wording.why(cell), signs ? "…" : "...")));
        columns.add(new Column(
                "CONSOLE", cell -> cell.console().isEmpty() ? "" : folder + "/" + cell.console(), cell -> FAINT));
        return columns;
    }

    private static Column plain(String title, Function<CellResult, String> text) {
        return new Column(title, text, cell -> "");
    }

    private static boolean differ(MatrixResult result, Function<Cell, String> coordinate) {
        return result.cells().stream()
                        .map(CellResult::cell)
                        .map(coordinate)
                        .distinct()
                        .count()
                > 1;
    }

    private static String verdict(CellResult cell, boolean signs) {
        String sign =
                switch (cell.verdict()) {
                    case PASS -> cell.flaky() ? (signs ? "↻" : "~") : (signs ? "✓" : "+");
                    case FAIL -> signs ? "✗" : "x";
                    case ERROR -> "!";
                    case MISS -> "?";
                    case SKIP -> "-";
                };
        return sign + " " + cell.verdict() + (cell.flaky() ? " flaky" : "");
    }

    private static String colourOf(CellResult cell) {
        return switch (cell.verdict()) {
            case PASS -> cell.flaky() ? "33" : "32";
            case FAIL -> "1;31";
            case ERROR -> "1;35";
            case MISS -> "36";
            case SKIP -> FAINT;
        };
    }

    private static String shortened(String text, String ellipsis) {
        return text.length() <= WHY_COLUMNS
                ? text
                : text.substring(0, WHY_COLUMNS - ellipsis.length()).stripTrailing() + ellipsis;
    }

    private static int width(Column column, MatrixResult result) {
        return result.cells().stream()
                .map(column::show)
                .mapToInt(String::length)
                .reduce(column.title().length(), Math::max);
    }

    private static void row(
            StringBuilder out, List<Integer> widths, List<String> texts, Function<Integer, String> colour) {
        int last = texts.size() - 1;
        for (int i = 0; i <= last; i++) {
            String text = texts.get(i);
            paint(out, text.isEmpty() ? "" : colour.apply(i), text);
            if (i < last) {
                out.append(" ".repeat(Math.max(0, widths.get(i) - text.length())))
                        .append(GAP);
            }
        }
        int end = out.length();
        while (out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
        out.append('\n');
    }

    private static void paint(StringBuilder out, String colour, String text) {
        if (colour.isEmpty()) {
            out.append(text);
        } else {
            out.append("\u001B[").append(colour).append('m').append(text).append("\u001B[0m");
        }
    }
}
