package io.kernelfarm.bootmatrix.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is special about QEMU's machines of one processor. All that is known of that stands here.
 *
 * @param program of Debian's, which emulates them
 * @param debian the package that has it
 * @param type of the machine that plain kernels boot on; empty for the emulator's own choice
 * @param cpu that is emulated for a plain kernel
 * @param hypervisorType as {@code type}, for a machine that a hypervisor boots on
 * @param hypervisorCpu as {@code cpu}, likewise
 * @param dom0Virtio what virtio devices are told where Xen's dom0 has them
 * @param console the first serial line
 * @param hasControlLine whether there is a second one
 * @param cmdline what an emulated kernel needs on its command line
 * @param uefi the firmware: its program, and the variables that a machine starts with; empty where the farm has no use for it
 */
record QemuBoard(
        Processor processor,
        Path program,
        String debian,
        Optional<String> type,
        String cpu,
        Optional<String> hypervisorType,
        String hypervisorCpu,
        String dom0Virtio,
        SerialLine console,
        boolean hasControlLine,
        String cmdline,
        List<Path> uefi) {

    /** A PC. AMD's {@code qemu64}, because that is the CPU that real Xen ran on without a fault. */
    private static final QemuBoard PC = new QemuBoard(
            Processor.X86_64,
            Path.of("/usr/bin/qemu-system-x86_64"),
            "qemu-system-x86",
            Optional.empty(),
            "qemu64",
            Optional.empty(),
            "qemu64,+svm,+npt",
            "",
            SerialLine.FIRST,
            true,
            // On a busy host an emulated timer may tick too late for the kernel's test of it, which then panics:
            // "IO-APIC +
            // timer doesn't work!" (arch/x86/kernel/apic/io_apic.c). With KVM, kernels leave the test out themselves.
            "no_timer_check",
            List.of(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd"), Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd")));

    /**
     * The board that QEMU made up for virtual machines. Its UEFI firmware takes no gzipped image from the emulator, so it boots as the
     * kernel's Documentation/arm64/booting.rst says, with a device tree.
     */
    private static final QemuBoard VIRT = new QemuBoard(
            Processor.ARM64,
            Path.of("/usr/bin/qemu-system-aarch64"),
            "qemu-system-arm",
            Optional.of("virt,gic-version=3"),
            "cortex-a57",
            Optional.of("virt,gic-version=3,virtualization=on"),
            "cortex-a57",
            // Xen 4.17 gives dom0 no controller for message-signalled interrupts, and Linux warns of each device that
            // has them.
            ",vectors=0",
            SerialLine.PL011,
            false,
            "",
            List.of());

    /** Where dom0's kernel and initramfs are put in the memory of {@link #VIRT}, which begins at 1 GiB: above Xen, and apart. */
    private static final String DOM0_KERNEL = "0x4a000000";

    private static final String DOM0_INITRD = "0x50000000";

    /**
     * The arguments that have Xen, which is loaded as a kernel, find its dom0. In each value commas are doubled.
     *
     * @param cmdline of dom0's kernel
     */
    List<String> dom0(String kernel, String cmdline, String initrd) {
        return switch (processor) {
            // Multiboot modules: "file arguments" separated by commas.
            case X86_64 -> List.of("-initrd", kernel + " " + cmdline + "," + initrd);
            // Modules in the device tree: docs/system/guest-loader.rst in QEMU's source,
            // docs/misc/arm/device-tree/booting.txt in Xen's.
            case ARM64 ->
                List.of(
                        "-device",
                        "guest-loader,addr=" + DOM0_KERNEL + ",kernel=" + kernel + ",bootargs=" + cmdline,
                        "-device",
                        "guest-loader,addr=" + DOM0_INITRD + ",initrd=" + initrd);
        };
    }

    static QemuBoard of(Processor processor) {
        return switch (processor) {
            case X86_64 -> PC;
            case ARM64 -> VIRT;
        };
    }
}
