package io.kernelfarm.bootmatrix.verdict;

import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import io.kernelfarm.bootmatrix.machine.Processor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the kernel found itself in the mode that was asked for. The kernel's banner (arch/x86/kernel/paravirt.c,
 * arch/x86/xen/enlighten_*.c; on arm64, which has none for Xen, arch/arm64/kernel/setup.c) and {@code /sys/hypervisor/guest_type} both have
 * to agree; dom0 and guests are told apart by {@code control_d} in xenfs' capabilities.
 */
final class ModeProof {

    static final String NAME = "mode-proof";

    private static final Pattern BANNER =
            Pattern.compile("Booting (?:(?:paravirtualized )?kernel on (.+)|Linux on (physical CPU) )");
    /** arch/x86/kernel/cpu/hypervisor.c; arch/arm/xen/enlighten.c. */
    private static final Pattern DETECTED =
            Pattern.compile("Hypervisor detected: (.+)|(Xen) \\d+\\.\\d+\\S* support found");

    /**
     * What a mode looks like from inside.
     *
     * @param banner what the kernel says it boots on
     * @param hypervisor what it detected; empty for none
     * @param unplugs whether it has the hypervisor take emulated disks away. A kernel built without XEN_PVHVM_GUEST calls
     *     itself a Xen HVM guest all the same, in the banner and in sysfs; this it cannot do (platform-pci-unplug.c)
     * @param guestType of {@code /sys/hypervisor/guest_type}; {@code absent} where there is none
     */
    record Marks(String banner, String hypervisor, String guestType, boolean controlDomain, boolean unplugs) {}

    private ModeProof() {}

    static Marks expected(Mode mode, Processor processor) {
        return processor == Processor.ARM64 ? ofArm64(mode) : ofX86(mode);
    }

    /** Xen's domains on arm64 say HVM (drivers/xen/sys-hypervisor.c), whatever Xen's tools call them. */
    private static Marks ofArm64(Mode mode) {
        boolean xen = mode != Mode.METAL;
        return new Marks("physical CPU", xen ? "Xen" : "", xen ? "HVM" : "absent", mode.isDom0(), false);
    }

    private static Marks ofX86(Mode mode) {
        return switch (mode) {
            case METAL -> new Marks("bare hardware", "", "absent", false, false);
            case DOM0_PV -> new Marks("Xen", "Xen PV", "PV", true, false);
            case DOM0_PVH -> new Marks("Xen PVH", "Xen HVM", "PVH", true, false);
            case PV -> new Marks("Xen", "Xen PV", "PV", false, false);
            case PVH -> new Marks("Xen PVH", "Xen HVM", "PVH", false, false);
            case HVM -> new Marks("bare hardware", "Xen HVM", "absent", false, false);
            case PVHVM -> new Marks("Xen HVM", "Xen HVM", "HVM", false, true);
        };
    }

    /**
     * Checks the mode.
     *
     * @param since seconds into the boot at which the check began
     */
    static CheckResult check(Mode mode, Processor processor, BootWatch watch, double since) {
        List<Evidence> evidence = new ArrayList<>();
        double at = since;
        String banner = "";
        String hypervisor = "";
        String guestType = "";
        boolean controlDomain = false;
        boolean unplugs = false;
        for (Answer answer : watch.answers("dmesg")) {
            Matcher isBanner = BANNER.matcher(answer.value());
            Matcher isDetected = DETECTED.matcher(answer.value());
            if (isBanner.find()) {
                banner = found(isBanner);
                evidence.add(0, answer.line()); // It says most.
            } else {
                if (isDetected.find()) {
                    hypervisor = found(isDetected);
                }
                unplugs |= answer.value().contains("unplug emulated disks");
                evidence.add(answer.line());
            }
            at = answer.at();
        }
        for (Answer answer : watch.answers("guest_type")) {
            guestType = answer.value().strip();
            evidence.add(answer.line());
            at = answer.at();
        }
        for (Answer answer : watch.answers("capabilities")) {
            controlDomain |= answer.value().contains("control_d");
            evidence.add(answer.line());
            at = answer.at();
        }
        Marks found = new Marks(banner, hypervisor, guestType, controlDomain, unplugs);
        Marks expected = expected(mode, processor);
        String reason = found.equals(expected) ? "" : difference(mode, expected, found);
        return new CheckResult(NAME, reason.isEmpty() ? Verdict.PASS : Verdict.FAIL, at - since, reason, evidence);
    }

    /** The banner on the console of a boot that never came to answer, if it names another mode. */
    static Optional<Evidence> wrongBanner(Mode mode, Processor processor, BootWatch watch) {
        return watch.firstLine(BANNER).filter(line -> {
            Matcher banner = BANNER.matcher(line.text());
            return banner.find()
                    && !found(banner).equals(expected(mode, processor).banner());
        });
    }

    /** What one of a pattern's two ways found. */
    private static String found(Matcher matcher) {
        return (matcher.group(1) == null ? matcher.group(2) : matcher.group(1)).strip();
    }

    private static String difference(Mode mode, Marks expected, Marks found) {
        if (found.banner().isEmpty()) {
            return "the kernel did not say what it booted on";
        }
        List<String> differences = new ArrayList<>();
        differ(differences, "it boots on", expected.banner(), found.banner());
        differ(differences, "the hypervisor detected is", orNone(expected.hypervisor()), orNone(found.hypervisor()));
        differ(differences, "guest_type is", expected.guestType(), found.guestType());
        if (expected.controlDomain() != found.controlDomain()) {
            differences.add(found.controlDomain() ? "it is the control domain" : "it is not the control domain");
        }
        if (expected.unplugs() != found.unplugs()) {
            differences.add(found.unplugs() ? "it unplugs emulated disks" : "it does not unplug emulated disks");
        }
        return "not in mode " + mode + ": " + String.join("; ", differences);
    }

    private static void differ(List<String> differences, String what, String expected, String found) {
        if (!expected.equals(found)) {
            differences.add(what + " '" + found + "' instead of '" + expected + "'");
        }
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "none" : value;
    }
}
