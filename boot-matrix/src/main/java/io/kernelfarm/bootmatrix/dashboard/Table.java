package io.kernelfarm.bootmatrix.dashboard;

/**
 * A list as a table, a thing in each row. Where the page is too narrow for it, it scrolls by itself, with the arrow keys as well; a
 * screen reader is told what it holds.
 */
final class Table {

    /**
     * A column.
     *
     * @param style class of its heading; empty for plain text
     */
    record Column(String title, String style) {

        static Column text(String title) {
            return new Column(title, "");
        }

        static Column number(String title) {
            return new Column(title, "number");
        }

        /** The one that takes the width that is left. */
        static Column rest(String title) {
            return new Column(title, "rest");
        }
    }

    private Table() {}

    /**
     * Begins a table, up to and with the opened {@code tbody}.
     *
     * @param title what the table holds, for those who do not see what is around it
     * @param frame class of what it scrolls in, beyond that of all tables; may be empty
     * @param style its class, beyond that of all tables; may be empty
     */
    static void begin(Html html, String title, String frame, String style, Iterable<Column> columns) {
        html.open("div", "class", ("scroll " + frame).strip(), "tabindex", "0", "role", "region", "aria-label", title)
                .open("table", "class", ("list " + style).strip())
                .line();
        html.element("caption", title, "class", "unseen");
        html.open("thead").open("tr");
        for (Column column : columns) {
            html.element("th", column.title(), "scope", "col", "class", column.style());
        }
        html.close().close().open("tbody").line();
    }

    /** Ends the table that was begun, after its last row. */
    static void end(Html html) {
        html.close().close().close().line();
    }
}
