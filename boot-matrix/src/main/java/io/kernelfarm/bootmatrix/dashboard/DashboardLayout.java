package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The dashboard's folder, and the only code that knows its paths:
 *
 * <pre>
 * index.html  history.html  compare.html
 * archive/&lt;number&gt;.html  .json       runs that the first page no longer names, the oldest in number 1
 * assets/                            scripts, stylesheets, the icon
 * index.json  history.json           what these pages show
 * runs/&lt;run-id&gt;/index.html  run.json  matrix.json  summary.json  live.json
 * runs/&lt;run-id&gt;/cells/&lt;cell&gt;.html
 * runs/&lt;run-id&gt;/consoles/&lt;console&gt;.html         of a console that no cell's page shows
 * runs/&lt;run-id&gt;/consoles/&lt;console&gt;/index.json   what the console is, and lines to show at once
 * runs/&lt;run-id&gt;/consoles/&lt;console&gt;/0.js, 1.js   its text in pieces
 * </pre>
 *
 * Beside each {@code .json} that a script reads lies a {@code .js} with the same content: a page that was opened from a disk may load
 * the one and not the other.
 *
 * @param root the folder itself
 */
public record DashboardLayout(Path root) {

    private static final String INDEX = "index.html";

    public DashboardLayout {
        root = root.toAbsolutePath().normalize();
    }

    public Path home() {
        return root.resolve(INDEX);
    }

    /** A script, a stylesheet or a picture that pages share. */
    public Path asset(String name) {
        return root.resolve("assets").resolve(name);
    }

    /** How modes fared over time. */
    public Path history() {
        return root.resolve("history.html");
    }

    /** Two runs side by side. */
    public Path compare() {
        return root.resolve("compare.html");
    }

    /** Runs that the first page no longer names; 1 has the oldest. */
    public Path archive(int number) {
        return root.resolve("archive").resolve(number + ".html");
    }

    /** Which runs an archive page has. */
    public Path archiveData(int number) {
        return root.resolve("archive").resolve(number + ".json");
    }

    /** What the first page shows. */
    public Path homeData() {
        return root.resolve("index.json");
    }

    /** What the history shows. */
    public Path historyData() {
        return root.resolve("history.json");
    }

    /** What the pages of a run show. */
    public Path runData(String runId) {
        return runFolder(runId).resolve("run.json");
    }

    /** What the pages of a run's cells show: a copy of the run's own. */
    public Path matrix(String runId) {
        return runFolder(runId).resolve(MatrixJson.FILE_NAME);
    }

    /** What pages over all runs show of a run; there once all its own pages are. */
    public Path summary(String runId) {
        return runFolder(runId).resolve("summary.json");
    }

    /** How far a run is that is on its way. */
    public Path live(String runId) {
        return runFolder(runId).resolve("live.json");
    }

    /** The page of the cell called {@code cellId} in a run. */
    public Path cell(String runId, String cellId) {
        return runFolder(runId).resolve("cells").resolve(safe(cellId) + ".html");
    }

    /** The page of the run called {@code runId}. */
    public Path run(String runId) {
        return runFolder(runId).resolve(INDEX);
    }

    /** The page that shows a console log of a run; {@code console} is the log's path relative to {@code matrix.json}. */
    public Path console(String runId, String console) {
        return runFolder(runId).resolve("consoles").resolve(consoleName(console) + ".html");
    }

    /** What there is to know of a console log before any of its text is read. */
    public Path consoleIndex(String runId, String console) {
        return runFolder(runId)
                .resolve("consoles")
                .resolve(consoleName(console))
                .resolve("index.json");
    }

    /** A piece of a console log's text, the first has number 0. */
    public Path consolePiece(String runId, String console, int number) {
        return consoleIndex(runId, console).resolveSibling(number + ".js");
    }

    /** The link that leads from {@code page} to {@code target}, both of them files: a relative URL, percent-encoded. */
    static String link(Path page, Path target) {
        Path way = page.getParent().relativize(target.toAbsolutePath().normalize());
        List<String> names = new ArrayList<>();
        way.forEach(name -> names.add(encoded(name.toString())));
        return String.join("/", names);
    }

    private static String consoleName(String console) {
        return safe(console.replaceFirst("^consoles/", "").replaceFirst("\\.log$", ""));
    }

    private Path runFolder(String runId) {
        return root.resolve("runs").resolve(safe(runId));
    }

    /** Names come from files that others may have written, and must not lead out of the dashboard. */
    private static String safe(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._+~-]", "_");
        return safe.isEmpty() || safe.startsWith(".") ? "_" + safe : safe;
    }

    /** A name as a part of a URL. */
    static String encoded(String name) {
        return name.codePoints()
                .mapToObj(c -> isUnreserved(c) ? Character.toString(c) : percent(Character.toString(c)))
                .collect(Collectors.joining());
    }

    /** RFC 3986, 2.3. */
    private static boolean isUnreserved(int c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
    }

    private static String percent(String character) {
        StringBuilder out = new StringBuilder();
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            out.append(String.format("%%%02X", b));
        }
        return out.toString();
    }
}
