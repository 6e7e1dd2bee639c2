package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages of kernels tell, without a browser. */
class KernelDataTest {

    private static final Cell CELL = new Cell(Mode.PVHVM, "xen-4.17", "bios", "qemu", true);

    @TempDir
    private Path out;

    private DashboardLayout layout;

    @BeforeEach
    void layOut() {
        layout = new DashboardLayout(out.resolve("dashboard"));
    }

    @Test
    void optionsAreAddedRemovedOrChangedAndWhatIsNotSetIsN() {
        OptionChanges changes = OptionChanges.of(
                List.of(option("A", "y"), option("B", "m"), option("C", "250"), option("D", "n"), option("E", "y")),
                List.of(option("A", "y"), option("B", "y"), option("D", "y"), option("E", "n"), option("F", "n")));
        assertThat(changes.added()).containsExactly(new OptionChanges.Change("D", "n", "y"));
        assertThat(changes.removed())
                .containsExactly(new OptionChanges.Change("C", "250", "n"), new OptionChanges.Change("E", "y", "n"));
        assertThat(changes.changed()).containsExactly(new OptionChanges.Change("B", "m", "y"));
        assertThat(OptionChanges.of(List.of(option("A", "n")), List.of()).isEmpty())
                .isTrue();
    }

    @Test
    void theFirstBadKernelIsTheFirstFailAfterAPassOfTheSameSource() {
        List<RunSummary> runs = history("PASS", "ERROR", "FAIL", "FAIL", "PASS", "FAIL");
        List<FirstBad> all = FirstBad.of(runs);
        assertThat(all).hasSize(2);
        assertThat(all.get(0).bad().release()).isEqualTo("6.1.5-farm1");
        assertThat(all.get(0).good().release()).isEqualTo("6.1.4-farm1");
        assertThat(all.get(0).again()).isEmpty();
        assertThat(all.get(1).bad().release()).isEqualTo("6.1.2-farm1");
        assertThat(all.get(1).good().release()).isEqualTo("6.1.0-farm1");
        assertThat(all.get(1).again().map(RunSummary::release)).contains("6.1.4-farm1");

        assertThat(FirstBad.of(history("FAIL", "FAIL")))
                .as("a kernel that never passed")
                .isEmpty();
        List<RunSummary> sources = new ArrayList<>(history("PASS"));
        sources.add(
                0,
                summary(new MatrixResult(
                        new KernelId("6.12.1-farm1", Samples.IMAGE, "debian:linux-source-6.12=6.12.1-1"),
                        "",
                        "",
                        Kernels.FIRST.plusSeconds(1_000_000),
                        1,
                        List.of(Kernels.cell(CELL, Verdict.FAIL, false, 10)))));
        assertThat(FirstBad.of(sources)).as("kernels of different sources").isEmpty();
    }

    @Test
    void theBootTimeOfAModeIsTheMedianOfItsCellsThatPass() {
        List<CellResult> cells = new ArrayList<>();
        for (String xen : List.of("xen-4.14", "xen-4.17", "xen-4.20")) {
            cells.add(Kernels.cell(
                    new Cell(Mode.PV, xen, "bios", "qemu", true), Verdict.PASS, false, 3 * (cells.size() + 1)));
        }
        cells.add(Kernels.cell(new Cell(Mode.PV, "xen-4.20", "uefi", "qemu", true), Verdict.FAIL, false, 900));
        assertThat(BootTime.of(Samples.matrix("6.1.1", "", cells))).containsExactly(new BootTime(Mode.PV, 3, 2, 4, 6));
        assertThat(BootTime.middle(new double[] {1, 2, 4, 9})).isEqualTo(3);
    }

    @Test
    void runJsonHasWhatThePageShows() throws IOException {
        DashboardRun first =
                Kernels.run(out, Kernels.matrix(190, List.of(CELL), (kernel, cell) -> Verdict.PASS), "XEN=y", "TUN=m");
        DashboardRun second =
                Kernels.run(out, Kernels.matrix(191, List.of(CELL), (kernel, cell) -> Verdict.FAIL), "XEN=y", "HZ=250");
        new Dashboard(layout).write(List.of(second, first));
        JsonNode data = read(layout.runData(second.id()));
        assertThat(data.path("release").asText()).isEqualTo("6.1.191-farm1");
        assertThat(data.path("cells").get(0).path("verdict").asText()).isEqualTo("FAIL");
        assertThat(layout.runData(second.id())
                        .resolveSibling(data.path("cells").get(0).path("page").asText()))
                .exists();
        assertThat(data.path("options").toString()).isEqualTo("{\"XEN\":\"y\",\"HZ\":\"250\"}");
        assertThat(data.path("previous").path("id").asText()).isEqualTo(first.id());
        assertThat(data.path("previous").path("added").toString())
                .isEqualTo("[{\"option\":\"HZ\",\"before\":\"n\",\"after\":\"250\"}]");
        assertThat(data.path("previous").path("removed").get(0).path("option").asText())
                .isEqualTo("TUN");
        assertThat(data.path("packages").get(0).path("signature").path("where").asText())
                .isEqualTo("InRelease of testing");
        assertThat(read(layout.runData(first.id())).has("previous")).isFalse();
        assertThat(Files.readString(layout.run(second.id())))
                .contains("InRelease of testing</a>", "its own header", "the farm’s public key</a>")
                .contains("compare.html?a=" + first.id() + "&amp;b=" + second.id());
        assertThat(Files.readString(layout.run(first.id()))).doesNotContain("Since the kernel before");
    }

    @Test
    void historyJsonHasWhatThePageShows() throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (int number = 190; number < 193; number++) {
            runs.add(Kernels.run(
                    out,
                    Kernels.matrix(
                            number, List.of(CELL), (kernel, cell) -> kernel == 192 ? Verdict.FAIL : Verdict.PASS)));
        }
        new Dashboard(layout).write(runs);
        JsonNode data = read(layout.historyData());
        assertThat(data.path("kernels")).hasSize(3);
        assertThat(data.path("kernels")
                        .get(0)
                        .path("cells")
                        .path(CELL.id())
                        .path("verdict")
                        .asText())
                .isEqualTo("FAIL");
        assertThat(data.path("first_bad").get(0).path("bad").asText())
                .isEqualTo(runs.get(2).id());
        assertThat(data.path("first_bad").get(0).path("good").asText())
                .isEqualTo(runs.get(1).id());
        JsonNode boot = data.path("trends").path("boot_seconds").path("pvhvm");
        assertThat(boot).hasSize(3);
        assertThat(boot.get(2).isNull())
                .as("a kernel that fails has no boot time")
                .isTrue();
        assertThat(boot.get(0).asDouble()).isPositive();
    }

    /** Kernels one after another, the newest first, with one cell each. */
    private static List<RunSummary> history(String... verdicts) {
        List<RunSummary> runs = new ArrayList<>();
        for (String verdict : verdicts) {
            runs.add(summary(Kernels.matrix(runs.size(), List.of(CELL), (kernel, cell) -> Verdict.valueOf(verdict))));
        }
        Collections.reverse(runs);
        return runs;
    }

    private static RunSummary summary(MatrixResult matrix) {
        return RunSummary.of(
                new DashboardRun(
                        matrix.kernel().release(),
                        Path.of("boot"),
                        matrix.started(),
                        Optional.of(matrix),
                        "",
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                "");
    }

    private static DashboardRun.Option option(String name, String value) {
        return new DashboardRun.Option(name, value, "");
    }

    private static JsonNode read(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }
}
