package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A page without a frame: what it has to say, and what it needs for that. The dashboard's own frame makes a document of it that stands
 * alone; somebody else's may show the same within pages of their own.
 *
 * @param file where the dashboard has it; the links in it lead from there
 * @param title of the window
 * @param assets names of the stylesheets and scripts that it needs, in their order, beside the {@link #COMMON} ones
 * @param trail the pages above this one, in turn, the home page not among them
 * @param content markup for the inside of a {@code main}
 */
public record Page(Path file, String title, List<String> assets, List<Step> trail, String content) {

    /**
     * Pages hold text that a kernel under test printed. Should any of it get past the escaping, the browser still runs no
     * script but the dashboard's own files, and loads nothing from elsewhere. {@code file:} stands beside {@code 'self'} because a
     * browser may take each file for an origin of its own.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file:;"
            + " img-src 'self' file:; base-uri 'none'; form-action 'none'";

    /** Assets of every page, before its own. */
    public static final List<String> COMMON = List.of("style.css", "farm.js");

    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** A page above another, by the link that leads there. */
    public record Step(String name, String link) {}

    public Page {
        assets = List.copyOf(assets);
        trail = List.copyOf(trail);
    }

    /** @param trail names and links in turn */
    static Page of(Path file, String title, List<String> assets, Html content, String... trail) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < trail.length; i += 2) {
            steps.add(new Step(trail[i], trail[i + 1]));
        }
        return new Page(file, title, assets, steps, content.written());
    }

    /** Writes it as a document of its own, unless that is there already. */
    void write(DashboardLayout layout) throws IOException {
        AtomicFile.writeIfChanged(file, document(layout));
    }

    /** The page in the dashboard's own frame. */
    private String document(DashboardLayout layout) {
        Html html = Html.document();
        html.open("html", "lang", "en").line();
        html.open("head").line();
        html.empty("meta", "charset", "utf-8").line();
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
                .line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.empty("meta", "name", "color-scheme", "content", "light dark").line();
        html.element("title", title).line();
        html.empty(
                        "link",
                        "rel",
                        "icon",
                        "type",
                        "image/svg+xml",
                        "href",
                        DashboardLayout.link(file, layout.asset("icon.svg")))
                .line();
        Stream.concat(COMMON.stream(), assets.stream()).forEach(asset -> {
            String link = DashboardLayout.link(file, layout.asset(asset));
            if (asset.endsWith(".css")) {
                html.empty("link", "rel", "stylesheet", "href", link).line();
            } else {
                html.element("script", "", "src", link, "defer", "defer").line();
            }
        });
        html.close().line();
        html.open("body").line();
        html.open("header", "class", "top");
        html.open("nav", "aria-label", "Where you are");
        html.open("a", "class", "brand", "href", DashboardLayout.link(file, layout.home()));
        html.empty(
                "img",
                "src",
                DashboardLayout.link(file, layout.asset("icon.svg")),
                "alt",
                " ",
                "aria-hidden",
                "true",
                "width",
                "22",
                "height",
                "22");
        html.text("Kernel Farm").close();
        for (Step step : trail) {
            html.element("span", "/", "class", "slash", "aria-hidden", "true");
            html.element("a", step.name(), "href", step.link());
        }
        html.close();
        html.open("nav", "class", "across", "aria-label", "Over all runs");
        html.element("a", "History", "href", DashboardLayout.link(file, layout.history()));
        html.element("a", "Compare", "href", DashboardLayout.link(file, layout.compare()));
        html.close().close().line();
        html.open("main").line();
        html.markup(content);
        return html.written() + "\n";
    }

    /** What the matrix shows, the main thing large. */
    static void headline(Html html, MatrixResult result) {
        html.element("h1", Wording.headline(result)).line();
        String rest = Wording.rest(result);
        if (!rest.isEmpty()) {
            html.element("p", rest, "class", "lede").line();
        }
    }

    static String dayAndTime(Instant time) {
        return DAY_AND_TIME.format(time);
    }

    static void time(Html html, Instant time) {
        html.element(
                "time",
                dayAndTime(time),
                "datetime",
                time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** A fact with its name, for a {@code dl}. */
    static void fact(Html html, String name, String value) {
        if (!value.isEmpty()) {
            html.open("div").element("dt", name).element("dd", value).close();
        }
    }

    /** The channels that have a kernel. */
    static void channels(Html html, List<String> channels) {
        for (String channel : channels) {
            html.element("span", channel, "class", "channel").text(" ");
        }
    }

    /** The first digits of a digest, the whole of it in the title. */
    static void digest(Html html, String sha256) {
        html.element("code", sha256.length() > 12 ? sha256.substring(0, 12) + "…" : sha256, "title", sha256);
    }
}
