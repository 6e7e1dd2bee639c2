package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.AtomicFile;
import io.kernelfarm.bootmatrix.report.Digest;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The page of one console log: each line under its number, evidence marked. A log may be large and is streamed. It is
 * taken for UTF-8, and a line ends at a line feed; a carriage return before it belongs to the end.
 */
final class ConsolePage {

    /** Longer lines are cut: nothing sensible is, and a log need not hold a line feed at all. */
    private static final int LINE_CHARACTERS = 4096;

    /** Lines are wrapped in blocks, so that a browser lays out only those that are in view. */
    private static final int BLOCK_LINES = 200;

    private static final int FINGERPRINT_BYTES = 256;

    private ConsolePage() {}

    /** Writes the page, unless the one that is there was made from the same log with the same things to say. */
    static void write(DashboardLayout layout, DashboardRun run, RunConsoles.ConsoleLog console) throws IOException {
        String head = head(layout, run, console);
        String fingerprint = "<!-- " + Files.size(console.log()) + " "
                + Files.getLastModifiedTime(console.log()).toMillis() + " " + Digest.sha256(head + console.evidence())
                + " -->\n";
        if (startsWith(console.page(), fingerprint)) {
            return;
        }
        AtomicFile.write(console.page(), out -> {
            out.write(fingerprint);
            out.write(head);
            lines(out, console.log(), console.evidence());
            out.write("</pre></main></body></html>\n");
        });
    }

    private static boolean startsWith(Path page, String fingerprint) throws IOException {
        if (!Files.isRegularFile(page)) {
            return false;
        }
        try (var in = Files.newInputStream(page)) {
            return new String(in.readNBytes(FINGERPRINT_BYTES), StandardCharsets.UTF_8).startsWith(fingerprint);
        }
    }

    private static String head(DashboardLayout layout, DashboardRun run, RunConsoles.ConsoleLog console) {
        Path page = console.page();
        String runLink = DashboardLayout.link(page, layout.run(run.id()));
        String cells = console.cells().stream()
                .map(result -> Wording.name(result.cell()))
                .collect(Collectors.joining(", "));
        Html html = Page.begin(
                layout, page, "Console of " + cells + " – Kernel Farm", List.of(), "run " + run.id(), runLink);
        html.element("p", "Console", "class", "eyebrow");
        html.element("h1", cells).line();
        for (var result : console.cells()) {
            html.open("p", "class", "sentence");
            Look.of(result).badge(html);
            html.text(" " + Wording.verdict(result) + " ");
            html.element(
                    "a", "to the cell", "href", runLink + "#" + result.cell().id());
            html.close().line();
        }
        html.open("p", "class", "byline");
        html.element("a", "The log as it was received", "href", DashboardLayout.link(page, console.log()));
        if (!console.evidence().isEmpty()) {
            html.element("span", " · ", "class", "dot").text("evidence in line ");
            String comma = "";
            for (int line : console.evidence()) {
                html.text(comma).element("a", Integer.toString(line), "href", "#L" + line);
                comma = ", ";
            }
        }
        html.close().line();
        html.open("pre", "class", "console", "tabindex", "0", "aria-label", "Console lines");
        return html.drain();
    }

    private static void lines(Writer out, Path log, Set<Integer> evidence) throws IOException {
        try (Reader in =
                new java.io.BufferedReader(new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            int number = 0;
            long length = 0;
            int c = in.read();
            while (c >= 0) {
                if (c == '\n') {
                    line(out, ++number, line, length, evidence.contains(number));
                    line.setLength(0);
                    length = 0;
                } else {
                    length++;
                    if (line.length() < LINE_CHARACTERS) {
                        line.append((char) c);
                    }
                }
                c = in.read();
            }
            if (length > 0) {
                line(out, ++number, line, length, evidence.contains(number));
            }
            if (number > 0) {
                out.write("</span>");
            }
        }
    }

    private static void line(Writer out, int number, StringBuilder text, long length, boolean isEvidence)
            throws IOException {
        if (number % BLOCK_LINES == 1) {
            out.write(number == 1 ? "<span class=\"block\">" : "</span><span class=\"block\">");
        }
        String shown = text.toString();
        long cut = length - shown.length();
        if (cut == 0 && shown.endsWith("\r")) {
            shown = shown.substring(0, shown.length() - 1);
        }
        out.write(isEvidence ? "<span class=\"l e\" id=\"L" : "<span class=\"l\" id=\"L");
        out.write(number + "\"><a href=\"#L" + number + "\">" + number + "</a>");
        out.write(Html.escaped(shown));
        if (cut > 0) {
            out.write(" <i>… and " + cut + " more characters in this line</i>");
        }
        out.write("\n</span>");
    }
}
