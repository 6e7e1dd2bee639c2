package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveEventsTest {

    private static final Cell PV = new Cell(Mode.PV, "xen-4.17", "bios", "qemu", true);
    private static final Cell HVM = new Cell(Mode.HVM, "xen-4.17", "bios", "qemu", true);

    @TempDir
    private Path folder;

    private RunLayout run;
    private DashboardLayout dashboard;
    private LiveEvents live;

    @BeforeEach
    void begin() {
        run = new RunLayout(folder.resolve("runs/r1"));
        dashboard = new DashboardLayout(folder.resolve("dashboard"));
        live = new LiveEvents("r1", dashboard);
    }

    private JsonNode shown() throws IOException {
        return new JsonMapper().readTree(dashboard.live("r1").toFile());
    }

    private JsonNode await(Predicate<JsonNode> condition) throws IOException, InterruptedException {
        JsonNode now = shown();
        for (int i = 0; i < 600 && !condition.test(now); i++) {
            Thread.sleep(100);
            now = shown();
        }
        assertThat(condition).accepts(now);
        return now;
    }

    @Test
    void stagesAndCellsAreWrittenAsTheyCome() throws IOException, InterruptedException {
        live.begin();
        assertThat(shown().get("state").textValue()).isEqualTo("running");
        live.on(new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.of(310)));
        live.on(new RunEvent.MatrixStarted(List.of(PV, HVM), List.of(result(HVM, Verdict.FAIL))));
        live.on(new RunEvent.CellReached(PV, 1, BootState.KERNEL));
        live.on(new RunEvent.StageNote(Stage.BOOT, "two machines"));
        JsonNode now = await(json -> json.get("cells").size() == 2
                && !json.get("stages").get(0).get("detail").textValue().isEmpty());
        assertThat(now.get("stages").get(0).get("stage").textValue()).isEqualTo("boot");
        assertThat(now.get("stages").get(0).get("estimate").doubleValue()).isEqualTo(310);
        assertThat(now.get("stages").get(0).get("detail").textValue()).isEqualTo("two machines");
        assertThat(now.get("cells").get(0).toString())
                .isEqualTo("{\"cell\":\"pv-xen-4.17-bios-qemu\",\"name\":\"pv on Xen 4.17\",\"state\":\"KERNEL\","
                        + "\"attempt\":1,\"verdict\":\"\",\"flaky\":false}");
        assertThat(now.get("cells").get(1).get("verdict").textValue()).isEqualTo("FAIL");

        live.on(new RunEvent.CellFinished(result(PV, Verdict.PASS)));
        live.on(new RunEvent.StageFinished(
                new RunRecord.StageRecord(Stage.BOOT, Verdict.FAIL, 12.5, "1 of 2 cells passed", "hvm: no")));
        await(json -> json.get("stages").get(0).get("verdict").textValue().equals("FAIL")
                && json.get("cells").get(0).get("verdict").textValue().equals("PASS"));
        live.on(new RunEvent.RunInterrupted(run));
        assertThat(shown().get("state").textValue()).isEqualTo("interrupted");
    }

    @Test
    void aRunThatIsNotShownWritesNothing() {
        live.on(new RunEvent.StageStarted(Stage.COMPILE, OptionalDouble.empty()));
        live.on(new RunEvent.RunInterrupted(run));
        assertThat(dashboard.root()).doesNotExist();
    }

    @Test
    void whatTheDiskDoesNotTakeIsNoTroubleOfTheRun() throws IOException {
        Files.writeString(dashboard.root(), "a file where a folder should be");
        live.begin();
        live.on(new RunEvent.StageStarted(Stage.COMPILE, OptionalDouble.empty()));
        live.on(new RunEvent.RunInterrupted(run));
        assertThat(dashboard.root()).isRegularFile();
    }

    private static CellResult result(Cell cell, Verdict verdict) {
        return new CellResult(cell, verdict, false, "", 1, "", "", List.of(), List.of());
    }
}
