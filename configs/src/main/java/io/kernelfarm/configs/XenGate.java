package io.kernelfarm.configs;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a kernel must have to serve bare metal, Xen dom0, and guests of every kind that its architecture has with one image. The
 * list comes from the options of drivers/xen, arch/x86/xen and arch/arm64, and from what distributions with Xen build.
 */
public final class XenGate {
    private static final List<Rule> RULES = List.of(
            builtIn("PARAVIRT", "one image can choose its mode at boot only with it"),
            builtIn("XEN", "the kernel does not know Xen without it"),
            builtIn("XEN_DOM0", "a dom0 with this kernel dies at once without it"),
            builtIn("SWIOTLB_XEN", "a dom0 whose memory is not contiguous for the machine cannot do DMA without it"),
            builtIn("XEN_BACKEND", "dom0 cannot serve disks and networks to guests without it"),
            present("XEN_BLKDEV_BACKEND", "dom0 cannot serve disks from the kernel without it"),
            present("XEN_NETDEV_BACKEND", "dom0 cannot serve networks without it"),
            builtIn("XEN_EFI", "dom0 on EFI firmware cannot reach the firmware's services without it"),
            builtIn("XEN_BALLOON", "a domain's memory cannot be changed while it runs without it"),
            builtIn("XEN_BALLOON_MEMORY_HOTPLUG", "a domain cannot grow beyond the memory it booted with without it"),
            builtIn(
                    "XEN_UNPOPULATED_ALLOC",
                    "dom0 gives up memory of its own for each page of a guest it maps without it"),
            builtIn("XEN_SYS_HYPERVISOR", "/sys/hypervisor, which proves the mode, is missing without it"),
            present("XENFS", "Xen's tools talk to the kernel through it"),
            builtIn("XEN_COMPAT_XENFS", "/proc/xen/capabilities, which tells dom0 from a guest, is missing without it"),
            present("XEN_DEV_EVTCHN", "xenstored and the device models receive events through it"),
            present("XEN_GNTDEV", "backends in user space map guests' pages through it"),
            present("XEN_GRANT_DEV_ALLOC", "user space shares pages with other domains through it"),
            present("XEN_PRIVCMD", "Xen's tools make hypercalls through it"),
            builtIn("HVC_XEN", "a domain has no console without it"),
            builtIn("HVC_XEN_FRONTEND", "a domain has only its first console without it"),
            present("XEN_BLKDEV_FRONTEND", "pv and pvh guests have no disk without it"),
            present("XEN_NETDEV_FRONTEND", "pv and pvh guests have no network without it"));

    private static final List<Rule> RULES_OF_X86_64 = List.of(
            builtIn("64BIT", "Linux has Xen PV, and so dom0, in 64 bits only"),
            builtIn("HYPERVISOR_GUEST", "no support for any hypervisor is offered without it"),
            builtIn("PARAVIRT_SPINLOCKS", "virtual CPUs otherwise spin for locks whose holder is not running"),
            builtIn("XEN_PV", "pv and dom0-pv have no way into the kernel without it"),
            builtIn("XEN_512GB", "Xen's tools may not cope with PV domains of more memory"),
            builtIn("XEN_PVHVM_GUEST", "pvhvm becomes plain hvm without it: emulated disks and network only"),
            builtIn("XEN_PVH", "pvh has no way into the kernel without it"),
            builtIn("PCI_XEN", "dom0 gets no PCI interrupts without it"),
            present("TUN", "dom0 cannot give fully virtualized guests an emulated network card without it"),
            present("XEN_ACPI_PROCESSOR", "Xen learns nothing of the processors' power states without it"),
            builtIn("HIBERNATE_CALLBACKS", "a guest cannot be saved or migrated without it"),
            new Rule(
                    "KERNEL_ZSTD",
                    List.of("n"),
                    "Xen 4.14 cannot unpack a zstd image for dom0; KERNEL_GZIP works everywhere"));

    private XenGate() {}

    /**
     * A rule that a configuration breaks.
     *
     * @param option without {@code CONFIG_}
     * @param wanted the values that would do, for example {@code y or m}
     * @param got the value it has; {@code n} if it is not set
     * @param reason what goes wrong, without a full stop
     */
    public record Finding(String option, String wanted, String got, String reason) {
        /** All of it in one sentence. */
        public String sentence() {
            return "CONFIG_" + option + " is " + got + " and should be " + wanted + ": " + reason;
        }
    }

    private record Rule(String option, List<String> allowed, String reason) {}

    private static Rule builtIn(String option, String reason) {
        return new Rule(option, List.of("y"), reason);
    }

    private static Rule present(String option, String reason) {
        return new Rule(option, List.of("y", "m"), reason);
    }

    /**
     * What {@code config} lacks for a unified Xen kernel of {@code arch}; nothing if it has all of it.
     *
     * @param arch the kernel's {@code ARCH}, for example {@code x86_64}
     */
    public static List<Finding> check(DotConfig config, String arch) {
        return Stream.concat(RULES.stream(), arch.equals("x86_64") ? RULES_OF_X86_64.stream() : Stream.empty())
                .filter(rule -> !rule.allowed().contains(config.value(rule.option())))
                .map(rule -> new Finding(
                        rule.option(), String.join(" or ", rule.allowed()), config.value(rule.option()), rule.reason()))
                .toList();
    }
}
