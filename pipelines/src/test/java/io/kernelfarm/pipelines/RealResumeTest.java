package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.pipelines.cli.Farm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A farm that is killed while it boots real machines, and another that goes on. */
@Tag("real")
@Timeout(1200)
class RealResumeTest {

    private static final String METAL = "metal-none-bios-qemu";
    private static final String PV = "pv-xen-4.17-bios-qemu";

    @TempDir
    private Path folder;

    @Test
    void afterKillNineFinishedCellsAreKeptAndTheOthersAreBooted() throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("kernel.yaml"),
                Files.readString(Project.file("kernel.yaml")).replaceFirst("modes: \\[.*]", "modes: [metal, pv]"));
        FarmProcess killed = FarmProcess.start(folder, Map.of(), Farm.class, words("run"));
        while (!finished().contains(METAL)) {
            assertThat(killed.handle().isAlive()).isTrue();
            Thread.sleep(50);
        }
        killed.handle().destroyForcibly();
        assertThat(killed.endsWithin(10)).isTrue();
        RunLayout run = new OutLayout(folder.resolve("out")).find("latest");
        assertThat(finished()).containsExactly(METAL);
        assertThat(run.matrix()).doesNotExist();
        byte[] console = Files.readAllBytes(run.consoles().resolve(METAL + ".log"));

        FarmProcess.Result resumed = FarmProcess.run(folder, Map.of(), words("boot", "--resume", "--events", "-"));

        assertThat(resumed.err()).contains("2 of 2 cells passed");
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out().lines().filter(line -> line.contains("cell-finished")))
                .singleElement()
                .asString()
                .contains("\"cell\":\"" + PV + "\"");
        assertThat(resumed.out()).contains("\"kept\":[\"" + METAL + "\"]");
        MatrixResult matrix = MatrixJson.read(run.matrix());
        assertThat(matrix.cells())
                .extracting(cell -> cell.cell().id(), CellResult::verdict)
                .containsExactly(tuple(METAL, Verdict.PASS), tuple(PV, Verdict.PASS));
        assertThat(matrix.cells())
                .allSatisfy(cell -> assertThat(cell.attempts()).hasSize(1));
        assertThat(run.consoles().resolve(METAL + ".log"))
                .as("not booted again")
                .hasBinaryContent(console);
        assertThat(run.boot().resolve("work")).doesNotExist();
        assertThat(Json.read(run.record(), RunRecord.class).state()).isEqualTo(RunRecord.State.DONE);

        // Finished cells of another kernel are no cells of this one.
        Files.writeString(
                run.build().record(),
                Files.readString(run.build().record()).replaceFirst("(\"imageSha256\" : \")[0-9a-f]{4}", "$10000"));
        byte[] record = Files.readAllBytes(run.record());
        FarmProcess.Result refused = FarmProcess.run(folder, Map.of(), words("boot", "--resume"));
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("farm: the boot of run " + run.id()
                        + " cannot be gone on with: the finished cells were booted with image '")
                .hasLineCount(1);
        assertThat(run.record()).as("untouched").hasBinaryContent(record);
    }

    private static String[] words(String... words) {
        return Stream.concat(
                        Arrays.stream(words),
                        Stream.of("--cache", CacheLayout.standard().root().toString()))
                .toArray(String[]::new);
    }

    /** The cells that the journal of the newest run has. */
    private List<String> finished() throws IOException {
        Path journal = folder.resolve("out/latest/boot/cells.jsonl");
        if (!Files.exists(journal)) {
            return List.of();
        }
        return Files.readAllLines(journal).stream()
                .skip(1)
                .filter(line -> line.endsWith("}"))
                .map(line -> line.contains("\"mode\":\"metal\"") ? METAL : PV)
                .toList();
    }
}
