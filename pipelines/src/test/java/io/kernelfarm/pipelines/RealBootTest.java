package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real kernels on real Xen: the project's own spec proves all its modes, and kernels, command lines and farms that are broken
 * on purpose get the verdicts that they must. One good kernel is built for all tests, and one bad one.
 */
@Tag("real")
class RealBootTest {

    private static final CacheLayout CACHE = CacheLayout.standard();
    /** The kernel's first process says how it is used and ends, which the kernel does not survive. */
    private static final String PANIC = "rdinit=/bin/busybox";
    /** The kernel's first process does nothing for longer than anybody waits. */
    private static final String HANG = "rdinit=/bin/busybox -- sleep 10000";

    @TempDir
    private Path folder;

    @Test
    void theProjectsOwnSpecProvesEveryModeAndGoesToStableFromWhereAptAndDnfInstallIt() throws IOException {
        try (FileServer server = FileServer.start(places().out(), "127.0.0.1", 0)) {
            RunLayout layout = provesEveryMode(server.url().toString());
            clientsInstallItFromStableOncePromoted(layout, server.url().toString());
        }
    }

    private RunLayout provesEveryMode(String url) throws IOException {
        RunRecord run = FarmRun.execute(projectsSpec(url), places(), event -> {});

        RunLayout layout = places().out().run(run.id());
        MatrixResult matrix = MatrixJson.read(layout.matrix());
        Build build = Build.read(layout.build());
        assertThat(run.verdict()).isEqualTo(Verdict.PASS);
        assertThat(matrix.cells())
                .extracting(cell -> cell.cell().mode())
                .containsExactly(Mode.METAL, Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM);
        assertThat(matrix.cells()).allSatisfy(cell -> {
            assertThat(cell.verdict()).isEqualTo(Verdict.PASS);
            assertThat(cell.imageSha256()).isEqualTo(build.imageSha256());
            assertThat(cell.checks())
                    .extracting(CheckResult::name)
                    .containsExactlyElementsOf(checksIn(cell.cell().mode()));
            assertThat(evidence(cell, "mode-proof")).anyMatch(line -> line.endsWith(banner(cell)));
        });
        assertThat(evidence(cell(matrix, Mode.PVHVM), "block")).anyMatch(line -> line.contains("driver=vbd"));
        assertThat(evidence(cell(matrix, Mode.HVM), "block")).allMatch(line -> line.contains("driver=sd"));
        assertThat(matrix.cells()).allSatisfy(cell -> evidenceIsInTheLog(layout, cell));
        assertThat(layout.junit()).isNotEmptyFile();
        assertThat(layout.kcidb()).isNotEmptyFile();
        assertThat(places().out().dashboard().home()).isNotEmptyFile();
        assertThat(layout.boot().resolve("work")).doesNotExist();
        return layout;
    }

    /** The project's own spec, for clients that come to {@code url}. */
    private static Spec projectsSpec(String url) {
        Spec spec = SpecReader.read(Project.file("kernel.yaml"));
        return new Spec(
                spec.source(),
                spec.arch(),
                spec.localversion(),
                spec.profile(),
                spec.options(),
                spec.compile(),
                spec.packages(),
                spec.boot(),
                spec.channel(),
                "stable",
                spec.keep(),
                new Spec.Repository(url));
    }

    private void clientsInstallItFromStableOncePromoted(RunLayout layout, String url) throws IOException {
        Build build = Build.read(layout.build());
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        Path sources = folder.resolve("kernel-farm-stable.sources");
        Curl.get(url + "/kernel-farm-stable.sources", "--output", sources.toString());
        AptClient apt = new AptClient(folder.resolve("apt"), sources);
        Path base = BaseSystem.deb(folder, empty);
        Tools.must("dpkg", "--root=" + apt.root(), "--install", base.toString());
        apt.must("update");
        apt.must("install", KernelPackages.debImagePackage(build.release()));
        assertThat(Sha256.of(apt.root().resolve("boot/vmlinuz-" + build.release())))
                .isEqualTo(build.imageSha256());
        assertThat(Tools.must("dpkg", "--root=" + apt.root(), "--verify")).isEmpty();

        Path repo = folder.resolve("kernel-farm-stable.repo");
        Curl.get(url + "/kernel-farm-stable.repo", "--output", repo.toString());
        DnfClient dnf = new DnfClient(folder.resolve("dnf"), repo);
        base = BaseSystem.rpm(folder, empty);
        Tools.must("rpm", "--root=" + dnf.root(), "--force-debian", "--install", base.toString());
        dnf.must("install", KernelPackages.RPM_IMAGE_PACKAGE);
        assertThat(Sha256.of(dnf.root().resolve("boot/vmlinuz-" + build.release())))
                .isEqualTo(build.imageSha256());
        Tools.must("rpm", "--root=" + dnf.root(), "--verify", KernelPackages.RPM_IMAGE_PACKAGE);
    }

