package io.kernelfarm.bootmatrix.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChecksTest {

    private static final String NONCE = "00c0ffee00c0ffee";
    private static final String SUM = "ab".repeat(32);
    private static final String ALL_CAME = "3 packets transmitted, 3 packets received, 0% packet loss";
    private static final String MOST_CAME = "3 packets transmitted, 2 packets received, 33% packet loss";
    private static final String SOME_CAME = "3 packets transmitted, 1 packets received, 66% packet loss";

    @ParameterizedTest
    @MethodSource("all")
    void eachHasItsScriptForInside(Check check) {
        assertThat(check.name()).matches("[a-z]+(-[a-z]+)*");
        assertThat(Initramfs.class.getResource("checks/" + check.name() + ".sh"))
                .isNotNull();
    }

    static List<Check> all() {
        return Checks.ALL;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theCommandLineNamesWhatMakesSenseInTheMode(Mode mode) {
        String words = CheckPlan.STANDARD.cmdline(mode);
        assertThat(words)
                .startsWith("farm.checks=disk,")
                .endsWith(" farm.soak=30")
                .doesNotContain("soak,");
        assertThat(words.contains("network")).isEqualTo(mode.isGuest());
        assertThat(words).doesNotContain("migrate");
        assertThat(CheckPlan.THOROUGH.cmdline(mode).contains("migrate")).isEqualTo(mode.isGuest() && mode != Mode.HVM);
        assertThat(words.contains("balloon")).isEqualTo(mode.isGuest() && mode != Mode.HVM);
    }

    @Test
    void withoutChecksThereIsNothingToSay() {
        assertThat(CheckPlan.NONE.cmdline(Mode.PV)).isEmpty();
    }

    @Test
    void anUnknownCheckIsNamedWithThoseThatThereAre() {
        assertThatThrownBy(() -> Checks.of("colour"))
                .hasMessageStartingWith("unknown check 'colour'; there are disk, network, clock");
    }

    @Test
    void aLineIsNotIgnoredWithoutAReason() {
        assertThatThrownBy(() -> new IgnoredLine(Pattern.compile("x"), " ", "#1"))
                .hasMessageContaining("has no reason or no bug");
    }

    // ---- disk ----

    @Test
    void whatWasWrittenIsReadBack() {
        assertThat(reason("disk", Mode.PV, "disk.written=" + SUM, "disk.read=" + SUM))
                .isEmpty();
        assertThat(reason("disk", Mode.PV, "disk.written=" + SUM, "disk.read=" + "cd".repeat(32)))
                .contains(SUM, "cd".repeat(32));
        assertThat(reason("disk", Mode.PV)).startsWith("what was written has SHA-256 ");
    }

    @Test
    void onlyPvhvmHasToLoseItsEmulatedDisks() {
        String[] both = {"disk.written=" + SUM, "disk.read=" + SUM, "disk.present=sda driver=sd"};
        assertThat(reason("disk", Mode.PVHVM, both)).isEqualTo("an emulated disk is still there: sda driver=sd");
        assertThat(reason("disk", Mode.HVM, both)).isEmpty();
        both[2] = "disk.present=xvda driver=vbd";
        assertThat(reason("disk", Mode.PVHVM, both)).isEmpty();
    }

    // ---- network ----

    @ParameterizedTest
    @CsvSource({"PV, vif", "PVH, vif", "PVHVM, vif", "HVM, e1000"})
    void packetsCameBothWaysThroughTheModesDriver(Mode mode, String driver) {
        assertThat(reason(
                        "network",
                        mode,
                        "network.driver=" + driver,
                        "network.out=" + MOST_CAME,
                        dom0("network.in=" + ALL_CAME)))
                .isEmpty();
        assertThat(reason(
                        "network",
                        mode,
                        "network.driver=other",
                        "network.out=" + ALL_CAME,
                        dom0("network.in=" + ALL_CAME)))
                .isEqualTo("the network card's driver is 'other' instead of '" + driver + "'");
        assertThat(reason("network", mode, "network.driver=" + driver, "network.out=" + SOME_CAME))
                .isEqualTo("packets from the guest to dom0 were lost: " + SOME_CAME);
        assertThat(reason("network", mode, "network.driver=" + driver, "network.out=" + ALL_CAME))
                .startsWith("packets from dom0 to the guest were lost");
    }

    // ---- clock ----

    @Test
    void clocksMoveAndAgree() {
        assertThat(reason("clock", Mode.PV, "clock.look=10.00 1000", "clock.look=10.20 1000", "clock.look=11.40 1001"))
                .isEmpty();
        assertThat(reason("clock", Mode.PV, "clock.look=10.00 1000", "clock.look=10.20 999"))
                .isEqualTo("a clock stood still or went back, at 10.20 999");
        assertThat(reason("clock", Mode.PV, "clock.look=10.00 1000", "clock.look=10.00 1000"))
                .startsWith("a clock stood still");
        assertThat(reason("clock", Mode.PV, "clock.look=10.00 1000", "clock.look=90.00 1000"))
                .startsWith("a clock jumped");
        assertThat(reason("clock", Mode.PV, "clock.look=10.00 1000", "clock.look=20.00 1001"))
                .isEqualTo("10.0 s have passed since the boot, and 1 s on the wall");
        assertThat(reason("clock", Mode.PV)).isEqualTo("the clocks were not read");
    }

    // ---- modules ----

    @Test
    void aModuleThatFindsNoHardwareWasLoadedWell() {
        assertThat(reason("modules", Mode.PV, "modules.loaded=xenfs", "modules.refused=xen-pciback No such device"))
                .isEmpty();
        assertThat(reason("modules", Mode.PV, "modules.refused=xen-gntdev Unknown symbol in module"))
                .isEqualTo("a module does not load: xen-gntdev Unknown symbol in module");
    }

    // ---- balloon, vcpu ----

    @Test
    void memoryGoesAndComesBack() {
        assertThat(reason("balloon", Mode.PV, "balloon.before=240000", "balloon.down=174464", "balloon.up=240000"))
                .isEmpty();
        assertThat(reason("balloon", Mode.PV, "balloon.before=240000", "balloon.down=240000", "balloon.up=240000"))
                .isEqualTo("told to give 64 MiB of 240000 KiB, the guest kept 240000 KiB");
        assertThat(reason("balloon", Mode.PV, "balloon.before=240000", "balloon.down=174464", "balloon.up=174464"))
                .isEqualTo("given its memory back, the guest has 174464 KiB instead of 240000 KiB");
        assertThat(reason("balloon", Mode.PV)).isEqualTo("the guest's memory could not be read");
        assertThat(reason("balloon", Mode.PV, dom0("balloon.failed=xl: error: no such domain")))
                .isEqualTo("dom0's toolstack said: xl: error: no such domain");
        assertThat(reason("balloon", Mode.PVH, dom0("balloon.unable=xl mem-set ends on arm64")))
                .isEqualTo("xl mem-set ends on arm64");
    }

    @Test
    void aProcessorGoesAndComesBack() {
        assertThat(reason("vcpu", Mode.PV, "vcpu.before=0-1", "vcpu.unplugged=0", "vcpu.plugged=0-1"))
                .isEmpty();
        assertThat(reason("vcpu", Mode.PV, "vcpu.before=0-1", "vcpu.unplugged=0-1", "vcpu.plugged=0-1"))
                .contains("0-1, 0-1, 0-1 instead of 0-1, 0, 0-1");
    }

    // ---- moves, shutdown, soak ----

    @ParameterizedTest
    @CsvSource({"save-restore", "migrate"})
    void aGuestGoesOnAsItWas(String check) {
        String before = check + ".before=10.5";
        String after = check + ".after=12.5";
        String kept = check + ".kept=" + NONCE;
        assertThat(reason(check, Mode.PV, before, dom0(check + ".done=7"), after, kept))
                .isEmpty();
        assertThat(reason(check, Mode.PV, before, after, kept)).isEqualTo("dom0 did not say that it was done");
        assertThat(reason(check, Mode.PV, before, dom0(check + ".failed=no memory"), after, kept))
                .isEqualTo("dom0's toolstack said: no memory");
        assertThat(reason(check, Mode.PV, before, dom0(check + ".done=7"), after, check + ".kept=other"))
                .isEqualTo("the guest's memory was not as it had been");
        assertThat(reason(check, Mode.PV, before, dom0(check + ".done=7"), check + ".after=3.5", kept))
                .isEqualTo("the guest's clock went back");
    }

    @Test
    void aShutdownIsObeyed() {
        assertThat(reason("shutdown", Mode.PV, "shutdown.order=poweroff", dom0("shutdown.reason=0")))
                .isEmpty();
        assertThat(reason("shutdown", Mode.PV, "shutdown.order=poweroff", dom0("shutdown.reason=3")))
                .isEqualTo("asked by dom0 to shut down, the guest came down with reason 3 instead of 0");
        assertThat(reason("shutdown", Mode.PV, "shutdown.order=poweroff")).contains("came down with reason none");
        assertThat(reason("shutdown", Mode.PV, "shutdown.order=none"))
                .isEqualTo("asked by dom0 to shut down, the guest heard none");
        assertThat(reason("shutdown", Mode.PV)).contains("heard none");
    }

    @Test
    void aRebootIsObeyedAndTheGuestComesAgain() {
        String order = "reboot.order=reboot";
        assertThat(reason("reboot", Mode.PV, order, dom0("reboot.reason=1"), "reboot.again=6.1"))
                .isEmpty();
        assertThat(reason("reboot", Mode.PV, order, dom0("reboot.reason=1")))
                .isEqualTo("the guest rebooted, and did not come again");
        assertThat(reason("reboot", Mode.PV, order, dom0("reboot.reason=0"), "reboot.again=6.1"))
                .isEqualTo("asked by dom0 to reboot, the guest came down with reason 0 instead of 1");
        assertThat(reason("reboot", Mode.PV, "reboot.order=poweroff"))
                .isEqualTo("asked by dom0 to reboot, the guest heard poweroff");
    }

    @Test
    void aMoveThatTheHypervisorCannotDoSaysNothingOfTheKernel() {
        Finding finding = find("migrate", Mode.PV, dom0("migrate.unable=no shadow paging"), "migrate.kept=" + NONCE);
        assertThat(finding.verdict()).isEqualTo(Verdict.SKIP);
        assertThat(finding.reason()).isEqualTo("no shadow paging");
    }

    @Test
    void aSoakLastsToItsEnd() {
        assertThat(reason("soak", Mode.PV, "soak.until=40.2")).isEmpty();
        assertThat(reason("soak", Mode.PV)).isEqualTo("it did not last");
    }

    // ---- dom0 ----

    private static final String DISK = "backends.served=pvh-guest vbd-3-51728 states=4/4 in=8 out=1104";
    private static final String CARD = "backends.served=pvh-guest vif-3-0 states=4/4 in=8624 out=8736";

    @Test
    void backendsServeAGuest() {
        assertThat(reason("backends", Mode.DOM0_PV, DISK, CARD)).isEmpty();
        assertThat(reason("backends", Mode.DOM0_PV)).startsWith("no guest came so far as to use its disk");
        assertThat(reason("backends", Mode.DOM0_PV, DISK)).isEqualTo("nothing went in through pvh-guest's vif");
        assertThat(reason("backends", Mode.DOM0_PV, DISK, CARD.replace("out=8736", "out=0")))
                .isEqualTo("nothing went out through pvh-guest's vif");
        assertThat(reason("backends", Mode.DOM0_PV, DISK, CARD.replace("4/4", "4/2")))
                .isEqualTo("backend vif-3-0 of pvh-guest is in states 4/2 instead of 4/4");
        assertThat(reason("backends", Mode.DOM0_PV, CARD, DISK.replace("in=8", "in=")))
                .startsWith("a backend cannot be read: pvh-guest vbd-3-51728");
        // A disk that is only read stands beside one that is written to.
        assertThat(reason(
                        "backends",
                        Mode.DOM0_PV,
                        DISK,
                        DISK.replace("51728", "51712").replace("in=8", "in=0"),
                        CARD))
                .isEmpty();
    }

    private static final List<String> HOST = List.of(
            "(XEN) Xen version 4.17.7 (Debian 4.17.7+13) (x86_64-linux-gnu-gcc) debug=n",
            "(XEN) System RAM: 1663MB (1702904kB)",
            "(XEN) Brought up 1 CPUs",
            "xl-info.release=6.1",
            "xl-info.nr_cpus=1",
            "xl-info.total_memory=1663",
            "xl-info.free_memory=555",
            "xl-info.xen_version=4.17.7",
            "xl-info.xen_caps=xen-3.0-x86_64 hvm-3.0-x86_64",
            "xl-info.dom0-memory=1024",
            "xl-info.kernel-release=6.1",
            "xl-info.kernel-version=4.17.7",
            "xl-info.kernel-caps=xen-3.0-x86_64 hvm-3.0-x86_64 ");

    @Test
    void theToolstackIsToldWhatHypervisorAndKernelSay() {
        assertThat(reason("xl-info", Mode.DOM0_PV, HOST.toArray(String[]::new))).isEmpty();
        assertThat(reason("xl-info", Mode.DOM0_PV)).startsWith("xl info: xen_version is nothing under Xen 4.17");
    }

    @Test
    void whereTheHypervisorCountsItsMemoryBeforeItHasAConsoleTheToolstackSaysWhatItCounted() {
        assertThat(reason("xl-info", Mode.DOM0_PVH, arm64("1663"))).isEmpty();
        assertThat(reason("xl-info", Mode.DOM0_PVH, arm64("1263")))
                .contains("total_memory is 1663 MiB, and the hypervisor found 1263");
        assertThat(reason("xl-info", Mode.DOM0_PVH, arm64(""))).contains("the hypervisor found 0");
    }

    private static String[] arm64(String mebibytes) {
        return Stream.concat(
                        HOST.stream().filter(line -> !line.contains("System RAM")),
                        Stream.of("xl-info.hypervisor-memory=" + mebibytes))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xen_version=4.17.7|xen_version=4.20.1|xen_version is 4.20.1 under Xen 4.17",
                "kernel-version=4.17.7|kernel-version=4.17.5|and the kernel says '4.17.5'",
                "Xen version 4.17.7|Xen version 4.17.3|and the hypervisor's banner says '4.17.3'",
                "xl-info.release=6.1|xl-info.release=6.2|release is '6.2', and uname says '6.1'",
                "nr_cpus=1|nr_cpus=2|nr_cpus is '2', and the hypervisor says '1'",
                "kernel-caps=xen-3.0-x86_64|kernel-caps=|xen_caps is 'xen-3.0-x86_64 hvm-3.0-x86_64', and the kernel",
                "total_memory=1663|total_memory=1263|total_memory is 1263 MiB, and the hypervisor found 1663",
                "free_memory=555|free_memory=755|free_memory is 755 MiB beside dom0's 1024 of 1663",
                "dom0-memory=1024|dom0-memory=|the memory cannot be read"
            })
    void whatDiffersIsNamed(String said, String other, String sentence) {
        String[] host = HOST.stream().map(line -> line.replace(said, other)).toArray(String[]::new);
        assertThat(reason("xl-info", Mode.DOM0_PV, host)).contains(sentence);
    }

    @Test
    void nothingIsLeftOfGuestsThatAreGone() {
        String shown = "leaks.grant-tables=1";
        String before = "leaks.free-before=555";
        assertThat(reason("leaks", Mode.DOM0_PV, shown, before, "leaks.free-after=550"))
                .isEmpty();
        assertThat(reason("leaks", Mode.DOM0_PV, shown, before, "leaks.free-after=299"))
                .isEqualTo("of 555 MiB that were free before there were guests, 299 are now");
        assertThat(reason("leaks", Mode.DOM0_PV, "leaks.left=domain 3 ((null))", shown, before, "leaks.free-after=550"))
                .isEqualTo("something is left of guests that are gone: domain 3 ((null))");
        assertThat(reason("leaks", Mode.DOM0_PV, shown, "leaks.grant=(XEN) [0x008] 0", before, "leaks.free-after=550"))
                .isEqualTo("a grant is still in use: (XEN) [0x008] 0");
        assertThat(reason("leaks", Mode.DOM0_PV, "leaks.grant-tables=0", before, "leaks.free-after=550"))
                .isEqualTo("the hypervisor did not show its grant tables");
        assertThat(reason("leaks", Mode.DOM0_PV, shown)).isEqualTo("the free memory cannot be read");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void onlyADom0IsAskedWhenItsGuestsAreGone(Mode mode) {
        assertThat(CheckPlan.STANDARD.goesOnWithGuests(mode)).isEqualTo(mode.isDom0());
        assertThat(CheckPlan.STANDARD.cmdline(mode).contains(" farm.late=backends,xl-info,leaks "))
                .isEqualTo(mode.isDom0());
        assertThat(CheckPlan.NONE.goesOnWithGuests(mode)).isFalse();
    }

    @Test
    void whatOnlyWaitsIsAskedOfADom0BesideItsGuests() {
        CheckPlan clock = CheckPlan.NONE.with(Map.of(
                Mode.DOM0_PV,
                List.of("disk", "clock"),
                Mode.DOM0_PVH,
                List.of("disk"),
                Mode.PV,
                List.of("disk", "clock")));
        assertThat(clock.cmdline(Mode.DOM0_PV)).isEqualTo("farm.checks=disk farm.beside=clock farm.soak=30");
        assertThat(clock.goesOnWithGuests(Mode.DOM0_PV)).isTrue();
        assertThat(clock.goesOnWithGuests(Mode.DOM0_PVH)).isFalse();
        assertThat(clock.cmdline(Mode.PV)).isEqualTo("farm.checks=disk,clock farm.soak=30");
        assertThat(clock.goesOnWithGuests(Mode.PV)).isFalse();
    }

    @Test
    void whoHasOnlyWhatIsAskedLaterHasNothingToAskBefore() {
        assertThat(CheckPlan.NONE.with(Map.of(Mode.DOM0_PV, List.of("leaks"))).cmdline(Mode.DOM0_PV))
                .isEqualTo("farm.late=leaks farm.soak=30");
    }

    // ---- the kernel's log ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[    1.0] WARNING: CPU: 0 PID: 1 at kernel/foo.c:12 foo+0x1/0x2",
                "[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008",
                "[    1.0] Oops: 0000 [#1] PREEMPT SMP NOPTI",
                "[    1.0] general protection fault, probably for non-canonical address 0xdead: 0000 [#1]",
                "[    1.0] rcu: INFO: rcu_sched self-detected stall on CPU",
                "[    1.0] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [swapper/0:1]",
                "[    1.0] INFO: task init:1 blocked for more than 120 seconds.",
                "[    1.0] BUG: KASAN: use-after-free in foo+0x1/0x2",
                "[    1.0] UBSAN: shift-out-of-bounds in foo.c:1:2",
                "[    1.0] WARNING: possible circular locking dependency detected",
                "[    1.0] Out of memory: Killed process 1 (init)"
            })
    void whatTheKernelComplainsOfIsFound(String line) {
        Finding finding = KernelLog.judge(List.of("[    0.0] Linux version 6.1", line), false, List.of());
        assertThat(finding.reason()).isEqualTo("the kernel complained: " + line);
        assertThat(finding.evidence()).singleElement().satisfies(one -> assertThat(one.line())
                .isEqualTo(2));
        assertThat(KernelLog.judge(List.of("(d3) " + line), true, List.of()).reason())
                .isNotEmpty();
        // Of another domain, or the hypervisor: not this kernel's.
        assertThat(KernelLog.judge(List.of("(d3) " + line, "(XEN) " + line), false, List.of())
                        .reason())
                .isEmpty();
        IgnoredLine known = new IgnoredLine(Pattern.compile(Pattern.quote(line)), "harmless", "#1");
        assertThat(KernelLog.judge(List.of(line), false, List.of(known)).reason())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[    1.0] ACPI: bus type USB registered",
                "[    1.0] pstore: Using crash dump compression: deflate",
                "[    1.0] NMI watchdog: Perf NMI watchdog permanently disabled",
                "[    2.0] farm:00c0ffee00c0ffee:dmesg=BUG: none"
            })
    void whatTheKernelTellsIsNoComplaint(String line) {
        assertThat(KernelLog.judge(List.of(line), false, List.of()).reason()).isEmpty();
    }

    private static String dom0(String answer) {
        return "dom0 " + answer;
    }

    private static String reason(String check, Mode mode, String... answers) {
        return find(check, mode, answers).reason();
    }

    private static Finding find(String check, Mode mode, String... answers) {
        Cell cell = new Cell(mode, "xen-4.17", "bios", "qemu", true);
        BootWatch watch = BootWatch.ofMachine(cell, NONCE, Path.of("console.log"), (ignored, state) -> {});
        for (String answer : answers) {
            if (answer.startsWith("dom0 ")) {
                watch.dom0Answer(answer.substring("dom0 ".length()));
            } else if (answer.startsWith("(XEN) ")) {
                watch.line(answer);
            } else {
                watch.line("[    5.5] farm:" + NONCE + ":" + answer);
            }
        }
        return Checks.of(check).judge(new Answers(check, mode, watch));
    }
}
