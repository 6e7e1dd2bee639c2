package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.dashboard.Table.Column;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a kernel was configured to be, and why, and what changed since the kernel before: parts of the run's page. */
final class ConfigurationSection {

    /** The anchor of what changed. */
    static final String CHANGES = "changes";

    /** Of more options than this nobody reads the names one by one; {@code run.json} has them all. */
    private static final int CHANGES_AT_MOST = 200;

    private final DashboardLayout layout;
    private final Path page;
    private final Html html;

    ConfigurationSection(DashboardLayout layout, Path page, Html html) {
        this.layout = layout;
        this.page = page;
        this.html = html;
    }

    /** The options that somebody asked for. The page's script adds the others when it is asked to. */
    void options(String runId, DashboardRun.Build build, RunConfiguration configuration) {
        List<DashboardRun.Option> wished = configuration.wished();
        long set = configuration.options().stream()
                .filter(option -> !option.value().equals("n"))
                .count();
        html.open("section", "id", "configuration").line();
        html.element("h2", "Configuration").line();
        html.open("p", "class", "quiet prose")
                .text("Profile " + build.profile() + ". " + set + " options are set. " + wished.size()
                        + " were asked for, and below stands by whom; the others have the kernel’s or the profile’s default, or another"
                        + " option needs them. ");
        html.element("a", "The whole file", "href", DashboardLayout.link(page, build.config()))
                .text(".")
                .close()
                .line();
        html.open(
                "div",
                "class",
                "filter",
                "hidden",
                "hidden",
                "data-options",
                DashboardLayout.link(page, DataFile.twin(layout.runData(runId))));
        html.open("label").element("span", "Filter options", "class", "unseen");
        html.empty(
                        "input",
                        "type",
                        "search",
                        "placeholder",
                        "Filter, for example XEN",
                        "autocomplete",
                        "off",
                        "spellcheck",
                        "false")
                .close();
        html.open("label").empty("input", "type", "checkbox").text(" those that nobody asked for, too");
        html.close();
        html.element("span", "", "class", "quiet", "role", "status");
        html.close().line();
        Table.begin(
                html,
                "Options",
                "options",
                "",
                List.of(Column.text("Option"), Column.text("Value"), Column.rest("Why")));
        for (DashboardRun.Option option : wished) {
            html.open("tr").open("th", "scope", "row");
            html.element("code", option.name()).close().open("td");
            html.element("code", option.value()).close();
            html.element("td", option.why(), "class", "rest").close().line();
        }
        Table.end(html);
        html.close().line();
    }

    /** What differs from the kernel before. */
    void changes(DashboardRun.Build build, RunConfiguration.Previous previous, String runId, OptionChanges changes) {
        html.open("section", "id", CHANGES).line();
        html.element("h2", "Since the kernel before").line();
        html.open("p", "class", "quiet prose").text("Against ");
        html.element("a", previous.release(), "href", DashboardLayout.link(page, layout.run(previous.id())));
        html.text(" (run " + previous.id() + ")");
        html.text(
                changes.isEmpty()
                        ? " no option differs"
                        : ": " + counted(changes.added(), "added") + ", " + counted(changes.removed(), "removed") + ", "
                                + counted(changes.changed(), "changed"));
        if (!previous.profile().equals(build.profile())) {
            html.text("; that one’s profile was " + previous.profile() + ", this one’s is " + build.profile());
        }
        html.text(". ");
        html.element("a", "Compare the two kernels", "href", ComparePage.link(layout, page, previous.id(), runId))
                .text(".")
                .close()
                .line();
        if (!changes.isEmpty()) {
            Map<String, List<OptionChanges.Change>> kinds =
                    Map.of("added", changes.added(), "removed", changes.removed(), "changed", changes.changed());
            Table.begin(
                    html,
                    "Options that differ",
                    "",
                    "",
                    List.of(Column.text("Option"), Column.text("What"), Column.text("Before"), Column.rest("Now")));
            for (String kind : List.of("added", "removed", "changed")) {
                kinds.get(kind).stream().limit(CHANGES_AT_MOST).forEach(change -> change(kind, change));
            }
            Table.end(html);
            if (kinds.values().stream().anyMatch(some -> some.size() > CHANGES_AT_MOST)) {
                html.open("p", "class", "quiet").text("The first " + CHANGES_AT_MOST + " of each are shown; ");
                html.element("a", "run.json", "href", DashboardLayout.link(page, layout.runData(runId)));
                html.text(" has them all.").close().line();
            }
        }
        html.close().line();
    }

    private void change(String kind, OptionChanges.Change change) {
        html.open("tr").open("th", "scope", "row");
        html.element("code", change.option()).close();
        html.element("td", kind).open("td");
        html.element("code", change.before()).close().open("td", "class", "rest");
        html.element("code", change.after()).close().close().line();
    }

    private static String counted(List<OptionChanges.Change> some, String what) {
        return (some.isEmpty() ? "none" : Integer.toString(some.size())) + " " + what;
    }
}
