package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixSpecTest {

    private static final String SPEC = "source: {debian: linux-source-6.1}\nprofile: quick\n";

    @TempDir
    private Path folder;

    @Test
    void theProjectsOwnMatrixHasEveryModeOnEveryXenAndBothFirmwaresForWhoSeesThem() {
        MatrixSpec all = SpecReader.readMatrix(Project.file("boot-matrix/matrices/all.yaml"));

        assertThat(ids(all.cells()))
                .hasSize(2 + 3 * 2 * 2 + 3 * 4)
                .contains("metal-none-bios-qemu", "metal-none-uefi-qemu", "dom0-pvh-xen-4.14-uefi-qemu")
                .contains("pvhvm-xen-4.20-bios-qemu")
                .doesNotHaveDuplicates();
        assertThat(all.cells()).allMatch(Cell::required);
        assertThat(all.excluded()).hasSize(3 * 4).allSatisfy((cell, reason) -> {
            assertThat(cell.mode().isGuest()).isTrue();
            assertThat(cell.isUefi()).isTrue();
            assertThat(reason).startsWith("a guest does not see the firmware");
        });
    }

    @Test
    void aShareHasOnlyWhatItNamesAndTheRestIsNotSkippedButAbsent() {
        MatrixSpec all = SpecReader.readMatrix(Project.file("boot-matrix/matrices/all.yaml"));

        MatrixSpec share = all.sharing(List.of("metal-*", "pv-xen-4.14-*-qemu"));

        assertThat(ids(share.cells()))
                .containsExactlyInAnyOrder("metal-none-bios-qemu", "metal-none-uefi-qemu", "pv-xen-4.14-bios-qemu");
        assertThat(share.excluded().keySet()).extracting(Cell::id).containsExactly("pv-xen-4.14-uefi-qemu");
        assertThat(catchThrowableOfType(FarmException.class, () -> all.sharing(List.of("pv-xen-4x14-*", "bare"))))
                .hasMessageContaining("no cell 'pv-xen-4x14-*', 'bare';");
        assertThat(catchThrowableOfType(FarmException.class, () -> all.sharing(List.of(".*")))
                        .blame())
                .isEqualTo(FarmException.Blame.USAGE);
        assertThat(catchThrowableOfType(FarmException.class, () -> all.sharing(List.of("(a+)+"))))
                .hasMessageContaining("'(a+)+'");
    }

    @Test
    void onAnotherMachineOnlyWhatTheMatrixSaysOfThatCounts() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [pv, pvh, hvm], machines: [qemu, rack1]}
                exclude:
                  - {modes: [hvm], reason: nowhere}
                  - {modes: [pv], machines: [qemu], reason: not on qemu}
                required: [{modes: [pv], machines: [rack1, qemu]}, {modes: [pvh], machines: [qemu]}]
                """);
        MachinesPlace place = machines("rack1", "rack2");

        MatrixSpec rack1 = matrix.movedTo("rack1", place);
        assertThat(rack1.cells())
                .containsExactly(
                        new Cell(Mode.PV, "xen-4.17", "bios", "rack1", true),
                        new Cell(Mode.PVH, "xen-4.17", "bios", "rack1", false));
        assertThat(ids(rack1.excluded().keySet())).containsExactly("hvm-xen-4.17-bios-rack1");
        assertThat(matrix.movedTo("rack2", place).cells())
                .containsExactly(
                        new Cell(Mode.PV, "xen-4.17", "bios", "rack2", false),
                        new Cell(Mode.PVH, "xen-4.17", "bios", "rack2", false));
        assertThat(ids(matrix.movedTo("qemu", place).cells())).containsExactly("pvh-xen-4.17-bios-qemu");
        assertThat(read("axes: {modes: [pv]}").movedTo("rack1", place).cells())
                .containsExactly(new Cell(Mode.PV, "xen-4.17", "bios", "rack1", true));

        FarmException unknown = catchThrowableOfType(FarmException.class, () -> matrix.movedTo("../rack3", place));
        assertThat(unknown.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(unknown)
                .hasMessage(
                        "unknown machine '../rack3'; there are qemu, rack1, rack2, and those of one's own are listed in "
                                + place.file());
    }

    @Test
    void onAnotherMachineTheFirmwareIsTheMachines() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [metal, pv, hvm], firmware: [bios, uefi], machines: [qemu]}
                exclude:
                  - {modes: [pv], firmware: [bios], reason: not by a BIOS}
                  - {modes: [hvm], firmware: [uefi, bios], reason: nowhere}
                required: [{firmware: [bios]}]
                """);
        MachinesPlace place = new MachinesPlace(Files.writeString(folder.resolve("machines.yaml"), """
                        machines:
                          - {name: old, bmc: 10.0.0.5, user: admin, password: {env: NO}, boot: {folder: tftp}}
                          - name: new
                            bmc: 10.0.0.6
                            user: admin
                            password: {env: NO}
                            boot: {folder: tftp}
                            firmware: uefi
                          - {name: fake, fake: {}}
                        """), true);

        assertThat(matrix.movedTo("new", place).cells())
                .containsExactly(
                        new Cell(Mode.METAL, "none", "uefi", "new", false),
                        new Cell(Mode.PV, "xen-4.17", "uefi", "new", false));
        assertThat(ids(matrix.movedTo("new", place).excluded().keySet())).containsExactly("hvm-xen-4.17-uefi-new");
        assertThat(matrix.movedTo("old", place).cells())
                .containsExactly(new Cell(Mode.METAL, "none", "bios", "old", true));
        // A fake machine has any.
        assertThat(ids(matrix.movedTo("fake", place).cells()))
                .containsExactly("metal-none-bios-fake", "metal-none-uefi-fake", "pv-xen-4.17-uefi-fake");
        assertThat(ids(read("axes: {modes: [pv]}").movedTo("new", place).cells()))
                .containsExactly("pv-xen-4.17-uefi-new");
    }

    private MachinesPlace machines(String... names) throws IOException {
        StringBuilder list = new StringBuilder("machines:\n");
        for (String name : names) {
            list.append("  - {name: " + name
                    + ", bmc: 10.0.0.5, user: admin, password: {env: NO}, boot: {serve: '127.0.0.1:8069'}}\n");
        }
        return new MachinesPlace(Files.writeString(folder.resolve("machines.yaml"), list), true);
    }

    @Test
    void combinesTheAxesAndABareMachineIsOneCell() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [metal, pv], hypervisors: [xen-4.14, xen-4.20]}
                required: [{modes: [metal]}, {hypervisors: [xen-4.20]}]
                checks: {pv: default, metal: [default, soak]}
                timeouts: {dom0: 7}
                """);

        assertThat(matrix.cells())
                .containsExactly(
                        new Cell(Mode.METAL, "none", "bios", "qemu", true),
                        new Cell(Mode.PV, "xen-4.14", "bios", "qemu", false),
                        new Cell(Mode.PV, "xen-4.20", "bios", "qemu", true));
        assertThat(matrix.excluded()).isEmpty();
        assertThat(matrix.checks())
                .containsEntry(Mode.PV, List.of("default"))
                .containsEntry(Mode.METAL, List.of("default", "soak"));
        assertThat(matrix.timeouts()).isEqualTo(new Spec.Timeouts(60, 7, 300));
    }

    @Test
    void oneNameOfChecksGoesForAllModesAndEachModeLeavesOutWhatMakesNoSense() throws IOException {
        MatrixSpec matrix = read("axes: {modes: [metal, hvm, pv]}\nchecks: [thorough, soak]\nsoak: 7\n");

        assertThat(matrix.checks()).containsOnlyKeys(Mode.METAL, Mode.HVM, Mode.PV);
        CheckPlan plan = matrix.plan();
        assertThat(plan.soak()).isEqualTo(Duration.ofSeconds(7));
        for (Mode mode : matrix.axes().modes()) {
            assertThat(plan.in(mode))
                    .extracting(Check::name)
                    .contains("soak")
                    .containsAll(CheckPlan.THOROUGH.in(mode).stream()
                            .map(Check::name)
                            .toList());
        }
        assertThat(plan.asks(Mode.PV, "migrate")).isTrue();
        assertThat(plan.asks(Mode.METAL, "migrate")).isFalse();
        assertThat(read("checks: thorough").plan().asks(Mode.PV, "soak")).isFalse();
    }

    @Test
    void anIgnoredLineHasItsReasonAndItsBug() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [pv]}
                ignore:
                  - pattern: 'clockevents_switch_state'
                    reason: only after a processor was unplugged
                    bug: 'decision 0029'
                """);

        assertThat(matrix.plan().ignored()).singleElement().satisfies(line -> {
            assertThat(line.pattern()
                            .matcher("WARNING: CPU: 0 PID: 7 at kernel/time/clockevents_switch_state+0x1")
                            .find())
                    .isTrue();
            assertThat(line.reason()).isEqualTo("only after a processor was unplugged");
            assertThat(line.bug()).isEqualTo("decision 0029");
        });
        assertThat(Json.parse(Json.text(matrix), MatrixSpec.class, file())).isEqualTo(matrix);
    }

    @Test
    void theFirstExclusionThatHasACellGivesItsReason() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [metal, pv], hypervisors: [xen-4.14]}
                exclude:
                  - {hypervisors: [none], reason: no bare machine to spare}
                  - {modes: [metal], reason: never reached}
                """);

        assertThat(ids(matrix.cells())).containsExactly("pv-xen-4.14-bios-qemu");
        assertThat(matrix.excluded().values()).containsExactly("no bare machine to spare");
    }

    @Test
    void aPartOfItIsTheSameMatrixWithTheOthersExcluded() throws IOException {
        MatrixSpec matrix = read("""
                axes: {modes: [metal, pv, pvh], hypervisors: [xen-4.14, xen-4.20]}
                exclude: [{hypervisors: [xen-4.14], modes: [pvh], reason: never booted}]
                """);
        List<Cell> wanted = matrix.cells().subList(1, 3);

        MatrixSpec part = matrix.only(wanted);

        assertThat(part.cells()).isEqualTo(wanted);
        assertThat(part.excluded()).hasSize(3).containsValue("never booted");
    }

    @Test
    void aSpecNamesItFromItsOwnFolderAndARunRemembersWhatWasInIt() throws IOException {
        Files.createDirectory(folder.resolve("matrices"));
        Files.writeString(folder.resolve("matrices/one.yaml"), "axes: {modes: [pv]}\nchecks: {pv: [soak]}\n");
        Files.writeString(folder.resolve("kernel.yaml"), SPEC + "boot: {matrix: matrices/one.yaml, cmdline: quiet}\n");
        Spec spec = SpecReader.read(folder.resolve("kernel.yaml"));
        assertThat(ids(spec.boot().asMatrix().cells())).containsExactly("pv-xen-4.17-bios-qemu");

        Files.delete(folder.resolve("matrices/one.yaml"));
        Path record = folder.resolve("spec.json");
        Json.write(record, spec);

        assertThat(Json.read(record, Spec.class)).isEqualTo(spec);
    }

    @Test
    void theShortFormIsAMatrixToo() {
        Spec.Boot spec = new Spec.Boot(List.of(Mode.METAL, Mode.HVM), "xen-4.20", null, "", null);

        assertThat(ids(spec.asMatrix().cells())).containsExactly("metal-none-bios-qemu", "hvm-xen-4.20-bios-qemu");
    }

    @Test
    void forArm64ModesThatXenDoesNotHaveThereAreExcludedAndSoAreMachinesOfAnotherKind() throws IOException {
        Spec spec = SpecReader.read(Files.writeString(
                folder.resolve("kernel.yaml"),
                SPEC + "arch: arm64\nboot: {modes: [metal, dom0-pv, dom0-pvh, pv, pvh, hvm, pvhvm]}\n"));

        MatrixSpec matrix = spec.matrix();

        assertThat(ids(matrix.cells()))
                .containsExactly("metal-none-bios-qemu", "dom0-pvh-xen-4.17-bios-qemu", "pvh-xen-4.17-bios-qemu");
        assertThat(matrix.excluded().keySet())
                .extracting(Cell::mode)
                .containsExactly(Mode.DOM0_PV, Mode.PV, Mode.HVM, Mode.PVHVM);
        assertThat(matrix.excluded().values())
                .allMatch(reason -> reason.startsWith("Xen on arm64 has one kind of domain"));
        assertThat(matrix.on(Target.X86_64).cells())
                .as("nothing else is left out")
                .isEqualTo(matrix.cells());

        Files.writeString(file(), "axes: {modes: [metal], machines: [qemu, rack1-a]}\n");
        assertThat(SpecReader.readMatrix(file()).on(Target.ARM64).excluded())
                .hasSize(1)
                .containsValue("machine 'rack1-a' is of x86_64, and the kernel of arm64");
    }

    @Test
    void aMatrixInAFileLeavesNoRoomForTheShortForm() throws IOException {
        Files.writeString(file(), "axes: {modes: [pv]}\n");
        Path spec = Files.writeString(
                folder.resolve("kernel.yaml"), SPEC + "boot:\n  matrix: matrix.yaml\n  hypervisor: xen-4.20\n");

        assertThat(catchThrowableOfType(FarmException.class, () -> SpecReader.read(spec)))
                .hasMessageStartingWith(spec + ":")
                .hasMessageEndingWith(
                        "'boot.matrix' names a file, and modes, hypervisor, machine and timeouts belong into that");
    }

    @Test
    void aFaultInTheMatrixIsToldWithItsOwnFileAndLine() throws IOException {
        Files.writeString(file(), "axes:\n  modes: [pv]\n  firmwares: [uefi]\n");
        Path spec = Files.writeString(folder.resolve("kernel.yaml"), SPEC + "boot: {matrix: matrix.yaml}\n");

        FarmException refused = catchThrowableOfType(FarmException.class, () -> SpecReader.read(spec));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused).hasMessage(file() + ":3: unknown key 'firmwares'; did you mean 'firmware'?");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("", "FILE is empty; a matrix names at least 'axes'"),
                Arguments.of("axis: {}\n", "FILE:1: unknown key 'axis'; did you mean 'axes'?"),
                Arguments.of("axes: {modes: [pvm]}\n", "FILE:1: unknown mode 'pvm'; the modes are metal, "),
                Arguments.of("axes: {modes: pv}\n", "FILE:1: 'axes.modes' must be a list ([a, b])"),
                Arguments.of("axes:\n  modes: []\n", "'axes.modes' is empty; leave it out for [metal, dom0-pv, pv,"),
                Arguments.of("axes: {modes: [pv, pv]}\n", "'axes.modes' names one twice: [pv, pv]"),
                Arguments.of("axes: {hypervisors: [kvm]}\n", "hypervisor 'kvm' is not Xen of one version"),
                Arguments.of("axes: {firmware: [efi]}\n", "unknown firmware 'efi'; there are bios, uefi"),
                Arguments.of("axes: {machines: [Vax]}\n", "machine 'Vax' is not a name of a-z 0-9 . - such as qemu"),
                Arguments.of("exclude:\n- {modes: [pv]}\n", "an exclusion has no 'reason'; say why it is not booted"),
                Arguments.of(
                        "exclude:\n- {reason: no}\n", "an exclusion names nothing, which would exclude everything"),
                Arguments.of(
                        "exclude:\n- {reason: x, mode: [pv]}\n", "FILE:2: unknown key 'mode'; did you mean 'modes'?"),
                Arguments.of("exclude: [all]\n", "FILE:1: 'exclude.0' must be a mapping (key: value)"),
                Arguments.of(
                        "exclude:\n- {firmware: [uefi], reason: x}\n",
                        "exclusion 1 names uefi, which is not among 'axes.firmware': [bios]"),
                Arguments.of(
                        "required: [{modes: [pv]}, {modes: [dom0-pvh]}]\n",
                        "required combination 2 names dom0-pvh, which is not among 'axes.modes': [metal, "),
                Arguments.of("checks: {dom0-pvh: default}\n", "'checks' names mode dom0-pvh, which is not among 'axes"),
                Arguments.of("checks: {pv: []}\n", "'checks.pv' is empty; leave it out, or write 'default',"),
                Arguments.of("checks: {pv: [Soak]}\n", "'checks.pv' has 'Soak', which is not a name of a-z 0-9 -"),
                Arguments.of("checks: {pv: [soak, soak]}\n", "'checks.pv' names a check twice: soak, soak"),
                Arguments.of("checks: {pvm: default}\n", "FILE:1: unknown mode 'pvm'; the modes are metal, "),
                Arguments.of("checks: colour\n", "unknown check 'colour'; there are disk, "),
                Arguments.of("checks:\n  pv: default\n  pvh: [moon]\n", "unknown check 'moon'; there are disk, "),
                Arguments.of("soak: 60\n", "'soak' says how long it lasts, and no mode is asked it; name soak in"),
                Arguments.of("checks: soak\nsoak: 0\n", "'soak' has 0; a soak lasts 1 to 86400 seconds"),
                Arguments.of("checks: soak\nsoak: long\n", "FILE:2: 'soak' must be a whole number"),
                Arguments.of("\nignore: [{reason: x, bug: y}]\n", "FILE:2: an ignored line has no 'pattern'; give"),
                Arguments.of("ignore:\n- {pattern: x, bug: y}\n", "FILE:2: the ignored line 'x' has no 'reason'; say"),
                Arguments.of("ignore:\n- {pattern: x, reason: y}\n", "FILE:2: the ignored line 'x' has no 'bug'; name"),
                Arguments.of(
                        "ignore:\n- {pattern: x, reson: y}\n", "FILE:2: unknown key 'reson'; did you mean 'reason'?"),
                Arguments.of(
                        "ignore: [{pattern: '(', reason: x, bug: y}]", "the ignored line '(' is no regular expression"),
                Arguments.of(
                        "ignore: [{pattern: 'x*', reason: x, bug: y}]", "the ignored line 'x*' is found in every line"),
                Arguments.of("timeouts: {dom0: 0}\n", "'boot.timeouts' has 0; a time-out is at least 1 second"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void answersEachFaultWithOneSentence(String text, String sentence) {
        FarmException refused = catchThrowableOfType(FarmException.class, () -> read(text));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused.getMessage()).contains(sentence.replace("FILE", file().toString()));
        assertThat(refused.getMessage()).startsWith(file().toString()).doesNotContain("\n");
    }

    private static List<String> ids(Collection<Cell> cells) {
        return cells.stream().map(Cell::id).toList();
    }

    private Path file() {
        return folder.resolve("matrix.yaml");
    }

    private MatrixSpec read(String text) throws IOException {
        Files.writeString(file(), text);
        return SpecReader.readMatrix(file());
    }
}
