package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that are asked for one at a time, by whoever has a frame of his own. */
class FramelessPagesTest {
    @TempDir
    private Path folder;

    private DashboardLayout layout;
    private DashboardRun run;

    @BeforeEach
    void writeARun() throws Exception {
        layout = new DashboardLayout(folder.resolve("dashboard"));
        Path boot = Files.createDirectories(folder.resolve("boot"));
        MatrixResult booted =
                Kernels.matrix(1, Kernels.CELLS, (number, cell) -> cell.isUefi() ? Verdict.FAIL : Verdict.PASS);
        List<CellResult> cells =
                booted.cells().stream().map(FramelessPagesTest::withConsole).toList();
        MatrixResult matrix = new MatrixResult(
                booted.kernel(), booted.control(), booted.emulator(), booted.started(), booted.seconds(), cells);
        Files.createDirectories(boot.resolve("consoles"));
        for (CellResult cell : cells) {
            Files.writeString(boot.resolve(cell.console()), "one\ntwo\n");
        }
        MatrixJson.write(matrix, boot.resolve(MatrixJson.FILE_NAME));
        run = new DashboardRun(
                "20260601T040000Z-1",
                boot,
                Kernels.FIRST,
                Optional.of(matrix),
                "",
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static CellResult withConsole(CellResult cell) {
        return new CellResult(
                cell.cell(),
                cell.verdict(),
                cell.flaky(),
                cell.reason(),
                cell.seconds(),
                cell.imageSha256(),
                "consoles/" + cell.cell().id() + ".log",
                cell.checks(),
                cell.attempts());
    }

    private RunPages pages() {
        return new RunPages(layout, run, Optional.empty());
    }

    @Test
    void aPageSaysWhatTheDashboardsFileSays() throws Exception {
        new Dashboard(layout).write(List.of(run));
        Cell cell = run.matrix().orElseThrow().cells().get(0).cell();
        for (Path file : List.of(layout.run(run.id()), layout.cell(run.id(), cell.id()))) {
            Page page = pages().page(file).orElseThrow();

            assertThat(Files.readString(file))
                    .contains("<main>\n" + page.content() + "</main>")
                    .contains("<title>" + page.title() + "</title>");
            assertThat(page.content()).doesNotContain("<html", "<head", "<main", "<link", "<script");
        }
        Page history = new OverviewPages(layout, List.of(RunSummary.of(run, "")))
                .page(layout.history())
                .orElseThrow();
        assertThat(Files.readString(layout.history())).contains("<main>\n" + history.content() + "</main>");
    }

    @Test
    void whatAPageLoadsIsMadeWhenItIsAskedFor() throws Exception {
        String console = run.matrix().orElseThrow().cells().get(0).console();
        Path index = layout.consoleIndex(run.id(), console);
        assertThat(index).doesNotExist();

        assertThat(pages().consolePart(DataFile.twin(index))).contains(DataFile.twin(index));
        assertThat(pages().consolePart(layout.consolePiece(run.id(), console, 0)))
                .hasValueSatisfying(piece -> assertThat(piece).content().contains("\"two\""));
        assertThat(pages().data(layout.runData(run.id())))
                .hasValueSatisfying(json -> assertThat(json).startsWith("{\"version\":1,\"id\":\"" + run.id()));
        assertThat(pages().data(layout.matrix(run.id())))
                .contains(Files.readString(run.boot().resolve(MatrixJson.FILE_NAME)));
        assertThat(pages().data(DataFile.twin(layout.runData(run.id()))))
                .hasValueSatisfying(script -> assertThat(script).startsWith("kernelFarm.loaded({"));
    }

    @Test
    void timesOfLinesEndWhereTheyAreNoTimes() throws Exception {
        String console = run.matrix().orElseThrow().cells().get(0).console();
        Files.writeString(run.boot().resolve(console.replace(".log", ".times")), "12\n<script>\n99999999999\n");

        assertThat(pages().consolePart(layout.consolePiece(run.id(), console, 0)))
                .hasValueSatisfying(piece -> assertThat(piece).content().contains("\"at\":[12],"));
    }

    @Test
    void otherNamesFindNothing() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.js"), "secret");
        String console = run.matrix().orElseThrow().cells().get(0).console();
        Path piece = layout.consolePiece(run.id(), console, 0);
        pages().consolePart(piece);
        Files.writeString(piece.resolveSibling("other.js"), "secret");
        List<Path> others = new ArrayList<>(List.of(
                secret,
                layout.home(),
                layout.summary(run.id()),
                layout.cell(run.id(), "nothing"),
                layout.cell(
                        "another",
                        run.matrix().orElseThrow().cells().get(0).cell().id()),
                layout.consolePiece(run.id(), console, 1),
                layout.consolePiece(run.id(), "consoles/other.log", 0),
                piece.resolveSibling("other.js"),
                piece.resolveSibling("99999999999.js"),
                run.boot().resolve(console)));

        for (Path other : others) {
            assertThat(pages().page(other)).as("%s", other).isEmpty();
            assertThat(pages().data(other)).as("%s", other).isEmpty();
            assertThat(pages().consolePart(other)).as("%s", other).isEmpty();
        }
    }

    /** Ten thousand runs are not read to show the newest of them. */
    @Test
    void pagesOverManyRunsReadOnlyThoseThatTheyShow() {
        List<Integer> read = new ArrayList<>();
        List<RunSummary> many = new AbstractList<>() {
            @Override
            public RunSummary get(int index) {
                read.add(index);
                return Summaries.run(size() - index);
            }

            @Override
            public int size() {
                return 10_000;
            }
        };
        OverviewPages pages = new OverviewPages(layout, many);

        assertThat(pages.home(Optional.empty()).content()).contains("The newest 50 of 10000 runs");
        assertThat(read).allMatch(index -> index < 50);
        read.clear();
        assertThat(pages.page(layout.history()).orElseThrow().content()).contains("The newest 60 kernels");
        assertThat(pages.page(layout.compare())).isPresent();
        assertThat(pages.data(layout.historyData())).isPresent();
        assertThat(read).allMatch(index -> index < 500);
        read.clear();
        assertThat(pages.page(layout.archive(1)).orElseThrow().content()).contains("Runs 1 to 100");
        assertThat(read).allMatch(index -> index >= 9_900);
        assertThat(pages.page(layout.archive(101))).isEmpty();
        assertThat(pages.page(folder.resolve("x"))).isEmpty();
    }

    @Test
    void aStripLinksToTheWorstCellOfEachMode() {
        RunSummary summary = RunSummary.of(run, "");

        String strip = RunStrip.modes(summary, "kernel-farm/");

        assertThat(strip)
                .startsWith("<ul class=\"modes\"")
                .contains("href=\"kernel-farm/runs/" + run.id() + "/cells/")
                .endsWith("</ul>");
        assertThat(RunStrip.badge(Verdict.FAIL)).contains("class=\"badge fail\"", "FAIL");
    }
}
