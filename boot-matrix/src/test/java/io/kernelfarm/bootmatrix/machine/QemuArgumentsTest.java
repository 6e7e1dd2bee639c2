package io.kernelfarm.bootmatrix.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What QEMU is asked for; nothing is turned on here. */
class QemuArgumentsTest {

    private static final List<Path> SERIAL = List.of(Path.of("/run/s,0"), Path.of("/run/s1"));

    private static final QemuBoard PC = QemuBoard.of(Processor.X86_64);

    private static final Path LOADER = Path.of("/l,oader");

    @TempDir
    private Path folder;

    @Test
    void aPlainKernelIsGivenAsItIs() {
        List<String> arguments = QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE);

        assertThat(valueOf(arguments, "-kernel")).isEqualTo("/b,1/vmlinuz");
        assertThat(valueOf(arguments, "-append")).isEqualTo("no_timer_check console=ttyS0,115200 quiet");
        assertThat(valueOf(arguments, "-initrd")).isEqualTo("/b,1/initrd.gz");
        assertThat(valueOf(arguments, "-cpu")).isEqualTo("qemu64");
        assertThat(valueOf(arguments, "-m")).isEqualTo("512");
    }

    @Test
    void underAHypervisorKernelAndInitramfsAreModulesAndTheirCommasDoubled() {
        BootMedia.Hypervisor xen = new BootMedia.Hypervisor(Path.of("/x,en"), "com1=115200,8n1");
        List<String> arguments = QemuMachine.arguments(PC, media(Optional.of(xen)), SERIAL, LOADER, Acceleration.NONE);

        assertThat(valueOf(arguments, "-kernel")).isEqualTo("/x,en");
        assertThat(valueOf(arguments, "-append")).isEqualTo("com1=115200,8n1");
        assertThat(valueOf(arguments, "-initrd"))
                .isEqualTo("/b,,1/vmlinuz console=ttyS0,,115200 quiet,/b,,1/initrd.gz");
        assertThat(valueOf(arguments, "-cpu")).as("HVM guests need nested SVM").isEqualTo("qemu64,+svm,+npt");
    }

    @Test
    void disksComeInTheirOrderAndOnlyTheKeptAreWritten() {
        assertThat(valuesOf(
                        QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE),
                        "-drive"))
                .containsExactly(
                        "file=/d,,1.img,if=none,id=disk0,format=raw,cache=unsafe,snapshot=on",
                        "file=/d2.img,if=none,id=disk1,format=raw,cache=unsafe,snapshot=off");
        assertThat(valuesOf(
                        QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE),
                        "-device"))
                .containsExactly("virtio-rng-pci", "virtio-blk-pci,drive=disk0", "virtio-blk-pci,drive=disk1");
    }

    @Test
    void serialLinesGoToTheSocketsInTheirOrder() {
        List<String> arguments = QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE);
        assertThat(valuesOf(arguments, "-chardev"))
                .containsExactly("socket,id=serial0,path=/run/s,,0", "socket,id=serial1,path=/run/s1");
        assertThat(valuesOf(arguments, "-serial")).containsExactly("chardev:serial0", "chardev:serial1");
    }

    @Test
    void theMachineIsEmulatedOnOneProcessorAndAResetEndsIt() {
        List<String> arguments = QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE);
        assertThat(valueOf(arguments, "-accel")).isEqualTo("tcg");
        assertThat(valueOf(arguments, "-smp")).isEqualTo("1");
        assertThat(arguments).contains("-no-reboot", "-nodefaults", "-no-user-config");
    }

    @Test
    void aPlainMachineIsTheEmulatorsOwn() {
        assertThat(QemuMachine.arguments(PC, media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE))
                .doesNotContain("-machine", "amd-iommu");
    }

    @Test
    void hardwareVirtualizationIsUsedForWhatItCarries() {
        BootMedia bare = media(Optional.empty());
        BootMedia xen = media(new BootMedia.Platform(false, false));
        assertThat(accelerated(bare, Acceleration.KVM)).containsExactly("kvm", "host");
        assertThat(accelerated(xen, Acceleration.KVM)).containsExactly("tcg", "qemu64,+svm,+npt");
        assertThat(accelerated(xen, Acceleration.NESTED_KVM)).containsExactly("kvm", "host");
    }

    private static List<String> accelerated(BootMedia media, Acceleration acceleration) {
        List<String> arguments = QemuMachine.arguments(PC, media, SERIAL, LOADER, acceleration);
        return List.of(valueOf(arguments, "-accel"), valueOf(arguments, "-cpu"));
    }

    @Test
    void whatAVersionCannotEmulateIsKnownBeforeItIsTried() {
        Path binary = Path.of("qemu");
        QemuMachine good = QemuMachine.of(binary, "QEMU emulator version 7.2.22 (Debian)", Acceleration.NONE);
        QemuMachine bad = QemuMachine.of(binary, "QEMU emulator version 10.0.2 (Debian)", Acceleration.NONE);
        QemuMachine kvm = QemuMachine.of(binary, "QEMU emulator version 10.0.2 (Debian)", Acceleration.NESTED_KVM);
        for (Mode mode : Mode.values()) {
            Cell cell = new Cell(mode, "xen-4.17", "bios", "qemu", true);
            assertThat(good.obstacle(cell)).as(mode.id()).isEmpty();
            assertThat(kvm.obstacle(cell)).as(mode.id()).isEmpty();
            boolean assisted = mode != Mode.METAL && mode != Mode.DOM0_PV && mode != Mode.PV;
            assertThat(bad.obstacle(cell).isPresent()).as(mode.id()).isEqualTo(assisted);
        }
        assertThat(bad.obstacle(new Cell(Mode.PVH, "xen-4.17", "bios", "qemu", true)))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("QEMU emulator version 10.0.2 (Debian) without KVM ends every pvh kernel at its"));
        assertThat(kvm.description()).isEqualTo("QEMU emulator version 10.0.2 (Debian), KVM");
    }

    @Test
    void anArm64MachineIsABoardOfItsOwn() {
        List<String> arguments = QemuMachine.arguments(
                QemuBoard.of(Processor.ARM64), media(Optional.empty()), SERIAL, LOADER, Acceleration.NONE);

        assertThat(valueOf(arguments, "-machine")).isEqualTo("virt,gic-version=3");
        assertThat(valueOf(arguments, "-cpu")).isEqualTo("cortex-a57");
        assertThat(valueOf(arguments, "-append")).isEqualTo("console=ttyS0,115200 quiet");
    }

    @Test
    void onArm64XenFindsItsDom0InTheDeviceTree() {
        BootMedia.Hypervisor xen = new BootMedia.Hypervisor(Path.of("/xen"), "console=dtuart");
        List<String> arguments = QemuMachine.arguments(
                QemuBoard.of(Processor.ARM64), media(Optional.of(xen)), SERIAL, LOADER, Acceleration.NONE);

        assertThat(valueOf(arguments, "-machine")).isEqualTo("virt,gic-version=3,virtualization=on");
        assertThat(valueOf(arguments, "-kernel")).isEqualTo("/xen");
        assertThat(arguments).doesNotContain("-initrd");
        assertThat(valuesOf(arguments, "-device"))
                .contains("virtio-blk-pci,drive=disk0,vectors=0")
                .anyMatch(device -> device.matches(
                        "guest-loader,addr=0x[0-9a-f]+,kernel=/b,,1/vmlinuz,bootargs=console=ttyS0,,115200 quiet"))
                .anyMatch(device -> device.matches("guest-loader,addr=0x[0-9a-f]+,initrd=/b,,1/initrd.gz"));
    }

    @Test
    void aPvhDom0GetsAnIommu() {
        BootMedia media = media(new BootMedia.Platform(false, true));
        List<String> arguments = QemuMachine.arguments(PC, media, SERIAL, LOADER, Acceleration.NONE);
        assertThat(valueOf(arguments, "-machine")).isEqualTo("q35");
        assertThat(valuesOf(arguments, "-device"))
                .contains("amd-iommu", "virtio-blk-pci,drive=disk0,disable-legacy=on,iommu_platform=on");
    }

    @Test
    void uefiLoadsXenFromADiskThatIsNoneOfDom0s() {
        BootMedia media = media(new BootMedia.Platform(true, false));
        List<String> arguments = QemuMachine.arguments(PC, media, SERIAL, LOADER, Acceleration.NONE);
        assertThat(arguments).doesNotContain("-kernel", "-append", "-initrd");
        assertThat(valuesOf(arguments, "-drive"))
                .contains("file=/l,,oader,if=none,id=loader,format=raw,snapshot=on")
                .filteredOn(drive -> drive.contains("if=pflash"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vmlinuz", "initrd", "xen", "disk"})
    void aMissingBootFileIsNamed(String missing) throws IOException {
        for (String name : List.of("vmlinuz", "initrd", "xen", "disk")) {
            Files.writeString(folder.resolve(name), name);
        }
        Files.delete(folder.resolve(missing));
        BootMedia media = new BootMedia(
                folder.resolve("vmlinuz"),
                "",
                folder.resolve("initrd"),
                Optional.of(new BootMedia.Hypervisor(folder.resolve("xen"), "")),
                List.of(new BootMedia.Disk(folder.resolve("disk"), true)),
                64);
        QemuMachine machine = QemuMachine.at(Path.of("/usr/bin/qemu-system-x86_64"));

        assertThatThrownBy(() -> machine.powerOn(media, folder.resolve("log")))
                .isInstanceOf(IOException.class)
                .hasMessage("boot file " + folder.resolve(missing) + " is missing or unreadable");
    }

    @Test
    void anEmulatorThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> QemuMachine.at(folder.resolve("qemu-system-none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("qemu-system-none");
    }

    @Test
    void theEmulatorTellsItsVersion() throws IOException {
        assertThat(QemuMachine.at(Path.of("/usr/bin/qemu-system-x86_64")).description())
                .matches("QEMU emulator version \\d+\\.\\d+.*");
    }

    private static BootMedia media(Optional<BootMedia.Hypervisor> hypervisor) {
        return new BootMedia(
                Path.of("/b,1/vmlinuz"),
                "console=ttyS0,115200 quiet",
                Path.of("/b,1/initrd.gz"),
                hypervisor,
                List.of(new BootMedia.Disk(Path.of("/d,1.img"), false), new BootMedia.Disk(Path.of("/d2.img"), true)),
                512);
    }

    private static BootMedia media(BootMedia.Platform platform) {
        BootMedia plain = media(Optional.of(new BootMedia.Hypervisor(Path.of("/xen"), "")));
        return new BootMedia(
                plain.kernel(),
                plain.cmdline(),
                plain.initrd(),
                plain.hypervisor(),
                plain.disks(),
                plain.memoryMib(),
                platform);
    }

    private static String valueOf(List<String> arguments, String option) {
        assertThat(valuesOf(arguments, option)).as(option).hasSize(1);
        return valuesOf(arguments, option).get(0);
    }

    private static List<String> valuesOf(List<String> arguments, String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals(option)) {
                values.add(arguments.get(i + 1));
            }
        }
        return values;
    }
}
