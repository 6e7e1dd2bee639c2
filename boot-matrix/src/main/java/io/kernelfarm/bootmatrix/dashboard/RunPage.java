package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.report.Wording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The page of one run: its matrix, packages, stages. */
final class RunPage {

    /** The anchor of the packages and how to install them. */
    static final String INSTALL = "install";

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final Path page;
    private final Html html;

    private RunPage(DashboardLayout layout, DashboardRun run) {
        this.layout = layout;
        this.run = run;
        this.page = layout.run(run.id());
        String title = run.matrix().map(m -> m.kernel().release()).orElse(run.id());
        this.html = Page.begin(layout, page, title + " – Kernel Farm", List.of(), "run " + run.id(), "index.html");
    }

    static String render(DashboardLayout layout, DashboardRun run) {
        return new RunPage(layout, run).render();
    }

    private String render() {
        if (run.matrix().isPresent()) {
            MatrixResult result = run.matrix().get();
            html.element("p", "Kernel " + result.kernel().release(), "class", "eyebrow");
            Page.headline(html, result);
            facts(result);
            if (!result.cells().isEmpty()) {
                MatrixGrid.write(html, result, cell -> CellPage.link(layout, page, run, cell));
            }
        } else {
            html.element("p", "Run " + run.id(), "class", "eyebrow");
            html.element("h1", run.standing()).line();
            html.open("p", "class", "byline");
            Page.time(html, run.started());
            html.text(" ");
            Page.channels(html, run.channels());
            html.close().line();
        }
        if (!run.packages().isEmpty() || !run.install().isEmpty()) {
            packages();
        }
        run.provenance().ifPresent(this::provenance);
        if (!run.promotions().isEmpty()) {
            promotions();
        }
        if (!run.stages().isEmpty()) {
            stages();
        }
        return html.page();
    }

    private void facts(MatrixResult result) {
        html.open("dl", "class", "facts");
        Page.fact(html, "Source", result.kernel().source());
        html.open("div").element("dt", "Started").open("dd");
        Page.time(html, run.started());
        html.close().close();
        Page.fact(html, "Boot stage", Wording.duration(result.seconds()));
        Page.fact(html, "Emulator", result.emulator());
        Page.fact(html, "Control kernel", result.control());
        if (!run.channels().isEmpty()) {
            html.open("div").element("dt", "Channels").open("dd");
            Page.channels(html, run.channels());
            html.close().close();
        }
        html.open("div").element("dt", "Image SHA-256").open("dd");
        Page.digest(html, result.kernel().imageSha256());
        html.close().close();
        html.open("div").element("dt", "Files").open("dd");
        file(MatrixJson.FILE_NAME);
        html.text(" ");
        file(JunitXml.FILE_NAME);
        html.close().close();
        html.close().line();
    }

    private void provenance(DashboardRun.Provenance provenance) {
        html.open("section").line();
        html.element("h2", "Provenance").line();
        html.element(
                        "p",
                        "What the packages were made from and with, signed with the key that the repositories are signed with.",
                        "class",
                        "quiet")
                .line();
        html.open("dl", "class", "facts");
        Page.fact(html, "Source", provenance.source());
        digestFact("Source SHA-256", provenance.sourceSha256());
        digestFact("Configuration SHA-256", provenance.configurationSha256());
        Page.fact(html, "Builder", provenance.builder());
        html.open("div").element("dt", "Signed by").open("dd");
        html.element("code", provenance.fingerprint()).close().close();
        html.open("div").element("dt", "Files").open("dd");
        for (Path file : provenance.files()) {
            html.element("a", file.getFileName().toString(), "href", DashboardLayout.link(page, file));
            html.text(" ");
        }
        html.close().close().close().line();
        html.close().line();
    }

    private void digestFact(String name, String sha256) {
        if (!sha256.isEmpty()) {
            html.open("div").element("dt", name).open("dd");
            Page.digest(html, sha256);
            html.close().close();
        }
    }

