package io.kernelfarm.bootmatrix.machine.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.checks.Checks;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.report.Digest;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.KcidbJson;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.report.MatrixTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

    private static final String SUBJECT = "6.1.192-farm1";
    private static final Timeouts SHORT =
            new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(4));

    @TempDir
    private Path folder;

    private Kernel subject;
    private Kernel control;

    @BeforeEach
    void makeKernels() throws IOException {
        subject = kernel(SUBJECT);
        control = kernel("6.1.0-40-amd64");
    }

    /** An image with nothing in it but what a boot loader reads. */
    private Kernel kernel(String release) throws IOException {
        byte[] image = new byte[2048];
        System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, image, 0x202, 4);
        image[0x20e] = 0x40;
        image[0x20f] = 0x01;
        byte[] version = (release + " (farm@farm) #1 SMP").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, image, 0x340, version.length);
        Path file = Files.write(folder.resolve("vmlinuz-" + release), image);
        return new Kernel(new KernelId(release, Digest.sha256(image), "test"), file, folder.resolve("root"), "");
    }

    private static Rehearsal.Faults faults(List<String> fail, List<String> silent, List<String> flaky) {
        return new Rehearsal.Faults(fail, silent, flaky);
    }

    private static Cell cell(Mode mode, String firmware) {
        return new Cell(mode, mode == Mode.METAL ? "none" : "xen-4.17", firmware, "fake", true);
    }

    private static List<Cell> everyMode(String... firmware) {
        return Arrays.stream(firmware)
                .flatMap(one -> Arrays.stream(Mode.values()).map(mode -> cell(mode, one)))
                .toList();
    }

    private MatrixResult run(List<Cell> cells, CheckPlan checks, Rehearsal.Faults faults) throws Exception {
        FakeMachine machine = new FakeMachine(new Rehearsal("fake", faults));
        MatrixRunner.Setup setup = new MatrixRunner.Setup(
                cell -> machine,
                cell -> Rehearsal.standIn(folder.resolve("hypervisors"), cell.hypervisor()),
                Files.writeString(folder.resolve("busybox"), "a busybox"),
                SHORT,
                2,
                true,
                checks,
                folder.resolve("boot"));
        MatrixResult result =
                MatrixRunner.run(new Matrix(cells, subject, () -> control), setup, new MatrixListener() {});
        assertThat(machine.on()).isZero();
        return result;
    }

    private static Verdict verdict(MatrixResult result, Mode mode) {
        return of(result, mode).verdict();
    }

    private static CellResult of(MatrixResult result, Mode mode) {
        return result.cells().stream()
                .filter(cell -> cell.cell().mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCellPassesByWhatTheMachineWasGivenAndEachCheckIsAnswered() throws Exception {
        Set<String> all = Checks.ALL.stream().map(check -> check.name()).collect(Collectors.toSet());
        CheckPlan everything = new CheckPlan(all, java.util.Map.of(), Duration.ofSeconds(1), List.of());

        MatrixResult result = run(everyMode("bios", "uefi"), everything, faults(List.of(), List.of(), List.of()));

        assertThat(result.cells()).hasSize(14).allSatisfy(cell -> {
            assertThat(cell.verdict()).as("%s: %s", cell.cell(), cell.reason()).isEqualTo(Verdict.PASS);
            assertThat(cell.checks()).allMatch(check -> check.verdict() == Verdict.PASS);
            assertThat(cell.checks()).extracting(check -> check.name()).contains("mode-proof", "block");
            assertThat(Files.readString(folder.resolve("boot").resolve(cell.console())))
                    .contains(Rehearsal.NOTICE)
                    .contains("Linux version " + SUBJECT);
        });
        assertThat(of(result, Mode.DOM0_PV).checks())
                .extracting(check -> check.name())
                .contains("xl-info", "backends", "leaks", "soak");
        assertThat(of(result, Mode.PVH).checks())
                .extracting(check -> check.name())
                .contains("migrate", "reboot");
    }

    @Test
    void cellsThatItWasToldToLetFailAreJudgedAsRealOnesAre() throws Exception {
        MatrixResult result = run(
                everyMode("bios"),
                CheckPlan.STANDARD,
                faults(List.of("pvhvm-*"), List.of("metal-*", "pvh-xen-*"), List.of("hvm-xen-4.17-bios-fake")));

        assertThat(verdict(result, Mode.PVHVM)).isEqualTo(Verdict.FAIL);
        assertThat(of(result, Mode.PVHVM).reason()).contains("the fake machine was told to let this cell fail");
        assertThat(of(result, Mode.PVHVM).attempts())
                .extracting(Attempt::kernel, Attempt::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Attempt.SUBJECT, Verdict.FAIL),
                        org.assertj.core.groups.Tuple.tuple(Attempt.SUBJECT, Verdict.FAIL),
                        org.assertj.core.groups.Tuple.tuple(Attempt.CONTROL, Verdict.PASS));
        assertThat(of(result, Mode.HVM).flaky()).isTrue();
        assertThat(verdict(result, Mode.HVM)).isEqualTo(Verdict.PASS);
        // What never said a word on a bare machine may never have been started.
        assertThat(verdict(result, Mode.METAL)).isEqualTo(Verdict.ERROR);
        assertThat(verdict(result, Mode.PVH)).isEqualTo(Verdict.FAIL);
        assertThat(verdict(result, Mode.PV)).isEqualTo(Verdict.PASS);
        assertThat(verdict(result, Mode.DOM0_PV)).isEqualTo(Verdict.PASS);
    }

    @Test
    void aKernelThatIsToFailAsDom0FailsAsThatAndItsGuestsGetTheControlKernels() throws Exception {
        MatrixResult result = run(
                List.of(cell(Mode.DOM0_PV, "bios"), cell(Mode.PV, "bios")),
                CheckPlan.STANDARD,
                faults(List.of("dom0-pv-*"), List.of(), List.of()));

        assertThat(verdict(result, Mode.DOM0_PV)).isEqualTo(Verdict.FAIL);
        assertThat(verdict(result, Mode.PV)).isEqualTo(Verdict.PASS);
        assertThat(of(result, Mode.PV).attempts().get(0).dom0())
                .isEqualTo(control.id().release());
    }

    @Test
    void whatIsNoLinuxImageDoesNotBootHereEither() throws Exception {
        Files.writeString(subject.image(), "an image of something");

        MatrixResult result =
                run(List.of(cell(Mode.METAL, "bios")), CheckPlan.NONE, faults(List.of(), List.of(), List.of()));

        assertThat(verdict(result, Mode.METAL)).isEqualTo(Verdict.ERROR);
        assertThat(of(result, Mode.METAL).reason())
                .isEqualTo("what the fake machine was given to boot is no Linux image for x86");
    }

    @Test
    void everyReportSaysThatItWasAFakeMachine() throws Exception {
        MatrixResult result = run(
                List.of(cell(Mode.METAL, "bios"), cell(Mode.PV, "bios")),
                CheckPlan.NONE,
                faults(List.of(), List.of(), List.of()));
        Path file = folder.resolve("matrix.json");
        MatrixJson.write(result, file);

        assertThat(result.isFake()).isTrue();
        assertThat(MatrixJson.read(file).isFake()).isTrue();
        List<String> reports = new ArrayList<>();
        reports.add(MatrixTable.render(result, folder, false, StandardCharsets.UTF_8));
        reports.add(JunitXml.toXml(result));
        reports.add(KcidbJson.toJson(result, new KcidbJson.Origin("run", "x86_64", "gcc", "quick", 1)));
        reports.add(Files.readString(file));
        assertThat(reports).allMatch(report -> report.contains(FakeMachine.DESCRIPTION) || report.contains("fake"));
        assertThat(reports.get(0))
                .contains("MACHINE", "On a fake machine, which proves nothing: " + SUBJECT + " boots in all 2 cells.");
        assertThat(reports.get(1)).contains("name=\"pv-xen-4.17-bios-fake\"", "A fake machine played that");
        assertThat(reports.get(2)).contains("pv on Xen 4.17 on a fake machine", "boots nothing and proves nothing");
    }

    @Test
    void aMatrixIsFakeIfAnythingInItSaysSo() throws Exception {
        MatrixResult result =
                run(List.of(cell(Mode.METAL, "bios")), CheckPlan.NONE, faults(List.of(), List.of(), List.of()));
        CellResult honest = result.cells().get(0);
        CellResult renamed = new CellResult(
                new Cell(Mode.METAL, "none", "bios", "qemu", true),
                Verdict.PASS,
                false,
                "",
                1,
                honest.imageSha256(),
                "",
                honest.checks(),
                honest.attempts());

        assertThat(with(result, "QEMU", renamed).isFake()).isFalse();
        assertThat(with(result, result.emulator(), renamed).isFake()).isTrue();
        assertThat(with(result, "QEMU", honest).isFake()).isTrue();
        assertThat(with(result, "QEMU", renamed, honest).isFake()).isTrue();
        assertThat(Cell.isFake("fake-rack")).isTrue();
        assertThat(Cell.isFake("fakir")).isFalse();
    }

    private static MatrixResult with(MatrixResult result, String emulator, CellResult... cells) {
        return new MatrixResult(result.kernel(), "", emulator, result.started(), result.seconds(), List.of(cells));
    }
}
