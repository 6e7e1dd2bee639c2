package io.jenkins.plugins.kernelfarm.pages;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * A small picture of the latest verdict, for pages elsewhere.
 *
 * @param words what it says
 * @param colour of the field on its right, in which white text has a contrast of 4.5 at least
 */
record BadgePicture(String words, String colour) {
    /** Where it is, below "Boot matrix". */
    static final String NAME = "badge.svg";

    private static final String SUBJECT = "boot matrix";

    /** What a letter is taken for, in pixels; the text is stretched to the field that this gives. */
    private static final int LETTER = 7;

    private static final int PADDING = 7;

    /** The picture of these runs together. */
    static BadgePicture of(List<RunSummary> runs) {
        if (runs.isEmpty()) {
            return new BadgePicture("no run", "#5f656d");
        }
        Verdict verdict = Verdict.worst(runs.stream().map(RunSummary::verdict).toList());
        List<RunSummary.CellSummary> cells =
                runs.stream().flatMap(run -> run.cells().stream()).toList();
        long same = cells.stream().filter(cell -> cell.verdict() == verdict).count();
        boolean fake = runs.stream().anyMatch(RunSummary::isFake);
        String words =
                verdict.name() + (fake ? ", fake:" : "") + (cells.isEmpty() ? "" : " " + same + " of " + cells.size());
        return new BadgePicture(
                words,
                switch (verdict) {
                    case PASS -> fake ? "#5f656d" : "#17633a";
                    case FAIL -> "#b8281f";
                    case ERROR -> "#8a5200";
                    case MISS, SKIP -> "#5f656d";
                });
    }

    /** The picture as SVG. All that varies in it are verdicts and numbers. */
    String svg() {
        int left = SUBJECT.length() * LETTER + 2 * PADDING;
        int right = words.length() * LETTER + 2 * PADDING;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="20" role="img" aria-label="%3$s: %4$s">
                <title>%3$s: %4$s</title>
                <rect width="%1$d" height="20" rx="4" fill="#33383e"/>
                <path d="M%2$d 0h%7$dv20h-%7$dz" fill="%5$s"/><rect x="%8$d" width="8" height="20" rx="4" fill="%5$s"/>
                <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
                <text x="%6$d" y="14" textLength="%9$d">%3$s</text>
                <text x="%10$d" y="14" textLength="%11$d">%4$s</text>
                </g>
                </svg>
                """.formatted(
                        left + right,
                        left,
                        SUBJECT,
                        words,
                        colour,
                        PADDING,
                        right - 4,
                        left + right - 8,
                        left - 2 * PADDING,
                        left + PADDING,
                        right - 2 * PADDING);
    }

    void send(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Sent.bytes(svg().getBytes(StandardCharsets.UTF_8), "image/svg+xml;charset=utf-8", request, response);
    }
}
