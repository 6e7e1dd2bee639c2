package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSummaryTest {

    @TempDir
    private Path folder;

    @Test
    void hasWhatPagesOverAllRunsShow() throws IOException {
        RunSummary summary = RunSummary.of(Samples.run("r1", folder, Samples.troubled()), "f");
        assertThat(summary.release()).isEqualTo("6.1.190-farm2");
        assertThat(summary.source()).isEqualTo("debian:linux-source-6.1=6.1.192-2");
        assertThat(summary.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(summary.hasMatrix()).isTrue();
        assertThat(summary.seconds()).isBetween(736.5, 736.7);
        assertThat(summary.channels()).containsExactly("testing");
        assertThat(summary.stages()).extracting(DashboardRun.StageTime::stage).contains("compile", "boot");
        assertThat(summary.cells())
                .extracting(cell -> cell.cell().id() + " " + cell.verdict() + (cell.flaky() ? " flaky" : ""))
                .contains(
                        "pv-xen-4.17-bios-qemu PASS flaky",
                        "metal-none-uefi-qemu SKIP",
                        "pvhvm-xen-4.17-bios-qemu FAIL")
                .hasSize(7);
    }

    @Test
    void hasTheTimeThatTheKernelItselfTookToBoot() throws IOException {
        CellResult cell = Samples.allPass().cells().get(0);
        for (Verdict verdict : List.of(Verdict.PASS, Verdict.FAIL)) {
            List<CheckResult> checks = Stream.concat(
                            Stream.of(new CheckResult("boot", verdict, 2.1, "", List.of())), cell.checks().stream())
                    .toList();
            MatrixResult matrix = Samples.matrix(
                    "6.1.192-farm1",
                    "",
                    List.of(new CellResult(
                            cell.cell(), verdict, false, "", 9.1, "", cell.console(), checks, List.of())));
            RunSummary.CellSummary summary = RunSummary.of(Samples.run("r1", folder, matrix), "f")
                    .cells()
                    .get(0);
            assertThat(summary.seconds()).isEqualTo(9.1);
            assertThat(summary.bootSeconds()).isEqualTo(verdict == Verdict.PASS ? 2.1 : 0);
        }
    }

    @Test
    void aRunWithoutAMatrixSaysWhy() throws IOException {
        DashboardRun run = Samples.run("r1", folder, Samples.allPass());
        RunSummary summary = RunSummary.of(
                new DashboardRun(
                        "r2",
                        run.boot(),
                        run.started(),
                        Optional.empty(),
                        "The run was interrupted.",
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                "f");
        assertThat(summary.hasMatrix()).isFalse();
        assertThat(summary.standing()).isEqualTo("The run was interrupted.");
        assertThat(summary.verdict()).isEqualTo(Verdict.MISS);
        assertThat(summary.name()).isEqualTo("r2");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("runs/r1/summary.json");
        for (RunSummary summary : Summaries.newestFirst(20)) {
            summary.write(file);
            assertThat(RunSummary.read(file)).contains(summary);
        }
    }

    @Test
    void itsFileKeepsToTheNamesThatAreDocumented() {
        JsonNode json = Summaries.run(4).json();
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "fingerprint",
                        "id",
                        "release",
                        "source",
                        "started",
                        "seconds",
                        "channels",
                        "verdict",
                        "standing",
                        "cells",
                        "stages");
        assertThat(json.get("started").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(json.get("cells").get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "mode",
                        "hypervisor",
                        "firmware",
                        "machine",
                        "required",
                        "verdict",
                        "flaky",
                        "seconds",
                        "boot_seconds");
        assertThat(json.get("cells").get(0).get("mode").textValue()).isEqualTo("metal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"id\":\"r1\"}", "{\"fingerprint\":\"f\",\"verdict\":\"GOOD\"}", "null"})
    void whatIsNoSummaryIsNone(String content) throws IOException {
        Path file = folder.resolve("summary.json");
        assertThat(RunSummary.read(file)).isEmpty();
        Files.writeString(file, content);
        assertThat(RunSummary.read(file)).isEmpty();
    }
}
