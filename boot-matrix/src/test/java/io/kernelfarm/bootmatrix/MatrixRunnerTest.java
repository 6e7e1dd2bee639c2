package io.kernelfarm.bootmatrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.bootmatrix.machine.fake.ScriptedBoot;
import io.kernelfarm.bootmatrix.report.Digest;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rules by which a cell gets its verdict, on machines that play scripts. */
@Timeout(60)
class MatrixRunnerTest {

    private static final String SUBJECT = "6.1.192-farm1";
    private static final String CONTROL = "6.1.0-56-amd64";
    private static final String PANIC = "[    1.523] Kernel panic - not syncing: VFS: Unable to mount root fs";

    /** Short enough to wait for where silence is the subject, long enough for a script that is not silent. */
    private static final Timeouts SHORT =
            new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1));

    @TempDir
    private Path temporary;

    private Path out;
    private Kernel subject;
    private Kernel control;
    private XenHost.Assets assets;
    private Path busybox;
    private final AtomicInteger controlAsked = new AtomicInteger();
    private final List<String> heard = new ArrayList<>();
    private final Map<Cell, CellResult> finished = new HashMap<>();

    @BeforeEach
    void makeBootFiles() throws IOException {
        out = temporary.resolve("out");
        subject = kernel(SUBJECT);
        control = kernel(CONTROL);
        busybox = file("busybox", "a busybox");
        assets = new XenHost.Assets(
                file("xen-4.17", "a hypervisor"),
                Optional.of(file("xen-4.17.efi", "an EFI program")),
                file("dom0.img", "a root file system"));
    }

    // ---- one cell, and who is blamed ----

    @Test
    void whatPassesAtOnceHasPassed() throws Exception {
        CellResult cell = metal(new FakeMachine(media -> passing(media).events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.PASS);
        assertThat(cell.flaky()).isFalse();
        assertThat(cell.reason()).isEmpty();
        assertThat(cell.imageSha256()).isEqualTo(subject.id().imageSha256());
        assertThat(cell.checks())
                .extracting(CheckResult::name)
                .containsExactly("boot", "mode-proof", "block", "kernel-log");
        assertThat(cell.attempts()).extracting(Attempt::kernel).containsExactly(Attempt.SUBJECT);
        assertThat(controlAsked).as("a control kernel may cost a download").hasValue(0);
        assertThat(heard)
                .containsExactly(
                        "metal 1 POWERED", "metal 1 KERNEL", "metal 1 USERSPACE", "metal 1 DONE", "metal PASS");
        assertThat(out.resolve("work")).doesNotExist();
    }

    @Test
    void whatFailsTwiceIsAtFaultIfTheControlKernelPasses() throws Exception {
        CellResult cell =
                metal(new FakeMachine(media -> isControl(media) ? passing(media).events() : panic(media)));

        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason())
                .isEqualTo("it crashed in state KERNEL: Kernel panic - not syncing: VFS: Unable to" + " mount root fs");
        assertThat(cell.attempts())
                .extracting(Attempt::kernel, Attempt::verdict, Attempt::console)
                .containsExactly(
                        tuple(Attempt.SUBJECT, Verdict.FAIL, "consoles/metal-none-bios-fake.log"),
                        tuple(Attempt.SUBJECT, Verdict.FAIL, "consoles/metal-none-bios-fake.2.log"),
                        tuple(Attempt.CONTROL, Verdict.PASS, "consoles/metal-none-bios-fake.control.log"));
        assertThat(cell.console()).isEqualTo("consoles/metal-none-bios-fake.2.log");
        for (Attempt attempt : cell.attempts()) {
            assertThat(out.resolve(attempt.console())).isNotEmptyFile();
        }
    }

    @Test
    void whatPassesOnTheSecondLookIsFlakyAndKeepsBothAttempts() throws Exception {
        AtomicInteger boots = new AtomicInteger();
        CellResult cell = metal(new FakeMachine(media ->
                boots.getAndIncrement() == 0 ? panic(media) : passing(media).events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.PASS);
        assertThat(cell.flaky()).isTrue();
        assertThat(cell.reason()).isEmpty();
        assertThat(cell.attempts()).extracting(Attempt::verdict).containsExactly(Verdict.FAIL, Verdict.PASS);
        assertThat(boots).hasValue(2);
    }

    @Test
    void whatTheControlKernelCannotDoEitherIsNotTheKernelsFault() throws Exception {
        CellResult cell = metal(new FakeMachine(MatrixRunnerTest::panic));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason())
                .contains("but the control kernel failed here as well: it crashed in state KERNEL: Kernel panic");
        assertThat(cell.attempts())
                .extracting(Attempt::kernel)
                .containsExactly(Attempt.SUBJECT, Attempt.SUBJECT, Attempt.CONTROL);
    }

    @Test
    void withoutAControlKernelNobodyIsBlamed() throws Exception {
        Matrix matrix = new Matrix(List.of(cell(Mode.METAL)), subject, () -> {
            throw new IOException("the archive cannot be reached");
        });
        CellResult cell = run(matrix, new FakeMachine(MatrixRunnerTest::panic), Timeouts.DEFAULT)
                .cells()
                .get(0);

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason())
                .contains("Kernel panic")
                .endsWith("there is no control kernel: the archive cannot be reached");
        assertThat(cell.attempts()).hasSize(2);
    }

    @Test
    void anEmulatorThatDiesIsAnErrorAtOnce() throws Exception {
        CellResult cell = metal(new FakeMachine(
                media -> ScriptedBoot.of(media).kernel(SUBJECT).killed().events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).isEqualTo("the emulator was killed by signal 9 (last state KERNEL)");
        assertThat(cell.attempts()).hasSize(1);
        assertThat(controlAsked).hasValue(0);
    }

    @Test
    void anEmulatorThatDiesOnTheSecondLookLeavesTheQuestionOpen() throws Exception {
        AtomicInteger boots = new AtomicInteger();
        CellResult cell = metal(new FakeMachine(media -> boots.getAndIncrement() == 0
                ? panic(media)
                : ScriptedBoot.of(media).killed().events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).contains("killed by signal 9");
        assertThat(cell.attempts()).extracting(Attempt::verdict).containsExactly(Verdict.FAIL, Verdict.ERROR);
    }

    @Test
    void aMachineThatCannotBeTurnedOnIsAnError() throws Exception {
        CellResult cell = metal(new FakeMachine(media -> {
            throw new IOException("the BMC does not answer");
        }));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).isEqualTo("the BMC does not answer");
        assertThat(cell.attempts()).extracting(Attempt::lastState).containsExactly("OFF");
    }

    @Test
    void silenceBeforeTheFirstLineIsAnError() throws Exception {
        CellResult cell = metal(
                new FakeMachine(media -> ScriptedBoot.of(media)
                        .console("SeaBIOS", "Booting from ROM...")
                        .events()),
                SHORT);

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).contains("the last state reached was POWERED");
        assertThat(cell.attempts()).hasSize(1);
    }

    @Test
    void aMachineThatStopsBeforeTheFirstLineIsAnError() throws Exception {
        CellResult cell =
                metal(new FakeMachine(media -> ScriptedBoot.of(media).off().events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).contains("before anything was seen on its console");
    }

    @Test
    void aMachineThatStopsBeforeItsAnswersHasFailed() throws Exception {
        CellResult cell = metal(new FakeMachine(media -> isControl(media)
                ? passing(media).events()
                : ScriptedBoot.of(media).kernel(SUBJECT).off().events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason()).isEqualTo("the machine turned itself off or reset in state KERNEL");
    }

    @Test
    void aBootThatHangsIsEndedAndTheLastStateNamed() throws Exception {
        CellResult cell = metal(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .kernel(SUBJECT)
                                .console("[    2.000000] Run /init as init process", "  ")
                                .events()),
                SHORT);

        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason())
                .endsWith("the last state reached was KERNEL; its last line was: Run /init as init process");
        assertThat(cell.attempts()).extracting(Attempt::lastState).containsExactly("KERNEL", "KERNEL", "DONE");
        assertThat(cell.checks().get(0).evidence())
                .as("where things stood")
                .containsExactly(new Evidence(3, "[    2.000000] Run /init as init process"));
    }

    @Test
    void aPanicIsEvidenceUnderItsLineNumberInTheKeptLog() throws Exception {
        CellResult cell =
                metal(new FakeMachine(media -> isControl(media) ? passing(media).events() : panic(media)));

        Evidence evidence = cell.checks().get(0).evidence().get(0);
        assertThat(evidence.text()).isEqualTo(PANIC);
        assertThat(Files.readAllLines(out.resolve(cell.console())).get(evidence.line() - 1))
                .isEqualTo(PANIC);
    }

    @Test
    void answersWithAnotherBootsNonceAreNotAnswers() throws Exception {
        CellResult cell = metal(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .kernel(SUBJECT)
                                .console(ScriptedBoot.proof(
                                        Mode.METAL,
                                        SUBJECT,
                                        "0123456789abcdef",
                                        media.disks().get(0).image()))
                                .events()),
                SHORT);

        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason())
                .contains("the last state reached was KERNEL; its last line was: farm:0123456789abcdef:");
    }

    @Test
    void anotherKernelThanTheOneAskedForIsAnError() throws Exception {
        CellResult cell = metal(new FakeMachine(
                media -> ScriptedBoot.of(media).metal("5.10.0-1-amd64").events()));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).isEqualTo("kernel 5.10.0-1-amd64 booted instead of " + SUBJECT);
    }

    @Test
    void aDiskWithOtherContentFailsTheCell() throws Exception {
        CellResult cell = metal(new FakeMachine(media -> {
            if (!isControl(media)) {
                Path data = media.disks().get(0).image();
                byte[] content = Files.readAllBytes(data);
                content[600] ^= 1;
                Files.write(data, content);
            }
            return passing(media).events();
        }));

        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason()).startsWith("block: disk vda has SHA-256 ");
    }

    @Test
    void aControlKernelThatIsOnlySlowHasPassed() throws Exception {
        Duration late = SHORT.firstLine().plus(SHORT.firstLine().dividedBy(2));

        CellResult cell = metal(
                slowWithTheControlKernel(
                        late,
                        new FakeMachine(
                                media -> isControl(media) ? passing(media).events() : panic(media))),
                SHORT);

        assertThat(cell.verdict()).as(cell.reason()).isEqualTo(Verdict.FAIL);
        assertThat(cell.attempts()).extracting(Attempt::verdict).endsWith(Verdict.PASS);
    }

    @Test
    void aControlKernelThatNeverComesIsNotWaitedForForEver() throws Exception {
        CellResult cell =
                metal(slowWithTheControlKernel(Duration.ofDays(1), new FakeMachine(MatrixRunnerTest::panic)), SHORT);

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).contains("but the control kernel failed here as well: nothing decisive came within");
    }

    /** A machine that says nothing for {@code quiet} if it boots the control kernel. */
    private Machine slowWithTheControlKernel(Duration quiet, FakeMachine machine) {
        return new Machine() {
            @Override
            public String kind() {
                return machine.kind();
            }

            @Override
            public String description() {
                return machine.description();
            }

            @Override
            public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
                PoweredMachine powered = machine.powerOn(media, consoleLog);
                long speaks = System.nanoTime() + (isControl(media) ? quiet.toNanos() : 0);
                return new PoweredMachine() {
                    @Override
                    public MachineEvent next(Duration patience) throws InterruptedException {
                        if (System.nanoTime() < speaks) {
                            Thread.sleep(Math.min(patience.toMillis(), 20));
                            return null;
                        }
                        return powered.next(patience);
                    }

                    @Override
                    public void close() {
                        powered.close();
                    }
                };
            }
        };
    }

    // ---- Xen hosts ----

    @Test
    void allModesShareTwoHostsAPvhDom0AndABareMachine() throws Exception {
        AtomicInteger boots = new AtomicInteger();
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    boots.incrementAndGet();
                    return passing(media).events();
                }),
                Mode.values());

        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(result.cells()).extracting(CellResult::verdict).hasSize(7).containsOnly(Verdict.PASS);
        assertThat(result.control()).isEmpty();
        assertThat(boots).hasValue(4);
        for (CellResult cell : result.cells()) {
            assertThat(cell.attempts().get(0).dom0())
                    .as(cell.cell().id())
                    .isEqualTo(cell.cell().mode().isGuest() ? SUBJECT : "");
            for (CheckResult check : cell.checks()) {
                List<String> log = Files.readAllLines(out.resolve(cell.console()), StandardCharsets.ISO_8859_1);
                assertThat(check.evidence()).isNotEmpty();
                assertThat(check.evidence())
                        .filteredOn(evidence -> evidence.line() > 0)
                        .allSatisfy(evidence ->
                                assertThat(log.get(evidence.line() - 1)).contains(evidence.text()));
            }
        }
        assertThat(out.resolve("consoles/host-1.log"))
                .as("the host that judges no cell keeps its console too")
                .isNotEmptyFile();
    }

    @Test
    void eachHypervisorAndFirmwareHasItsOwnHosts() throws Exception {
        List<Cell> cells = List.of(
                new Cell(Mode.METAL, "none", "uefi", "fake", true),
                new Cell(Mode.DOM0_PV, "xen-4.14", "uefi", "fake", true),
                new Cell(Mode.DOM0_PVH, "xen-4.14", "bios", "fake", true),
                new Cell(Mode.DOM0_PV, "xen-4.14", "bios", "fake", true),
                new Cell(Mode.PV, "xen-4.14", "bios", "fake", true),
                new Cell(Mode.PV, "xen-4.20", "bios", "fake", true));
        List<String> asked = new ArrayList<>();
        MatrixResult result = run(
                new Matrix(cells, subject, this::control),
                new FakeMachine(media -> {
                    synchronized (asked) {
                        asked.add(media.platform() + " "
                                + media.hypervisor()
                                        .map(xen -> xen.image().getFileName() + " "
                                                + xen.cmdline().contains(" dom0=pvh"))
                                        .orElse("none"));
                    }
                    return passing(media).events();
                }),
                Timeouts.DEFAULT);

        assertThat(result.cells()).extracting(CellResult::verdict).hasSize(6).containsOnly(Verdict.PASS);
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "Platform[uefi=true, iommu=false] none",
                        "Platform[uefi=true, iommu=false] xen-4.17.efi false",
                        "Platform[uefi=false, iommu=true] xen-4.17 true",
                        "Platform[uefi=false, iommu=false] xen-4.17 false",
                        "Platform[uefi=false, iommu=false] xen-4.17 false");
        assertThat(result.cells().get(0).checks()).extracting(CheckResult::name).contains("firmware");
    }

    @Test
    void aKernelThatDoesNotFindTheUefiThatBootedItHasNotPassed() throws Exception {
        Cell uefi = new Cell(Mode.METAL, "none", "uefi", "fake", true);
        MatrixResult result = run(
                new Matrix(List.of(uefi), subject, this::control),
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .withoutFirmware()
                                .metal(SUBJECT)
                                .events()),
                Timeouts.DEFAULT);

        assertThat(result.cells().get(0).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.cells().get(0).reason())
                .isEqualTo("firmware: the kernel was booted by UEFI and did not find it");
    }

    @Test
    void aHypervisorThatCannotBeHadIsAnErrorOfItsOwnCellsAlone() throws Exception {
        List<Cell> cells = List.of(
                new Cell(Mode.PV, "xen-4.14", "bios", "fake", true),
                new Cell(Mode.DOM0_PVH, "xen-4.14", "bios", "fake", true),
                cell(Mode.PV),
                cell(Mode.METAL));
        FakeMachine machine = new FakeMachine(media -> passing(media).events());
        MatrixRunner.Setup setup = new MatrixRunner.Setup(
                cell -> machine,
                cell -> {
                    if (cell.hypervisor().equals("xen-4.14")) {
                        throw new IOException("nobody has Xen 4.14");
                    }
                    return assets;
                },
                busybox,
                Timeouts.DEFAULT,
                2,
                true,
                CheckPlan.NONE,
                out);
        MatrixResult result =
                MatrixRunner.run(new Matrix(cells, subject, this::control), setup, new MatrixListener() {});

        assertThat(result.cells())
                .extracting(CellResult::verdict, CellResult::reason)
                .containsExactly(
                        tuple(Verdict.ERROR, "nobody has Xen 4.14"),
                        tuple(Verdict.ERROR, "nobody has Xen 4.14"),
                        tuple(Verdict.PASS, ""),
                        tuple(Verdict.PASS, ""));
    }

    @Test
    void whatTheMachineCannotDoIsAnErrorBeforeItIsTurnedOn() throws Exception {
        AtomicInteger boots = new AtomicInteger();
        FakeMachine fake = new FakeMachine(media -> {
            boots.incrementAndGet();
            return passing(media).events();
        });
        MatrixResult result = run(
                new Matrix(List.of(cell(Mode.HVM), cell(Mode.METAL)), subject, this::control),
                new Unable(fake, Mode.HVM, "this machine has no hvm"),
                Timeouts.DEFAULT);

        assertThat(result.cells())
                .extracting(CellResult::verdict, CellResult::reason)
                .containsExactly(tuple(Verdict.ERROR, "this machine has no hvm"), tuple(Verdict.PASS, ""));
        assertThat(boots).hasValue(1);
    }

    /** A machine that cannot do one of the modes. */
    private record Unable(Machine machine, Mode mode, String why) implements Machine {
        @Override
        public String kind() {
            return machine.kind();
        }

        @Override
        public String description() {
            return machine.description();
        }

        @Override
        public Optional<String> obstacle(Cell cell) {
            return cell.mode() == mode ? Optional.of(why) : Optional.empty();
        }

        @Override
        public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
            return machine.powerOn(media, consoleLog);
        }
    }

    @Test
    void excludedCellsAreSkippedWithTheirReason() throws Exception {
        Cell excluded = new Cell(Mode.PV, "xen-4.14", "bios", "fake", false);
        MatrixResult result = MatrixRunner.run(
                new Matrix(List.of(cell(Mode.METAL)), Map.of(excluded, "nobody uses it"), subject, this::control),
                setup(new FakeMachine(media -> passing(media).events()), Timeouts.DEFAULT, 2),
                new MatrixListener() {});

        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(result.cells())
                .extracting(CellResult::verdict, CellResult::reason)
                .containsExactly(tuple(Verdict.PASS, ""), tuple(Verdict.SKIP, "nobody uses it"));
    }

    @Test
    void eachKernelsOwnWordsAreOnItsCommandLineAlone() throws Exception {
        Kernel wordy = new Kernel(subject.id(), subject.image(), subject.root(), "nosmp quirk=1");
        List<String> lines = new ArrayList<>();
        Matrix matrix = new Matrix(List.of(cell(Mode.PVHVM), cell(Mode.PVH)), wordy, this::control);
        run(
                matrix,
                new FakeMachine(media -> {
                    synchronized (lines) {
                        lines.add(media.cmdline());
                        for (ScriptedBoot.Guest guest : ScriptedBoot.of(media).guests()) {
                            lines.add(ScriptedBoot.of(media).cmdline(guest.mode()));
                        }
                    }
                    return passing(media).events();
                }),
                Timeouts.DEFAULT);

        assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).contains("nosmp quirk=1"));
    }

    @Test
    void guestsOfAKernelThatCannotBeDom0RunUnderTheControlKernel() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .xen()
                                .kernel(SUBJECT)
                                .console(PANIC, "(XEN) Hardware Dom0 crashed: rebooting machine in 5 seconds.")
                                .off()
                                .events()),
                Mode.DOM0_PV,
                Mode.PV,
                Mode.PVHVM);

        assertThat(cell(result, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.DOM0_PV).reason()).contains("Kernel panic - not syncing");
        for (Mode mode : List.of(Mode.PV, Mode.PVHVM)) {
            CellResult guest = cell(result, mode);
            assertThat(guest.verdict()).isEqualTo(Verdict.PASS);
            assertThat(guest.flaky()).isFalse();
            assertThat(guest.attempts())
                    .extracting(Attempt::kernel, Attempt::dom0)
                    .containsExactly(tuple(Attempt.SUBJECT, CONTROL));
        }
        assertThat(result.control()).isEqualTo(CONTROL);
    }

    @Test
    void guestsWithoutAnyDom0AreErrors() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> ScriptedBoot.of(media)
                        .xen()
                        .kernel(SUBJECT)
                        .console(PANIC)
                        .off()
                        .events()),
                Mode.PV);

        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell(result, Mode.PV).reason()).isEqualTo("the control kernel did not come up as dom0");
    }

    @Test
    void aToolstackThatDoesNotStartFailsDom0() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .dom0(SUBJECT)
                                .report("trouble xenstored did not start")
                                .report("ready ")
                                .events()),
                Mode.DOM0_PV,
                Mode.PV);

        assertThat(cell(result, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.DOM0_PV).reason())
                .isEqualTo("dom0's toolstack did not start: xenstored did not start");
        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.PASS);
        assertThat(cell(result, Mode.PV).attempts()).extracting(Attempt::dom0).containsExactly(CONTROL);
    }

    @Test
    void aToolstackThatNeverReportsFailsDom0() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media).dom0(SUBJECT).events()),
                SHORT,
                1,
                Mode.DOM0_PV);

        assertThat(cell(result, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.DOM0_PV).reason()).startsWith("dom0's toolstack was not up within");
    }

    @Test
    void aGuestThatDiesOnTheHypervisorsConsoleTakesNobodyWithIt() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    for (ScriptedBoot.Guest guest : boot.guests()) {
                        if (guest.mode() != Mode.PVHVM) {
                            continue;
                        }
                        boot.created(guest)
                                .guest(guest, "[    0.000000] Linux version " + SUBJECT, PANIC)
                                .console(
                                        "(XEN) d" + guest.domain() + "v0 Triple fault - invoking HVM shutdown action 1")
                                .report("ended " + guest.name());
                    }
                    for (ScriptedBoot.Guest guest : boot.guests()) {
                        if (guest.mode() != Mode.PVHVM) {
                            boot.passingGuest(guest, SUBJECT);
                        }
                    }
                    return boot.events();
                }),
                1,
                Mode.DOM0_PV,
                Mode.PV,
                Mode.HVM,
                Mode.PVHVM);

        assertThat(cell(result, Mode.PVHVM).verdict()).isEqualTo(Verdict.FAIL);
        Evidence panic = cell(result, Mode.PVHVM).checks().get(0).evidence().get(0);
        assertThat(panic.text()).endsWith(PANIC);
        assertThat(Files.readAllLines(out.resolve(cell(result, Mode.PVHVM).console()))
                        .get(panic.line() - 1))
                .isEqualTo(panic.text());
        for (Mode mode : List.of(Mode.DOM0_PV, Mode.PV, Mode.HVM)) {
            assertThat(cell(result, mode).verdict()).as(mode.id()).isEqualTo(Verdict.PASS);
            assertThat(cell(result, mode).flaky()).as(mode.id()).isFalse();
        }
    }

    @Test
    void aDomainThatTheHypervisorEndsHasTheHypervisorsLineAsEvidence() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    for (ScriptedBoot.Guest guest : boot.guests()) {
                        if (guest.mode() == Mode.PV) {
                            boot.created(guest)
                                    .console("(XEN) Domain " + guest.domain() + " (vcpu#0) crashed on cpu#0:")
                                    .report("ended " + guest.name());
                        } else {
                            boot.passingGuest(guest, SUBJECT);
                        }
                    }
                    return boot.events();
                }),
                1,
                Mode.DOM0_PV,
                Mode.PV,
                Mode.PVH);

        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.PV).reason())
                .matches("it crashed in state CREATED: \\(XEN\\) Domain \\d \\(vcpu#0\\) crashed on cpu#0:");
        assertThat(cell(result, Mode.PV).checks().get(0).evidence())
                .extracting(Evidence::line)
                .containsExactly(1);
        for (Mode mode : List.of(Mode.DOM0_PV, Mode.PVH)) {
            assertThat(cell(result, mode).verdict()).as(mode.id()).isEqualTo(Verdict.PASS);
            assertThat(cell(result, mode).attempts()).as(mode.id()).hasSize(1);
        }
    }

    @Test
    void aHypervisorThatPanicsUnderItsGuestsIsNamed() throws Exception {
        AtomicInteger boots = new AtomicInteger();
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (boots.getAndIncrement() > 0) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    return boot.created(boot.guest(Mode.PV))
                            .console("(XEN) Panic on CPU 0:", "(XEN) FATAL TRAP: vector = 6 (invalid opcode)")
                            .events();
                }),
                Mode.PV);

        CellResult cell = cell(result, Mode.PV);
        assertThat(cell.attempts()).extracting(Attempt::verdict).containsExactly(Verdict.FAIL, Verdict.PASS);
        assertThat(cell.attempts().get(0).reason())
                .isEqualTo("the Xen host went down: dom0 or the hypervisor crashed: (XEN) Panic on CPU 0:");
    }

    @Test
    void aPvhvmCellWhoseKernelBootsAsPlainHvmHasNotPassed() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    ScriptedBoot.Guest guest = boot.guest(Mode.PVHVM);
                    return boot.created(guest)
                            .guest(guest, ScriptedBoot.proof(Mode.HVM, SUBJECT, guest.nonce(), guest.data()))
                            .report("ended " + guest.name())
                            .events();
                }),
                Mode.PVHVM);

        CellResult cell = cell(result, Mode.PVHVM);
        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell.reason())
                .isEqualTo("mode-proof: not in mode pvhvm: it boots on 'bare hardware' instead of 'Xen HVM';"
                        + " guest_type is 'absent' instead of 'HVM'; it does not unplug emulated disks");
        assertThat(cell.checks())
                .extracting(CheckResult::name, CheckResult::verdict)
                .containsExactly(
                        tuple("boot", Verdict.PASS),
                        tuple("mode-proof", Verdict.FAIL),
                        tuple("block", Verdict.FAIL),
                        tuple("kernel-log", Verdict.PASS));
    }

    @Test
    void aGuestThatTheToolstackRefusesHasFailedWithTheToolstacksWords() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    ScriptedBoot.Guest guest = boot.guest(Mode.PV);
                    return boot.guest(guest, "xl: libxl: error: Not a PV kernel")
                            .report("refused " + guest.name())
                            .events();
                }),
                Mode.PV);

        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.PV).reason())
                .startsWith("the toolstack refused to make the domain: xl: libxl: error: Not a PV kernel");
    }

    @Test
    void theFirstErrorOfTheToolstackIsTheReasonAndNotWhatFollowsFromIt() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    ScriptedBoot.Guest guest = boot.guest(Mode.PV);
                    return boot.guest(
                                    guest,
                                    "xl: Parsing config from pv.cfg",
                                    "xl: xc: error: panic: unknown compression format: Invalid kernel",
                                    "xl: libxl: error: Domain 1:Destruction of domain failed")
                            .report("refused " + guest.name())
                            .events();
                }),
                Mode.PV);

        assertThat(cell(result, Mode.PV).reason())
                .contains("unknown compression format")
                .doesNotContain("Destruction");
    }

    @Test
    void whyXenPanicsIsToldWithThePanic() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> isControl(media)
                        ? passing(media).events()
                        : ScriptedBoot.of(media)
                                .console(
                                        "(XEN) Xen version 4.14.6 (Debian 4.14.6-1)",
                                        "(XEN) ELF: not an ELF binary",
                                        "(XEN) Panic on CPU 0:",
                                        "(XEN) Could not construct domain 0")
                                .off()
                                .events()),
                Mode.DOM0_PV);

        assertThat(cell(result, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.DOM0_PV).reason())
                .isEqualTo("it crashed in state HYPERVISOR: (XEN) Panic on CPU 0: Could not construct domain 0");
    }

    @Test
    void guestsThatWereHandedAnotherImageAreErrors() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> ScriptedBoot.of(media)
                        .dom0(SUBJECT)
                        .report("ready 4.17.7")
                        .report("image 00ff  -")
                        .events()),
                Mode.PV);

        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell(result, Mode.PV).reason()).isEqualTo("dom0 was handed an image with SHA-256 00ff");
    }

    @Test
    void aGuestThatHangsIsEndedAndTheLastStateNamed() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(media -> {
                    if (isControl(media)) {
                        return passing(media).events();
                    }
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    return boot.created(boot.guest(Mode.PVH)).events();
                }),
                new Timeouts(SHORT.firstLine(), Timeouts.DEFAULT.dom0(), SHORT.cell()),
                2,
                Mode.PVH);

        assertThat(cell(result, Mode.PVH).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.PVH).reason()).endsWith("the last state reached was CREATED");
    }

    @Test
    void anEmulatorThatDiesIsAnErrorOfEveryCellOnIt() throws Exception {
        MatrixResult result = matrix(
                new FakeMachine(
                        media -> ScriptedBoot.of(media).host(SUBJECT).killed().events()),
                1,
                Mode.PV,
                Mode.HVM);

        assertThat(result.cells()).allSatisfy(cell -> {
            assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
            assertThat(cell.reason()).isEqualTo("the emulator was killed by signal 9");
            assertThat(cell.attempts()).hasSize(1);
        });
    }

    @Test
    void aMissingHypervisorIsAnErrorThatNamesTheFile() throws Exception {
        Files.delete(assets.hypervisor());
        MatrixResult result = matrix(QemuMachine.at(Path.of("/usr/bin/qemu-system-x86_64")), 2, Mode.DOM0_PV, Mode.PV);

        assertThat(result.cells()).allSatisfy(cell -> {
            assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
            assertThat(cell.reason()).isEqualTo("boot file " + assets.hypervisor() + " is missing or unreadable");
        });
    }

    // ---- being interrupted ----

    @Test
    void anInterruptedRunTurnsItsMachinesOff() throws Exception {
        FakeMachine machine =
                new FakeMachine(media -> ScriptedBoot.of(media).kernel(SUBJECT).events());
        Interruptible run = new Interruptible(machine);
        while (machine.on() < 2) {
            Thread.sleep(10);
        }
        run.thread.interrupt();
        run.thread.join();

        assertThat(run.end.get()).isInstanceOf(InterruptedException.class);
        assertThat(machine.on()).isZero();
        assertThat(out.resolve("work")).doesNotExist();
    }

    @Test
    void anImpatientSecondInterruptDoesNotLeaveAMachineOn() throws Exception {
        CountDownLatch closing = new CountDownLatch(2);
        CountDownLatch mayClose = new CountDownLatch(1);
        FakeMachine fake =
                new FakeMachine(media -> ScriptedBoot.of(media).kernel(SUBJECT).events());
        Interruptible run = new Interruptible(new SlowToClose(fake, closing, mayClose));
        while (fake.on() < 2) {
            Thread.sleep(10);
        }
        run.thread.interrupt();
        assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();
        run.thread.interrupt();
        run.thread.join(300);
        assertThat(run.thread.isAlive()).as("it waits for its machines").isTrue();
        mayClose.countDown();
        run.thread.join();

        assertThat(run.end.get()).isInstanceOf(InterruptedException.class);
        assertThat(fake.on()).isZero();
    }

    /** A run of two bare machines in a thread of its own. */
    private final class Interruptible {
        private final AtomicReference<Throwable> end = new AtomicReference<>();
        private final Thread thread;

        Interruptible(Machine machine) {
            List<Cell> cells = List.of(cell(Mode.METAL), cell(Mode.DOM0_PV));
            thread = new Thread(() -> {
                try {
                    MatrixRunner.run(
                            new Matrix(cells, subject, MatrixRunnerTest.this::control),
                            setup(machine, Timeouts.DEFAULT, 2),
                            new MatrixListener() {});
                } catch (IOException | InterruptedException e) {
                    end.set(e);
                }
            });
            thread.start();
        }
    }

    /** A machine that takes until it may to turn off. */
    private record SlowToClose(Machine machine, CountDownLatch closing, CountDownLatch mayClose) implements Machine {
        @Override
        public String kind() {
            return machine.kind();
        }

        @Override
        public String description() {
            return machine.description();
        }

        @Override
        public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
            PoweredMachine powered = machine.powerOn(media, consoleLog);
            return new PoweredMachine() {
                @Override
                public MachineEvent next(Duration patience) throws InterruptedException {
                    return powered.next(patience);
                }

                @Override
                public void close() {
                    closing.countDown();
                    try {
                        mayClose.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    powered.close();
                }
            };
        }
    }

    @Test
    void consolesThatCannotBeKeptEndTheRun() throws IOException {
        Files.writeString(out, "a file where the folder is to be");
        assertThatThrownBy(() -> metal(new FakeMachine(media -> passing(media).events())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(out.toString());
    }

    // ---- running ----

    private CellResult metal(Machine machine) throws Exception {
        return metal(machine, Timeouts.DEFAULT);
    }

    private CellResult metal(Machine machine, Timeouts timeouts) throws Exception {
        return matrix(machine, timeouts, 1, Mode.METAL).cells().get(0);
    }

    // ---- what is asked at the end ----

    private static final String FREE_MEMORY = "leaks.free-before=555";

    /** A dom0 that is asked for leaks when its guests are gone, and answers {@code last}. */
    private static ScriptedBoot late(BootMedia media, String release, String... last) throws IOException {
        ScriptedBoot boot = ScriptedBoot.of(media).hostThatIsAskedMore(release);
        boot.passingGuests(release);
        String mark = "[   60.5] farm:" + boot.nonce() + ":";
        boot.console(mark + "begin=leaks", mark + "leaks.grant-tables=1", mark + FREE_MEMORY);
        for (String answer : last) {
            boot.console(mark + answer);
        }
        return boot.console(mark + "end=leaks", mark + "done");
    }

    private MatrixResult asked(String check, FakeMachine machine, Mode... modes) throws Exception {
        List<Cell> cells = Arrays.stream(modes).map(MatrixRunnerTest::cell).toList();
        Map<Mode, List<String>> checks = new EnumMap<>(Mode.class);
        cells.forEach(cell -> checks.put(cell.mode(), List.of(check)));
        MatrixRunner.Setup setup = new MatrixRunner.Setup(
                cell -> machine, hypervisor -> assets, busybox, SHORT, 1, true, CheckPlan.NONE.with(checks), out);
        return MatrixRunner.run(new Matrix(cells, subject, this::control), setup, new MatrixListener() {});
    }

    @Test
    void aDom0IsJudgedByWhatItAnswersWhenItsGuestsAreGone() throws Exception {
        MatrixResult clean = asked(
                "leaks",
                new FakeMachine(
                        media -> late(media, SUBJECT, "leaks.free-after=555").events()),
                Mode.DOM0_PV,
                Mode.PV);
        assertThat(clean.cells()).extracting(CellResult::verdict).containsOnly(Verdict.PASS);

        MatrixResult leaking = asked(
                "leaks",
                new FakeMachine(media -> (isControl(media)
                                ? late(media, CONTROL, "leaks.free-after=555")
                                : late(media, SUBJECT, "leaks.left=domain 3 ((null))", "leaks.free-after=299"))
                        .events()),
                Mode.DOM0_PV,
                Mode.PV);
        assertThat(cell(leaking, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(leaking, Mode.DOM0_PV).reason())
                .isEqualTo("leaks: something is left of guests that are gone: domain 3 ((null))");
        assertThat(cell(leaking, Mode.PV).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aDom0ThatDoesNotAnswerWhenItsGuestsAreGoneHasFailedAndTheyHaveNot() throws Exception {
        MatrixResult result = asked(
                "leaks",
                new FakeMachine(media -> (isControl(media)
                                ? late(media, CONTROL, "leaks.free-after=555")
                                : ScriptedBoot.of(media)
                                        .hostThatIsAskedMore(SUBJECT)
                                        .passingGuests(SUBJECT)
                                        .console("[   61.0] " + PANIC))
                        .events()),
                Mode.DOM0_PV,
                Mode.PV);
        assertThat(cell(result, Mode.PV).verdict()).isEqualTo(Verdict.PASS);
        assertThat(cell(result, Mode.DOM0_PV).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(cell(result, Mode.DOM0_PV).reason()).contains("it crashed in state USERSPACE");
    }

    @Test
    void aDom0WithoutGuestsIsGivenOneToServe() throws Exception {
        Queue<String> guests = new ConcurrentLinkedQueue<>();
        MatrixResult result = asked(
                "backends",
                new FakeMachine(media -> {
                    ScriptedBoot boot = ScriptedBoot.of(media).hostThatIsAskedMore(SUBJECT);
                    for (ScriptedBoot.Guest guest : boot.guests()) {
                        guests.add(
                                guest.name() + " " + boot.cmdline(guest.mode()).contains("farm.checks=network "));
                        boot.passingGuest(guest, SUBJECT);
                    }
                    String mark = "[   60.5] farm:" + boot.nonce() + ":";
                    return boot.console(
                                    mark + "begin=backends",
                                    mark + "backends.served=g vbd-1-51728 states=4/4 in=8 out=9",
                                    mark + "backends.served=g vif-1-0 states=4/4 in=8 out=9",
                                    mark + "end=backends",
                                    mark + "done")
                            .events();
                }),
                Mode.DOM0_PVH);

        assertThat(result.cells()).extracting(CellResult::verdict).containsExactly(Verdict.PASS);
        assertThat(guests).containsExactly("pv-xen-4.17-bios-served true");
        assertThat(out.resolve("consoles/guest-1.log")).isNotEmptyFile();
    }

    @Test
    void aHostThatNobodyJudgesIsAskedNothing() throws Exception {
        MatrixResult result = asked(
                "disk",
                new FakeMachine(media -> {
                    assertThat(media.cmdline()).doesNotContain("farm.checks").doesNotContain("farm.late");
                    assertThat(ScriptedBoot.of(media).cmdline(Mode.PV)).contains("farm.checks=disk ");
                    return List.of(new MachineEvent.Stopped(false, "it was seen"));
                }),
                Mode.PV);
        assertThat(cell(result, Mode.PV).reason()).contains("it was seen");
    }

    @Test
    void aGuestHasObeyedWhenDom0SaysHowItCameDown() throws Exception {
        for (String reason : List.of("0", "3")) {
            MatrixResult result = asked(
                    "shutdown",
                    new FakeMachine(media -> {
                        String release = isControl(media) ? CONTROL : SUBJECT;
                        ScriptedBoot boot = ScriptedBoot.of(media).host(release);
                        ScriptedBoot.Guest guest = boot.guest(Mode.PV);
                        String mark = "[   60.5] farm:" + guest.nonce() + ":";
                        boot.created(guest).guest(guest, "[    0.000000] Linux version " + release);
                        boot.guest(guest, mark + "begin=shutdown", mark + "shutdown.order=poweroff");
                        boot.guest(guest, mark + "end=shutdown");
                        boot.guest(guest, ScriptedBoot.proof(Mode.PV, release, guest.nonce(), guest.data()));
                        boot.report("answer " + guest.name() + " shutdown.reason="
                                + (release.equals(CONTROL) ? "0" : reason));
                        return boot.report("ended " + guest.name()).events();
                    }),
                    Mode.PV);
            assertThat(cell(result, Mode.PV).verdict()).isEqualTo(reason.equals("0") ? Verdict.PASS : Verdict.FAIL);
        }
    }

    @Test
    void whatCannotBeAskedOnAHostIsSkippedAndFailsNoCell() throws Exception {
        MatrixResult result = asked(
                "migrate",
                new FakeMachine(media -> {
                    ScriptedBoot boot = ScriptedBoot.of(media).host(SUBJECT);
                    ScriptedBoot.Guest guest = boot.guest(Mode.PV);
                    String mark = "[    5.5] farm:" + guest.nonce() + ":";
                    boot.created(guest).guest(guest, "[    0.000000] Linux version " + SUBJECT);
                    boot.guest(guest, mark + "begin=migrate");
                    boot.report("answer " + guest.name() + " migrate.unable=no shadow paging");
                    boot.guest(guest, mark + "end=migrate");
                    boot.guest(guest, ScriptedBoot.proof(Mode.PV, SUBJECT, guest.nonce(), guest.data()));
                    return boot.events();
                }),
                Mode.PV);

        assertThat(result.cells()).extracting(CellResult::verdict).containsExactly(Verdict.PASS);
        assertThat(cell(result, Mode.PV).checks())
                .filteredOn(check -> check.verdict() != Verdict.PASS)
                .extracting(CheckResult::name, CheckResult::verdict, CheckResult::reason)
                .containsExactly(tuple("migrate", Verdict.SKIP, "no shadow paging"));
    }

    private MatrixResult matrix(Machine machine, Mode... modes) throws Exception {
        return matrix(machine, 2, modes);
    }

    private MatrixResult matrix(Machine machine, int hosts, Mode... modes) throws Exception {
        return matrix(machine, Timeouts.DEFAULT, hosts, modes);
    }

    private MatrixResult matrix(Machine machine, Timeouts timeouts, int hosts, Mode... modes) throws Exception {
        List<Cell> cells = Arrays.stream(modes).map(MatrixRunnerTest::cell).toList();
        return run(new Matrix(cells, subject, this::control), machine, timeouts, hosts);
    }

    private MatrixResult run(Matrix matrix, Machine machine, Timeouts timeouts) throws Exception {
        return run(matrix, machine, timeouts, 2);
    }

    /** Runs the matrix; what its listener hears last of each cell has to be what the result says. */
    private MatrixResult run(Matrix matrix, Machine machine, Timeouts timeouts, int hosts) throws Exception {
        MatrixResult result = MatrixRunner.run(matrix, setup(machine, timeouts, hosts), new MatrixListener() {
            @Override
            public synchronized void reached(Cell cell, int attempt, BootState state) {
                heard.add(cell.mode() + " " + attempt + " " + state);
            }

            @Override
            public synchronized void attempted(Cell cell, Attempt attempt) {
                heard.add(cell.mode() + " " + attempt.verdict());
            }

            @Override
            public synchronized void finished(CellResult cell) {
                assertThat(finished.put(cell.cell(), cell)).as("told before").isNull();
            }
        });
        assertThat(result.cells()).extracting(CellResult::cell).isEqualTo(matrix.cells());
        assertThat(finished.values()).containsExactlyInAnyOrderElementsOf(result.cells());
        if (machine instanceof FakeMachine fake) {
            assertThat(fake.on()).isZero();
        }
        return result;
    }

    private MatrixRunner.Setup setup(Machine machine, Timeouts timeouts, int hosts) {
        return new MatrixRunner.Setup(
                cell -> machine, hypervisor -> assets, busybox, timeouts, hosts, true, CheckPlan.NONE, out);
    }

    private Kernel control() {
        controlAsked.incrementAndGet();
        return control;
    }

    /** A boot in which everything passes, whatever is booted. */
    private ScriptedBoot passing(BootMedia media) throws IOException {
        String release = isControl(media) ? CONTROL : SUBJECT;
        if (media.hypervisor().isEmpty()) {
            return ScriptedBoot.of(media).metal(release);
        }
        ScriptedBoot boot = ScriptedBoot.of(media).host(release);
        return boot.passingGuests(boot.guestImageSha256().equals(control.id().imageSha256()) ? CONTROL : SUBJECT);
    }

    private static List<MachineEvent> panic(BootMedia media) {
        return ScriptedBoot.of(media)
                .kernel(SUBJECT)
                .console(
                        "[    1.500000] VFS: Cannot open root device", PANIC, "[    1.600000] Rebooting in 1 seconds..")
                .off()
                .events();
    }

    private boolean isControl(BootMedia media) {
        return media.kernel().equals(control.image());
    }

    private static Cell cell(Mode mode) {
        return new Cell(mode, mode == Mode.METAL ? "none" : "xen-4.17", "bios", "fake", true);
    }

    private static CellResult cell(MatrixResult result, Mode mode) {
        return result.cells().stream()
                .filter(cell -> cell.cell().mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    private Kernel kernel(String release) throws IOException {
        Path image = file("vmlinuz-" + release, "the image of " + release);
        KernelId id = new KernelId(release, Digest.sha256(Files.readAllBytes(image)), "test");
        return new Kernel(id, image, temporary.resolve("root-" + release), "");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(temporary.resolve(name), content);
    }
}
