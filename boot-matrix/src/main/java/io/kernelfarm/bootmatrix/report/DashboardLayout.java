package io.kernelfarm.bootmatrix.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The dashboard's folder, and the only code that knows its paths:
 *
 * <pre>
 * index.html  style.css  icon.svg
 * runs/&lt;run-id&gt;/index.html
 * runs/&lt;run-id&gt;/consoles/&lt;console&gt;.html
 * </pre>
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

    public Path stylesheet() {
        return root.resolve("style.css");
    }

    public Path icon() {
        return root.resolve("icon.svg");
    }

    /** The page of the run called {@code runId}. */
    public Path run(String runId) {
        return runFolder(runId).resolve(INDEX);
    }

    /** The page that shows a console log of a run; {@code console} is the log's path relative to {@code matrix.json}. */
    public Path console(String runId, String console) {
        String name = console.replaceFirst("^consoles/", "").replaceFirst("\\.log$", "");
        return runFolder(runId).resolve("consoles").resolve(safe(name) + ".html");
    }

    /** The link that leads from {@code page} to {@code target}, both of them files: a relative URL, percent-encoded. */
    static String link(Path page, Path target) {
        Path way = page.getParent().relativize(target.toAbsolutePath().normalize());
        List<String> names = new ArrayList<>();
        way.forEach(name -> names.add(encoded(name.toString())));
        return String.join("/", names);
    }

    private Path runFolder(String runId) {
        return root.resolve("runs").resolve(safe(runId));
    }

    /** Names come from files that others may have written, and must not lead out of the dashboard. */
    private static String safe(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._+~-]", "_");
        return safe.isEmpty() || safe.startsWith(".") ? "_" + safe : safe;
    }

    private static String encoded(String name) {
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
