package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    @TempDir
    private Path out;

    private DashboardLayout layout;
    private Dashboard dashboard;

    @BeforeEach
    void layOut() {
        layout = new DashboardLayout(out.resolve("dashboard"));
        dashboard = new Dashboard(layout);
    }

    @Test
    void leadsFromHomeToTheEvidenceOfAFailedCellInTwoClicks() throws IOException {
        dashboard.write(List.of(Samples.run("r 1", out, Samples.oneFails())));
        String home = Files.readString(layout.home());
        assertThat(home).contains("href=\"runs/r_1/cells/pvhvm-xen-4.17-bios-qemu.html\"");
        assertThat(Files.readString(layout.cell("r 1", "pvhvm-xen-4.17-bios-qemu")))
                .contains("<a href=\"#L118\" class=\"at\" title=\"line 118 of the console\">118</a>"
                        + "<code>[    0.000000] Booting paravirtualized kernel on bare hardware</code>")
                .contains("<li class=\"row evident\" id=\"L118\"><a href=\"#L118\">118</a>"
                        + "<code>[    0.000000] Booting paravirtualized kernel on bare hardware</code></li>")
                .contains("id=\"L121\"")
                .doesNotContain("id=\"L122\"");
    }

    @Test
    void everyLinkLeadsSomewhereAndNoneToAnotherHost() throws IOException {
        DashboardRun run = Samples.run("2026-11-22 18:04 #1", out, Samples.troubled());
        for (DashboardRun.PackageFile file : run.packages()) {
            Files.createDirectories(file.file().getParent());
            Files.writeString(file.file(), "package");
        }
        dashboard.write(List.of(run));
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                URI target = page.toUri().resolve(links.group(1));
                assertThat(target.getScheme()).isEqualTo("file");
                Path file = Path.of(URI.create(target.toString().replaceFirst("#.*", "")));
                assertThat(file).as("%s in %s", links.group(1), page).exists();
                if (target.getFragment() != null && !target.getFragment().equals("top")) {
                    assertThat(Files.readString(file)).contains("id=\"" + target.getFragment() + "\"");
                }
            }
        }
    }

    @Test
    void hostileTextBecomesNoMarkup() throws IOException {
        dashboard.write(List.of(Samples.run("r1", out, Samples.hostile()), Samples.run("r2", out, Samples.hostile())));
        List<Path> pages = pages();
        assertThat(pages)
                .contains(layout.home(), layout.run("r1"), layout.history(), layout.compare())
                .contains(layout.cell("r1", "hvm-xen-4.17-bios-qemu"));
        for (Path page : pages) {
            assertThat(Files.readString(page))
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt; red ^[]0;title^G")
                    .doesNotContain(
                            "<script>", "\u001B", "\u0000", "\u009B", "\u202E", "style=", "onload", "javascript:");
        }
    }

    @Test
    void aRunCannotNameFilesOutsideItsFolder() throws IOException {
        Files.writeString(out.resolve("secret"), "the secret");
        DashboardRun good = Samples.run("r1", out, Samples.oneFails());
        CellResult cell = good.matrix().orElseThrow().cells().get(0);
        CellResult bad = new CellResult(
                cell.cell(), Verdict.FAIL, false, "bad", 1, "", "../../../secret", cell.checks(), List.of());
        MatrixResult result = Samples.matrix("6.1.192-farm1", "", List.of(bad));
        dashboard.write(List.of(new DashboardRun(
                "../../r1",
                good.boot(),
                good.started(),
                Optional.of(result),
                "",
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty())));
        for (Path page : pages()) {
            assertThat(Files.readString(page)).doesNotContain("the secret");
        }
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.filter(f -> f.toString().endsWith(".html"))).allMatch(f -> f.startsWith(layout.root()));
        }
    }

    @Test
    void leavesThePagesOfUnchangedRunsAlone() throws IOException {
        DashboardRun first = Samples.run("r1", out, Samples.oneFails());
        dashboard.write(List.of(first));
        FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Map<Path, FileTime> before = new HashMap<>();
        for (Path page : pages()) {
            Files.setLastModifiedTime(page, past);
            before.put(page, past);
        }
        dashboard.write(List.of(first, Samples.run("r2", out, Samples.allPass())));
        List.of(layout.home(), layout.history(), layout.compare()).forEach(before::remove);
        assertThat(before).isNotEmpty();
        before.keySet().forEach(page -> assertThat(page)
                .satisfies(p -> assertThat(Files.getLastModifiedTime(p)).isEqualTo(past)));
        assertThat(Files.getLastModifiedTime(layout.home())).isNotEqualTo(past);

        String console = "consoles/metal-none-bios-qemu.log";
        Files.writeString(first.boot().resolve(console), "another log\n");
        dashboard.write(List.of(first));
        assertThat(Files.readString(layout.cell("r1", "metal-none-bios-qemu"))).contains("another log");
    }

    @Test
    void aRunIsReadAgainOnlyIfItsFingerprintIsAnother() throws IOException {
        List<String> read = new ArrayList<>();
        for (String fingerprint : List.of("1", "1", "2", "2")) {
            dashboard.update(List.of(source("older", fingerprint, read), source("younger", "1", read)));
            read.add("-");
        }
        // The newest is read each time, for its matrix is shown large on the first page.
        assertThat(read)
                .containsExactly(
                        "older", "younger", "younger", "-", "younger", "-", "older", "younger", "-", "younger", "-");

        Files.writeString(layout.summary("older"), "damaged");
        Files.delete(layout.run("older"));
        dashboard.update(List.of(source("older", "2", read)));
        assertThat(layout.run("older")).exists();
    }

    @Test
    void aRunThatIsGoneIsOnNoPageOverAllRuns() throws IOException {
        List<String> read = new ArrayList<>();
        dashboard.update(List.of(source("older", "1", read), source("younger", "1", read)));
        dashboard.update(List.of(source("younger", "1", read)));
        assertThat(Files.readString(layout.home())).doesNotContain("runs/older/");
        assertThat(Files.readString(layout.homeData())).doesNotContain("older");
    }

    /** A run whose reading is written down in {@code read}. */
    private RunSource source(String id, String fingerprint, List<String> read) {
        return new RunSource(id, fingerprint, () -> {
            read.add(id);
            DashboardRun run = Samples.run(id, out, Samples.allPass());
            return new DashboardRun(
                    run.id(),
                    run.boot(),
                    id.equals("younger") ? run.started().plusSeconds(1) : run.started(),
                    run.matrix(),
                    run.note(),
                    run.packages(),
                    run.install(),
                    run.stages(),
                    run.provenance(),
                    run.channels(),
                    run.promotions(),
                    run.build());
        });
    }

    @Test
    void showsRunsNewestFirst() throws IOException {
        DashboardRun old = Samples.run("older", out, Samples.oneFails());
        DashboardRun young = Samples.run("younger", out, Samples.allPass());
        young = new DashboardRun(
                young.id(),
                young.boot(),
                old.started().plusSeconds(1),
                young.matrix(),
                "",
                young.packages(),
                young.install(),
                young.stages(),
                young.provenance(),
                young.channels(),
                young.promotions(),
                young.build());
        dashboard.write(List.of(old, young));
        String home = Files.readString(layout.home());
        assertThat(home).contains("<h1>6.1.192-farm1 boots in all 6 cells.</h1>");
        assertThat(home.lastIndexOf("runs/younger/")).isLessThan(home.indexOf("runs/older/"));
    }

    @Test
    void saysSoWhenThereIsNothing() throws IOException {
        dashboard.write(List.of());
        assertThat(Files.readString(layout.home())).contains("No kernel has been farmed yet.", "./farm run");
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(layout.root())) {
            return files.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }
}
