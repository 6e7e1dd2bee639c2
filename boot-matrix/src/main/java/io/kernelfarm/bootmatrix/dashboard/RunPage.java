package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.report.Wording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The page of one run: its matrix, how to install it, what was built and why so, and how long that took. */
final class RunPage {

    /** The anchor of the packages and how to install them. */
    static final String INSTALL = "install";

    private static final List<String> ASSETS = List.of("kernel.css", "copy.js", "options.js");

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final RunConfiguration configuration;
    private final Path page;
    private final Html html = new Html();

    private RunPage(DashboardLayout layout, DashboardRun run, RunConfiguration configuration) {
        this.layout = layout;
        this.run = run;
        this.configuration = configuration;
        this.page = layout.run(run.id());
    }

    static Page render(DashboardLayout layout, DashboardRun run, RunConfiguration configuration) {
        return new RunPage(layout, run, configuration).render();
    }

    private Page render() {
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
        run.matrix().map(BootTime::of).filter(times -> !times.isEmpty()).ifPresent(this::bootTimes);
        if (!run.packages().isEmpty() || !run.install().isEmpty()) {
            packages();
        }
        run.build().ifPresent(build -> {
            ConfigurationSection section = new ConfigurationSection(layout, page, html);
            configuration
                    .previous()
                    .ifPresent(previous -> section.changes(build, previous, run.id(), configuration.changes()));
            section.options(run.id(), build, configuration);
            build(build);
        });
        run.provenance().ifPresent(this::provenance);
        if (!run.promotions().isEmpty()) {
            promotions();
        }
        if (!run.stages().isEmpty()) {
            stages();
        }
        String title = run.matrix().map(m -> m.kernel().release()).orElse(run.id());
        return Page.of(page, title + " – Kernel Farm", ASSETS, html, "run " + run.id(), "index.html");
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

    private void bootTimes(List<BootTime> times) {
        double longest = times.stream().mapToDouble(BootTime::slowest).max().orElseThrow();
        html.open("section", "id", "boot-times").line();
        html.element("h2", "Boot time").line();
        html.element(
                        "p",
                        "From power on, of a guest from its creation, until user space answers: the median of the mode’s cells that pass,"
                                + " and a mark at the slowest.",
                        "class",
                        "quiet prose")
                .line();
        html.open("table", "class", "stages").line();
        html.open("thead", "class", "unseen").open("tr");
        html.element("th", "Mode", "scope", "col");
        html.element("th", "Median", "scope", "col");
        html.element("th", "Fastest to slowest", "scope", "col");
        html.element("th", "Bar", "scope", "col");
        html.close().close().open("tbody").line();
        for (BootTime time : times) {
            html.open("tr").element("th", time.mode().id(), "scope", "row");
            html.element("td", Wording.duration(time.median()), "class", "number");
            html.element(
                    "td",
                    time.cells() == 1
                            ? "one cell"
                            : Wording.tenths(time.fastest()) + " to " + Wording.tenths(time.slowest()) + " s in "
                                    + time.cells() + " cells",
                    "class",
                    "quiet spread");
            bar(share(time.median(), longest), share(time.slowest(), longest));
            html.close().line();
        }
        html.close().close().close().line();
    }

    private void packages() {
        html.open("section", "id", INSTALL).line();
        html.element("h2", "Install").line();
        if (!run.install().isEmpty()) {
            html.open("div", "class", "snippets").line();
            for (DashboardRun.Snippet snippet : run.install()) {
                html.open("figure").open("figcaption").text(snippet.title());
                // The script that it needs shows it.
                html.open("span", "class", "copying");
                html.element("span", "", "role", "status", "class", "quiet");
                html.element(
                        "button",
                        "Copy",
                        "type",
                        "button",
                        "class",
                        "copy",
                        "hidden",
                        "hidden",
                        "aria-label",
                        "Copy for " + snippet.title());
                html.close().close().open("pre", "tabindex", "0").open("code");
                html.lines(snippet.text());
                html.close().close().close().line();
            }
            html.close().line();
        }
        if (!run.packages().isEmpty()) {
            packageFiles();
        }
        html.close().line();
    }

    private void packageFiles() {
        html.element("h3", "Packages").line();
        html.open("div", "class", "scroll").open("table", "class", "list files").line();
        html.open("thead").open("tr");
        html.element("th", "File", "scope", "col");
        html.element("th", "Size", "scope", "col", "class", "number");
        html.element("th", "Signature", "scope", "col");
        html.element("th", "SHA-256", "scope", "col", "class", "rest");
        html.close().close().open("tbody").line();
        for (DashboardRun.PackageFile file : run.packages()) {
            html.open("tr").open("th", "scope", "row");
            html.element("a", file.file().getFileName().toString(), "href", DashboardLayout.link(page, file.file()));
            html.close();
            html.element("td", size(file.size()), "class", "number").open("td");
            signature(file);
            html.close().open("td", "class", "rest").element("code", file.sha256(), "class", "digest");
            html.close().close().line();
        }
        html.close().close().close().line();
        run.packages().stream()
                .flatMap(file -> file.signature().stream())
                .map(DashboardRun.Signature::key)
                .findFirst()
                .ifPresent(this::signatures);
    }

    private void signature(DashboardRun.PackageFile file) {
        if (file.signature().isEmpty()) {
            html.element("span", "none", "class", "quiet");
            return;
        }
        DashboardRun.Signature signature = file.signature().get();
        if (signature.file().equals(file.file())) {
            html.text(signature.where());
        } else {
            html.element("a", signature.where(), "href", DashboardLayout.link(page, signature.file()));
        }
    }

    private void signatures(Path key) {
        html.open("p", "class", "quiet prose")
                .text(
                        "A deb carries no signature: the channel’s signed InRelease vouches for the index with its SHA-256, and apt checks"
                                + " both. An rpm is signed in its header, and so is the channel’s repomd.xml; dnf checks both. All with ");
        html.element("a", "the farm’s public key", "href", DashboardLayout.link(page, key));
        run.provenance()
                .ifPresent(provenance -> html.text(", ").element("code", provenance.fingerprint(), "class", "digest"));
        html.text(".").close().line();
    }

    private void build(DashboardRun.Build build) {
        html.open("section", "id", "build").line();
        html.element("h2", "Build").line();
        html.open("dl", "class", "facts");
        Page.fact(html, "Compiled in", Wording.duration(build.seconds()) + reused(build));
        Page.fact(html, "Profile", build.profile());
        Page.fact(html, "Compiler", build.compiler());
        Page.fact(html, "Linker", build.linker());
        html.close().close().line();
    }

    /** A stage that took less time than compiling did has not compiled. */
    private String reused(DashboardRun.Build build) {
        return run.stages().stream()
                .filter(stage -> stage.stage().equals("compile") && stage.seconds() < build.seconds())
                .findFirst()
                .map(stage -> ", in an earlier run; reused in " + Wording.duration(stage.seconds()))
                .orElse("");
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
            bar(share(stage.seconds(), all), 0);
            html.close().line();
        }
        html.open("tr", "class", "sum").element("th", "together", "scope", "row");
        html.element("td", Wording.duration(all), "class", "number")
                .open("td")
                .close()
                .close()
                .line();
        html.close().close().close().line();
    }

    /** A bar of {@code share} hundredths, and a mark at {@code mark}; its size is an attribute, as the page's policy allows no style. */
    private void bar(double share, double mark) {
        html.open("td", "class", "bar");
        html.open("svg", "viewBox", "0 0 100 4", "preserveAspectRatio", "none", "aria-hidden", "true")
                .open("rect", "width", tenths(share), "height", "4")
                .close();
        if (mark > share) {
            html.open("rect", "class", "slowest", "x", tenths(mark - 0.4), "width", "0.4", "height", "4")
                    .close();
        }
        html.close().close();
    }

    private static double share(double part, double whole) {
        return whole > 0 ? 100 * part / whole : 0;
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
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
