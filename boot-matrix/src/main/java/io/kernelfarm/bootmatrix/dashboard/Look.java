package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Verdict;

/** How a verdict looks on a page: a class for its colours, a sign, and a word; each of them tells it alone. */
enum Look {
    PASS("pass", "PASS", "M3.2 8.6l3.2 3.2 6.4-7.4"),
    FLAKY("flaky", "PASS", "M12.6 5.2A5.2 5.2 0 1 0 13.2 8M12.9 2.2v3.2H9.7"),
    FAIL("fail", "FAIL", "M4 4l8 8M12 4l-8 8"),
    ERROR("error", "ERROR", "M8 2.6v6.6M8 12.9v.2"),
    MISS("miss", "MISS", "M8 2.8a5.2 5.2 0 1 0 .01 0"),
    SKIP("skip", "SKIP", "M3.6 8h8.8");

    private final String style;
    private final String word;
    private final String sign;

    Look(String style, String word, String sign) {
        this.style = style;
        this.word = word;
        this.sign = sign;
    }

    static Look of(CellResult result) {
        return result.flaky() ? FLAKY : of(result.verdict());
    }

    static Look of(RunSummary.CellSummary cell) {
        return cell.flaky() ? FLAKY : of(cell.verdict());
    }

    static Look of(Verdict verdict) {
        return valueOf(verdict.name());
    }

    /** The name of its class in the stylesheet. */
    String style() {
        return style;
    }

    /** The verdict's word, {@code flaky} added where it is. */
    String words() {
        return this == FLAKY ? word + ", flaky" : word;
    }

    void sign(Html html) {
        html.open("svg", "class", "sign", "viewBox", "0 0 16 16", "aria-hidden", "true")
                .open("path", "d", sign)
                .close()
                .close();
    }

    /** Defines all signs once, for a page that has thousands of them. */
    static void define(Html html) {
        html.open("svg", "class", "unseen", "aria-hidden", "true");
        for (Look look : values()) {
            html.open("symbol", "id", look.symbol(), "viewBox", "0 0 16 16")
                    .open("path", "d", look.sign)
                    .close()
                    .close();
        }
        html.close().line();
    }

    /** The sign as {@link #define} has it. */
    void use(Html html) {
        html.open("svg", "class", "sign")
                .open("use", "href", "#" + symbol())
                .close()
                .close();
    }

    private String symbol() {
        return "sign-" + style;
    }

    /** Sign and word in one small label. */
    void badge(Html html) {
        html.open("span", "class", "badge " + style);
        sign(html);
        word(html);
        html.close();
    }

    /** Says beside a verdict that a fake machine played it. */
    static void fake(Html html) {
        html.text(" ").element("span", "fake", "class", "flag");
    }

    void word(Html html) {
        html.element("span", word, "class", "word");
        if (this == FLAKY) {
            html.text(" ").element("span", "flaky", "class", "flag");
        }
    }
}
