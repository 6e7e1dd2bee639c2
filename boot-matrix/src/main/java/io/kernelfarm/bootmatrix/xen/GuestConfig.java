package io.kernelfarm.bootmatrix.xen;

import io.kernelfarm.bootmatrix.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text of a guest's configuration file for the xl toolstack (xl.cfg(5)). Paths in it are dom0's.
 *
 * @param name of the domain
 * @param cmdline of the guest's kernel; unused where a boot disk carries it
 * @param dataDevice dom0's block device with the data disk, for example {@code /dev/vdc}
 * @param bootDevice dom0's block device with the boot disk, for the modes that boot from one
 * @param network the number of the guest's network: dom0 is 10.99.NUMBER.1 in it
 * @param vcpus its virtual processors
 */
record GuestConfig(
        String name,
        Mode mode,
        String cmdline,
        String dataDevice,
        Optional<String> bootDevice,
        int network,
        int vcpus) {

    /** MiB; enough for any distribution's kernel with the farm's initramfs. */
    static final int MEMORY_MIB = 256;

    /** Of the hypervisor's scheduler, which gives 256 to dom0 and whoever has none of his own. */
    private static final int LIGHT = 64;

    String render() {
        List<String> lines = new ArrayList<>(List.of(
                "name = \"" + name + "\"",
                "memory = " + MEMORY_MIB,
                "vcpus = " + vcpus,
                // Emulating the time-stamp counter costs an exit for each look at the clock.
                "tsc_mode = \"native\"",
                "on_reboot = \"destroy\"",
                "on_crash = \"destroy\"",
                "vif = [ 'ip=10.99." + network + ".1,"
                        + (mode == Mode.HVM ? "type=ioemu,model=e1000,script=farm-tap" : "type=vif,script=farm-vif")
                        + "' ]"));
        switch (mode) {
            case PV, PVH ->
                lines.addAll(List.of(
                        // Beside one that takes longer it waits, and fills the gaps in which that one does.
                        "cpu_weight = " + LIGHT,
                        "type = \"" + mode.id() + "\"",
                        "kernel = \"/run/payload/vmlinuz\"",
                        "ramdisk = \"/run/payload/initrd.gz\"",
                        "extra = \"" + cmdline + "\"",
                        disks(disk("xvdb", dataDevice))));
            case HVM, PVHVM -> {
                // Firmware reads AHCI and SCSI by DMA; its programmed I/O on IDE takes minutes in an emulated guest. Of
                // the two
                // the device model takes away SCSI when the kernel asks for it, and so shows that it did.
                String bus = mode == Mode.HVM ? "hd" : "sd";
                lines.addAll(List.of(
                        "type = \"hvm\"",
                        "boot = \"c\"",
                        "hdtype = \"ahci\"",
                        "vnc = 0",
                        "nographic = 1",
                        disks(disk(bus + "a", bootDevice.orElseThrow()), disk(bus + "b", dataDevice))));
            }
            default -> throw new IllegalArgumentException(mode + " is not a guest's mode");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String disks(String... disks) {
        return "disk = [ " + String.join(", ", disks) + " ]";
    }

    private static String disk(String name, String device) {
        return "'format=raw,vdev=" + name + ",access=rw,backendtype=phy,script=farm-block,target=" + device + "'";
    }
}