    @Test
    void aKernelBuiltWithoutDom0AndPvhvmFailsThereAndPassesWhereItCan() throws IOException {
        Map<String, String> options = Map.of("XEN_DOM0", "n", "XEN_ACPI_PROCESSOR", "n", "XEN_PVHVM_GUEST", "n");
        Spec spec = spec(options, List.of(Mode.DOM0_PV, Mode.PV, Mode.PVHVM), "xen-4.17", "", 120);

        MatrixResult matrix = boot(spec, event -> {});

        assertThat(matrix.verdict()).isEqualTo(Verdict.FAIL);
        CellResult dom0 = cell(matrix, Mode.DOM0_PV);
        assertThat(dom0.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(dom0.attempts())
                .extracting(Attempt::kernel)
                .containsExactly(Attempt.SUBJECT, Attempt.SUBJECT, Attempt.CONTROL);
        CellResult pvhvm = cell(matrix, Mode.PVHVM);
        assertThat(pvhvm.verdict()).isEqualTo(Verdict.FAIL);
        // Such a kernel calls itself a Xen HVM guest all the same, and waits minutes for devices that it cannot have.
        assertThat(pvhvm.reason()).contains("the last state reached was KERNEL");
        RunLayout run = places().out().find("latest");
        assertThat(run.boot().resolve(pvhvm.console())).content().contains("Waiting for devices to initialise");
        CellResult pv = cell(matrix, Mode.PV);
        assertThat(pv.verdict()).isEqualTo(Verdict.PASS);
        assertThat(pv.attempts().get(0).dom0()).isEqualTo(matrix.control()).isNotEmpty();

        FarmException refused = catchThrowableOfType(FarmException.class, () -> new Promoter(
                        run, "stable", "the tests", Terms.OF_SPEC, places(), new SilentProgress())
                .promote());
        assertThat(refused.blame()).isEqualTo(FarmException.Blame.KERNEL);
        assertThat(refused)
                .hasMessageContaining("is not promoted to stable: ")
                .hasMessageContaining("dom0-pv-xen-4.17-bios-qemu: FAIL (")
                .hasMessageContaining("pvhvm-xen-4.17-bios-qemu: FAIL (")
                .message()
                .doesNotContain(" pv-xen");
        assertThat(places().out().promotions()).doesNotExist();
    }

    @Test
    void aKernelThatPanicsFailsWithThePanicAsEvidenceToWhichTheDashboardLeads()
            throws IOException, InterruptedException {
        MatrixResult matrix = boot(onMetal(PANIC, 300), event -> {});

        CellResult metal = cell(matrix, Mode.METAL);
        assertThat(metal.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(metal.reason()).contains("Kernel panic - not syncing: Attempted to kill init!");
        assertThat(metal.checks().get(0).evidence().get(0).text()).contains("Kernel panic - not syncing");
        assertThat(metal.attempts())
                .extracting(Attempt::verdict)
                .containsExactly(Verdict.FAIL, Verdict.FAIL, Verdict.PASS);
        RunLayout run = places().out().find("latest");
        evidenceIsInTheLog(run, metal);
        try (DashboardVisit visit = new DashboardVisit(places().out(), run)) {
            visit.seesAllThereIs();
        }
    }

    @Test
    void aKernelThatHangsFailsAfterTheTimeAllowedAndTheLastStateIsNamed() throws IOException {
        MatrixResult matrix = boot(onMetal(HANG, 20), event -> {});

        CellResult metal = cell(matrix, Mode.METAL);
        assertThat(metal.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(metal.reason()).contains("within 20 s").contains("the last state reached was KERNEL");
    }

    @Test
    void anEmulatorKilledInMidBootIsTheFarmsFault() throws IOException {
        MatrixResult matrix = boot(onMetal(HANG, 300), event -> {
            if (event instanceof RunEvent.CellReached reached && reached.state() == BootState.KERNEL) {
                emulators(ProcessHandle.current()).forEach(ProcessHandle::destroyForcibly);
            }
        });

        CellResult metal = cell(matrix, Mode.METAL);
        assertThat(metal.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(metal.reason())
                .contains("the emulator was killed by signal 9")
                .contains("KERNEL");
        assertThat(metal.attempts()).hasSize(1);
    }

    @Test
    void aXenThatIsNotThereIsTheFarmsFaultAndTheBareMachineIsProvedAllTheSame() throws IOException {
        Spec spec = spec(Map.of(), List.of(Mode.METAL, Mode.DOM0_PV, Mode.PV), "xen-4.99", "", 300);

        MatrixResult matrix = boot(spec, event -> {});

        assertThat(cell(matrix, Mode.METAL).verdict()).isEqualTo(Verdict.PASS);
        for (Mode mode : List.of(Mode.DOM0_PV, Mode.PV)) {
            assertThat(cell(matrix, mode).verdict()).isEqualTo(Verdict.ERROR);
            assertThat(cell(matrix, mode).reason()).contains("4.99", "xen-4.14, xen-4.17, xen-4.20");
        }
    }

    @Test
    void aMatrixFileBootsOlderAndNewerXensUefiAndAPvhDom0() throws IOException {
        Path file = Files.writeString(folder.resolve("matrix.yaml"), """
                axes:
                  modes: [metal, dom0-pvh, pv]
                  hypervisors: [xen-4.14, xen-4.20]
                  firmware: [bios, uefi]
                exclude:
                  - {modes: [metal, dom0-pvh], firmware: [bios], reason: the project's own spec has it}
                  - {modes: [pv], firmware: [uefi], reason: a guest does not see it}
                  - {modes: [pv], hypervisors: [xen-4.20], reason: the older one is the harder one}
                  - {modes: [dom0-pvh], hypervisors: [xen-4.14], reason: the newer one is enough}
                """);
        Spec own = spec(Map.of(), List.of(Mode.METAL), "xen-4.17", "", 300);
        Spec spec = new Spec(
                own.source(),
                own.arch(),
                own.localversion(),
                own.profile(),
                own.options(),
                own.compile(),
                own.packages(),
                own.boot().with(SpecReader.readMatrix(file)),
                own.channel(),
                own.promote(),
                own.keep(),
                own.repository());

        MatrixResult matrix = boot(spec, event -> {});

        assertThat(matrix.verdict()).isEqualTo(Verdict.PASS);
        assertThat(matrix.cells())
                .filteredOn(cell -> cell.verdict() == Verdict.PASS)
                .extracting(cell -> cell.cell().id())
                .containsExactlyInAnyOrder(
                        "pv-xen-4.14-bios-qemu", "metal-none-uefi-qemu", "dom0-pvh-xen-4.20-uefi-qemu");
        assertThat(matrix.cells())
                .filteredOn(cell -> cell.verdict() == Verdict.SKIP)
                .hasSize(7)
                .extracting(CellResult::reason)
                .contains("the newer one is enough");
        assertThat(matrix.cells())
                .filteredOn(cell -> cell.cell().isUefi() && cell.verdict() == Verdict.PASS)
                .allSatisfy(
                        cell -> assertThat(evidence(cell, "firmware")).anyMatch(line -> line.contains("efi: EFI v")));
    }

    @Test
    void neitherTermNorKillLeavesAnEmulatorBehind() throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("kernel.yaml"),
                Files.readString(Project.file("kernel.yaml"))
                        .replace("cmdline: \"\"", "cmdline: \"" + HANG + "\"")
                        .replaceFirst("modes: \\[.*]", "modes: [metal, pv]"));
        for (boolean forcibly : new boolean[] {false, true}) {
            FarmProcess farm = FarmProcess.start(
                    folder,
                    Map.of(),
                    io.kernelfarm.pipelines.cli.Farm.class,
                    "run",
                    "--cache",
                    CACHE.root().toString());
            while (emulators(farm.handle()).isEmpty()) {
                assertThat(farm.handle().isAlive()).isTrue();
                Thread.sleep(100);
            }
            List<ProcessHandle> emulators = emulators(farm.handle());

            if (forcibly) {
                farm.handle().destroyForcibly();
            } else {
                farm.handle().destroy();
            }

            assertThat(farm.endsWithin(10)).isTrue();
            for (ProcessHandle emulator : emulators) {
                // After KILL it is the operating system that ends it, a moment after the farm.
                for (int tries = 0; ChildProcesses.runs(emulator); tries++) {
                    assertThat(tries).isLessThan(50);
                    Thread.sleep(100);
                }
            }
            RunLayout run = places().out().find("latest");
            assertThat(run.matrix()).doesNotExist();
            RunRecord.State state = Json.read(run.record(), RunRecord.class).state();
            assertThat(state).isEqualTo(forcibly ? RunRecord.State.RUNNING : RunRecord.State.INTERRUPTED);
        }
    }

    private MatrixResult boot(Spec spec, RunListener listener) throws IOException {
        RunRecord run = FarmRun.execute(spec, places(), listener);
        return MatrixJson.read(places().out().run(run.id()).matrix());
    }

    private static Spec onMetal(String cmdline, int seconds) {
        return spec(Map.of(), List.of(Mode.METAL), "xen-4.17", cmdline, seconds);
    }

    private static Spec spec(
            Map<String, String> options, List<Mode> modes, String hypervisor, String cmdline, int seconds) {
        Spec spec = SpecReader.read(Project.file("kernel.yaml"));
        return new Spec(
                spec.source(),
                spec.arch(),
                options.isEmpty() ? spec.localversion() : "-broken1",
                spec.profile(),
                new TreeMap<>(options),
                spec.compile(),
                spec.packages(),
                new Spec.Boot(modes, hypervisor, "qemu", cmdline, new Spec.Timeouts(30, 180, seconds)),
                spec.channel(),
                spec.promote(),
                spec.keep(),
                spec.repository());
    }

    private FarmRun.Places places() {
        return new FarmRun.Places(new OutLayout(folder.resolve("out")), CACHE, TestKeyFile.place());
    }

    private static List<ProcessHandle> emulators(ProcessHandle ancestor) {
        return ancestor.descendants()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .toList();
    }

    private static CellResult cell(MatrixResult matrix, Mode mode) {
        return matrix.cells().stream()
                .filter(cell -> cell.cell().mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    /** What the kernel prints in each mode, from FACTS measured on Linux 6.1 and Xen 4.17. */
    private static String banner(CellResult cell) {
        return switch (cell.cell().mode()) {
            case METAL, HVM -> "Booting paravirtualized kernel on bare hardware";
            case DOM0_PV, PV -> "Booting kernel on Xen";
            case DOM0_PVH, PVH -> "Booting kernel on Xen PVH";
            case PVHVM -> "Booting paravirtualized kernel on Xen HVM";
        };
    }

    private static List<String> evidence(CellResult cell, String check) {
        return cell.checks().stream()
                .filter(result -> result.name().equals(check))
                .flatMap(result -> result.evidence().stream())
                .map(Evidence::text)
                .toList();
    }

    /** Each line of evidence stands in the console log where it says. */
    private static void evidenceIsInTheLog(RunLayout layout, CellResult cell) {
        try {
            String log = new String(
                    Files.readAllBytes(layout.boot().resolve(cell.console())),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
            String[] lines = log.split("\n", -1);
            for (CheckResult check : cell.checks()) {
                for (Evidence evidence : check.evidence()) {
                    if (evidence.line() > 0) { // Others are readings.
                        assertThat(lines[evidence.line() - 1]).contains(evidence.text());
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> checksIn(Mode mode) {
        return Stream.of(
                        Stream.of("boot", "mode-proof", "block"),
                        CheckPlan.STANDARD.in(mode).stream().map(Check::name),
                        Stream.of("kernel-log"))
                .flatMap(names -> names)
                .toList();
    }
}
