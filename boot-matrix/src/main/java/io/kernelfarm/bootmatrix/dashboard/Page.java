package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Wording;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What all pages share: their head and their top. */
final class Page {

    /**
     * Pages hold text that a kernel under test printed. Should any of it get past the escaping, the browser still runs no
     * script but the dashboard's own files, and loads nothing from elsewhere. {@code file:} stands beside {@code 'self'} because a
     * browser may take each file for an origin of its own.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file:;"
            + " img-src 'self' file:; base-uri 'none'; form-action 'none'";

    /** On every page, before its own. */
    private static final List<String> COMMON = List.of("style.css", "farm.js");

    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Page() {}

    /**
     * Begins {@code page}, up to and with the opened {@code main}.
     *
     * @param assets names of the stylesheets and scripts that the page needs beside the common ones
     * @param trail names and links of the pages above this one, in turn, the home page not among them
     */
    static Html begin(DashboardLayout layout, Path page, String title, List<String> assets, String... trail) {
        Html html = new Html();
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
                        DashboardLayout.link(page, layout.asset("icon.svg")))
                .line();
        Stream.concat(COMMON.stream(), assets.stream()).forEach(asset -> {
            String link = DashboardLayout.link(page, layout.asset(asset));
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
        html.open("a", "class", "brand", "href", DashboardLayout.link(page, layout.home()));
        html.empty(
                "img",
                "src",
                DashboardLayout.link(page, layout.asset("icon.svg")),
                "alt",
                " ",
                "aria-hidden",
                "true",
                "width",
                "22",
                "height",
                "22");
        html.text("Kernel Farm").close();
        for (int i = 0; i < trail.length; i += 2) {
            html.element("span", "/", "class", "slash", "aria-hidden", "true");
            html.element("a", trail[i], "href", trail[i + 1]);
        }
        html.close();
        html.open("nav", "class", "across", "aria-label", "Over all runs");
        html.element("a", "History", "href", DashboardLayout.link(page, layout.history()));
        html.element("a", "Compare", "href", DashboardLayout.link(page, layout.compare()));
        html.close().close().line();
        html.open("main").line();
        return html;
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