    private void promotions() {
        html.open("section").line();
        html.element("h2", "Promotions").line();
        html.open("div", "class", "scroll").open("table", "class", "list").line();
        html.open("thead").open("tr");
        html.element("th", "When", "scope", "col");
        html.element("th", "What", "scope", "col");
        html.element("th", "By", "scope", "col");
        html.element("th", "On which evidence", "scope", "col", "class", "rest");
        html.close().close().open("tbody").line();
        for (DashboardRun.Promotion promotion : run.promotions()) {
            html.open("tr").open("th", "scope", "row");
            Page.time(html, promotion.at());
            html.close();
            html.element("td", promotion.what());
            html.element("td", promotion.by());
            html.open("td", "class", "rest").text(promotion.evidence() + ", matrix.json ");
            Page.digest(html, promotion.matrixSha256());
            html.close().close().line();
        }
        html.close().close().close().close().line();
    }

    private void file(String name) {
        Path file = run.boot().resolve(name);
        if (Files.isRegularFile(file)) {
            html.element("a", name, "href", DashboardLayout.link(page, file));
        }
    }

    private void packages() {
        html.open("section", "id", INSTALL).line();
        html.element("h2", "Packages").line();
        if (!run.packages().isEmpty()) {
            html.open("div", "class", "scroll")
                    .open("table", "class", "list files")
                    .line();
            html.open("thead").open("tr");
            html.element("th", "File", "scope", "col");
            html.element("th", "Size", "scope", "col", "class", "number");
            html.element("th", "SHA-256", "scope", "col", "class", "rest");
            html.close().close().open("tbody").line();
            for (DashboardRun.PackageFile file : run.packages()) {
                html.open("tr").open("th", "scope", "row");
                html.element(
                        "a", file.file().getFileName().toString(), "href", DashboardLayout.link(page, file.file()));
                html.close();
                html.element("td", size(file.size()), "class", "number");
                html.open("td", "class", "rest")
                        .element("code", file.sha256(), "class", "digest")
                        .close();
                html.close().line();
            }
            html.close().close().close().line();
        }
        if (!run.install().isEmpty()) {
            html.open("div", "class", "snippets").line();
            for (DashboardRun.Snippet snippet : run.install()) {
                html.open("figure")
                        .element("figcaption", snippet.title())
                        .open("pre", "tabindex", "0")
                        .open("code");
                html.lines(snippet.text());
                html.close().close().close().line();
            }
            html.close().line();
        }
        html.close().line();
    }

    private void stages() {
        double all = run.stages().stream()
                .mapToDouble(DashboardRun.StageTime::seconds)
                .sum();
        html.open("section").line();
        html.element("h2", "Stages").line();
        html.open("table", "class", "stages").line();
        html.open("thead", "class", "unseen").open("tr");
        html.element("th", "Stage", "scope", "col");
        html.element("th", "Time", "scope", "col");
        html.element("th", "Share", "scope", "col");
        html.close().close().open("tbody").line();
        for (DashboardRun.StageTime stage : run.stages()) {
            html.open("tr").element("th", stage.stage(), "scope", "row");
            html.element("td", Wording.duration(stage.seconds()), "class", "number");
            html.open("td", "class", "bar");
            // An attribute, because the page's policy allows no inline style.
            String share = String.format(Locale.ROOT, "%.1f", all > 0 ? 100 * stage.seconds() / all : 0);
            html.open("svg", "viewBox", "0 0 100 4", "preserveAspectRatio", "none", "aria-hidden", "true")
                    .open("rect", "width", share, "height", "4")
                    .close()
                    .close();
            html.close().close().line();
        }
        html.open("tr", "class", "sum").element("th", "together", "scope", "row");
        html.element("td", Wording.duration(all), "class", "number")
                .open("td")
                .close()
                .close()
                .line();
        html.close().close().close().line();
    }

    /** Bytes in the unit that leaves one to three digits before the point: powers of 1000, as SI has it. */
    private static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        for (String unit : new String[] {"kB", "MB"}) {
            if (value < 999.95) {
                return String.format(Locale.ROOT, "%.1f %s", value, unit);
            }
            value /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f GB", value);
    }
}
