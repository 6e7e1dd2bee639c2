package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/dashboard.md} against the files that are written. */
class DashboardDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/dashboard.md");
    private static final Pattern NAME = Pattern.compile("`([a-z0-9_]+)`");

    /** Fields whose names are those of things, such as options. */
    private static final Set<String> NAMED_BY_THINGS = Set.of("options", "why", "boot_seconds", "stage_seconds");

    @TempDir
    private Path out;

    @Test
    void eachFieldThatIsWrittenIsThereAndNoOther() throws IOException {
        DashboardLayout layout = new DashboardLayout(out.resolve("dashboard"));
        String console = write(layout);
        Map<String, Path> files = Map.of(
                "index.json", layout.homeData(),
                "archive/1.json", layout.archiveData(1),
                "summary.json", layout.summary("run-1"),
                "run.json", layout.runData("run-1"),
                "history.json", layout.historyData(),
                "live.json", layout.live("run-live"),
                "consoles/NAME/index.json", layout.consoleIndex("run-1", console));
        String summary = section("summary.json");
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String section = section(file.getKey());
            JsonNode written = new JsonMapper().readTree(file.getValue().toFile());
            Set<String> told = new TreeSet<>();
            section.lines()
                    .filter(line -> line.startsWith("| `"))
                    .forEach(line -> told.addAll(names(line.split("\\|", -1)[1])));
            Set<String> fields = new TreeSet<>();
            written.fieldNames().forEachRemaining(fields::add);
            assertThat(fields).as(file.getKey()).isEqualTo(told);
            Set<String> all = names(section);
            if (section.contains("as in `summary.json`")) {
                all.addAll(names(summary));
            }
            assertThat(fieldsOf(written)).as("fields within " + file.getKey()).isSubsetOf(all);
        }
    }

    /** Runs in which there is everything; returns the name of a console. */
    private String write(DashboardLayout layout) throws IOException {
        new LiveRun(
                        "run-live",
                        LiveRun.State.RUNNING,
                        Instant.now(),
                        List.of(new LiveRun.LiveStage("boot", "", 1, 2, "")),
                        List.of(new LiveRun.LiveCell("a", "a", "", 0, "", false)))
                .write(layout);
        List<RunSource> runs = new ArrayList<>(Summaries.keep(layout, Summaries.newestFirst(120)));
        DashboardRun passed = Kernels.run(
                out, Kernels.matrix(190, Kernels.CELLS, (kernel, cell) -> Verdict.PASS), "XEN=y", "TUN=m", "HZ=250");
        DashboardRun failed = Samples.run("run-1", out, Samples.troubled());
        runs.add(new RunSource(passed.id(), "f", () -> passed));
        runs.add(new RunSource("run-1", "f", () -> withPackages(failed, passed)));
        runs.add(new RunSource("run-live", "f", () -> Samples.run("run-live", out, Samples.allPass())));
        new Dashboard(layout).update(runs);
        return failed.matrix().orElseThrow().cells().stream()
                .map(cell -> cell.console())
                .filter(console -> Files.exists(failed.boot().resolve(console)) && !console.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static DashboardRun withPackages(DashboardRun run, DashboardRun other) {
        return new DashboardRun(
                run.id(),
                run.boot(),
                run.started(),
                run.matrix(),
                run.note(),
                other.packages(),
                run.install(),
                run.stages(),
                run.provenance(),
                run.channels(),
                run.promotions(),
                run.build());
    }

    private static String section(String file) throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf("\n## `" + file + "`");
        assertThat(from).as("section of " + file).isNotNegative();
        int to = document.indexOf("\n## ", from + 1);
        return document.substring(from, to < 0 ? document.length() : to);
    }

    private static Set<String> names(String text) {
        Matcher matcher = NAME.matcher(text);
        return matcher.results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> fieldsOf(JsonNode node) {
        Set<String> fields = new TreeSet<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.add(field.getKey());
            // In the history the cells of a kernel stand by their ids.
            boolean byIds = field.getKey().equals("cells") && field.getValue().isObject();
            if (!byIds && !NAMED_BY_THINGS.contains(field.getKey())) {
                fields.addAll(fieldsOf(field.getValue()));
            }
        }
        if (node.isArray()) {
            node.forEach(one -> fields.addAll(fieldsOf(one)));
        }
        return fields;
    }
}
