package io.kernelfarm.bootmatrix.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.machine.Processor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModeProofTest {

    private static final String NONCE = "00c0ffee00c0ffee";

    private static final String UNPLUG =
            "dmesg=[    0.000000] platform_pci_unplug: Blkfront and the Xen platform PCI driver"
                    + " have been compiled for this kernel: unplug emulated disks.";

    /** What the farm's first process says of its kernel; null where it says nothing. Taken from real boots of Linux 6.1. */
    private record Console(String detected, String banner, String guestType, String capabilities) {

        static Console of(Mode mode) {
            return switch (mode) {
                case METAL -> new Console(null, "Booting paravirtualized kernel on bare hardware", "absent", null);
                case DOM0_PV -> new Console("Xen PV", "Booting kernel on Xen", "PV", "control_d");
                case DOM0_PVH -> new Console("Xen HVM", "Booting kernel on Xen PVH", "PVH", "control_d");
                case PV -> new Console("Xen PV", "Booting kernel on Xen", "PV", "");
                case PVH -> new Console("Xen HVM", "Booting kernel on Xen PVH", "PVH", "");
                case HVM -> new Console("Xen HVM", "Booting paravirtualized kernel on bare hardware", "absent", null);
                case PVHVM -> new Console("Xen HVM", "Booting paravirtualized kernel on Xen HVM", "HVM", "");
            };
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            if (detected != null) {
                lines.add("dmesg=[    0.000000] Hypervisor detected: " + detected);
            }
            if (banner != null) {
                lines.add("dmesg=[    0.050323] " + banner);
            }
            if ("HVM".equals(guestType)) {
                lines.add(UNPLUG);
            }
            lines.add("dmesg=[    0.076716] xen:events: Xen HVM callback vector for event delivery is enabled");
            if (guestType != null) {
                lines.add("guest_type=" + guestType);
            }
            if (capabilities != null) {
                lines.add("capabilities=" + capabilities);
            }
            return lines;
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aKernelInTheModeAskedForIsProved(Mode mode) {
        CheckResult check = check(mode, Console.of(mode));
        assertThat(check.reason()).isEmpty();
        assertThat(check.verdict()).isEqualTo(Verdict.PASS);
        assertThat(check.evidence())
                .extracting(Evidence::text)
                .anyMatch(line -> line.contains(Console.of(mode).banner()))
                .anyMatch(line -> line.contains("guest_type=" + Console.of(mode).guestType()));
    }

    @Test
    void aKernelWithoutPvhvmCallsItselfAXenHvmGuestAllTheSameAndIsNotBelieved() {
        List<String> lines = new ArrayList<>(Console.of(Mode.PVHVM).lines());
        lines.remove(UNPLUG);

        CheckResult check = check(Mode.PVHVM, lines);

        assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(check.reason()).isEqualTo("not in mode pvhvm: it does not unplug emulated disks");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noModePassesForAnother(Mode asked, Mode found) {
        CheckResult check = check(asked, Console.of(found));
        assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(check.reason()).startsWith("not in mode " + asked + ": ");
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Mode.values()).flatMap(asked -> Arrays.stream(Mode.values())
                .filter(found -> found != asked)
                .map(found -> Arguments.of(asked, found)));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void eachMarkAloneDecides(Mode mode) {
        Console right = Console.of(mode);

        Console otherHypervisor = new Console("KVM", right.banner(), right.guestType(), right.capabilities());
        assertFails(mode, otherHypervisor, "the hypervisor detected is 'KVM'");

        Console otherBanner =
                new Console(right.detected(), "Booting kernel on Elsewhere", right.guestType(), right.capabilities());
        assertFails(mode, otherBanner, "it boots on 'Elsewhere'");

        Console noBanner = new Console(right.detected(), null, right.guestType(), right.capabilities());
        assertFails(mode, noBanner, "the kernel did not say what it booted on");

        Console otherType = new Console(right.detected(), right.banner(), "XYZ", right.capabilities());
        assertFails(mode, otherType, "guest_type is 'XYZ'");

        Console noType = new Console(right.detected(), right.banner(), null, right.capabilities());
        assertFails(mode, noType, "guest_type is ''");

        boolean dom0 = mode.isDom0();
        Console otherRights = new Console(right.detected(), right.banner(), right.guestType(), dom0 ? "" : "control_d");
        assertFails(mode, otherRights, dom0 ? "it is not the control domain" : "it is the control domain");
    }

    /** Said by Linux 6.1 on arm64, on a bare machine and under Xen 4.17. */
    @ParameterizedTest
    @CsvSource({
        "METAL,    '', absent, ,          METAL",
        "DOM0_PVH, ' Xen 4.17 support found', HVM, control_d, DOM0_PVH",
        "PVH,      ' Xen 4.17 support found', HVM, '',        PVH",
        "METAL,    ' Xen 4.17 support found', HVM, '',        ",
        "PVH,      ' Xen 4.17 support found', HVM, control_d, ",
        "DOM0_PVH, ' Xen 4.17 support found', HVM, '',        ",
        "PVH,      '', absent, ,          ",
        "METAL,    ' Xen 4.17 support found', absent, ,       "
    })
    void onArm64TheKernelSaysWhetherItFoundXen(
            Mode asked, String xen, String guestType, String capabilities, Mode proved) {
        List<String> lines = new ArrayList<>(
                List.of("dmesg=[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd070]"));
        lines.add("dmesg=[    0.000000]" + xen);
        lines.add("guest_type=" + guestType);
        if (capabilities != null) {
            lines.add("capabilities=" + capabilities);
        }

        CheckResult check = check(asked, Processor.ARM64, lines);

        assertThat(check.verdict()).isEqualTo(asked == proved ? Verdict.PASS : Verdict.FAIL);
        assertThat(check.reason()).startsWith(asked == proved ? "" : "not in mode " + asked + ": ");
        assertThat(check(Mode.METAL, lines).verdict()).as("no kernel of x86").isEqualTo(Verdict.FAIL);
    }

    @Test
    void aBannerThatDoesNotBearTheNonceIsNoMark() {
        BootWatch watch = watch(Mode.METAL);
        watch.line("[    0.066250] Booting paravirtualized kernel on bare hardware");
        watch.line("farm:" + NONCE + ":guest_type=absent");
        assertThat(ModeProof.check(Mode.METAL, Processor.X86_64, watch, 0).reason())
                .isEqualTo("the kernel did not say what it booted on");
    }

    private static void assertFails(Mode mode, Console console, String why) {
        CheckResult check = check(mode, console);
        assertThat(check.verdict()).as(why).isEqualTo(Verdict.FAIL);
        assertThat(check.reason()).contains(why);
    }

    private static CheckResult check(Mode mode, Console console) {
        return check(mode, console.lines());
    }

    private static CheckResult check(Mode mode, List<String> lines) {
        return check(mode, Processor.X86_64, lines);
    }

    private static CheckResult check(Mode mode, Processor processor, List<String> lines) {
        BootWatch watch = watch(mode);
        lines.forEach(line -> watch.line("[    5.567972] farm:" + NONCE + ":" + line));
        return ModeProof.check(mode, processor, watch, 0);
    }

    private static BootWatch watch(Mode mode) {
        Cell cell = new Cell(mode, "xen-4.17", "bios", "qemu", true);
        return BootWatch.ofMachine(cell, NONCE, Path.of("log"), (ignored, state) -> {});
    }
}
