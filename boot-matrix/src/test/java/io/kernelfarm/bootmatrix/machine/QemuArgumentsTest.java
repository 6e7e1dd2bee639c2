package io.kernelfarm.bootmatrix.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @TempDir
    private Path folder;

    @Test
    void aPlainKernelIsGivenAsItIs() {
        List<String> arguments = QemuMachine.arguments(media(Optional.empty()), SERIAL);

        assertThat(valueOf(arguments, "-kernel")).isEqualTo("/b,1/vmlinuz");
        assertThat(valueOf(arguments, "-append")).isEqualTo("console=ttyS0,115200 quiet");
        assertThat(valueOf(arguments, "-initrd")).isEqualTo("/b,1/initrd.gz");
        assertThat(valueOf(arguments, "-cpu")).isEqualTo("qemu64");
        assertThat(valueOf(arguments, "-m")).isEqualTo("512");
    }

    @Test
    void underAHypervisorKernelAndInitramfsAreModulesAndTheirCommasDoubled() {
        BootMedia.Hypervisor xen = new BootMedia.Hypervisor(Path.of("/x,en"), "com1=115200,8n1");
        List<String> arguments = QemuMachine.arguments(media(Optional.of(xen)), SERIAL);

        assertThat(valueOf(arguments, "-kernel")).isEqualTo("/x,en");
        assertThat(valueOf(arguments, "-append")).isEqualTo("com1=115200,8n1");
        assertThat(valueOf(arguments, "-initrd"))
                .isEqualTo("/b,,1/vmlinuz console=ttyS0,,115200 quiet,/b,,1/initrd.gz");
        assertThat(valueOf(arguments, "-cpu")).as("HVM guests need nested SVM").isEqualTo("qemu64,+svm,+npt");
    }

    @Test
    void disksComeInTheirOrderAndOnlyTheKeptAreWritten() {
        assertThat(valuesOf(QemuMachine.arguments(media(Optional.empty()), SERIAL), "-drive"))
                .containsExactly(
                        "file=/d,,1.img,if=virtio,format=raw,cache=unsafe,snapshot=on",
                        "file=/d2.img,if=virtio,format=raw,cache=unsafe,snapshot=off");
    }

    @Test
    void serialLinesGoToTheSocketsInTheirOrder() {
        List<String> arguments = QemuMachine.arguments(media(Optional.empty()), SERIAL);
        assertThat(valuesOf(arguments, "-chardev"))
                .containsExactly("socket,id=serial0,path=/run/s,,0", "socket,id=serial1,path=/run/s1");
        assertThat(valuesOf(arguments, "-serial")).containsExactly("chardev:serial0", "chardev:serial1");
    }

    @Test
    void theMachineIsEmulatedOnOneProcessorAndAResetEndsIt() {
        List<String> arguments = QemuMachine.arguments(media(Optional.empty()), SERIAL);
        assertThat(valueOf(arguments, "-accel")).isEqualTo("tcg");
        assertThat(valueOf(arguments, "-smp")).isEqualTo("1");
        assertThat(arguments).contains("-no-reboot", "-nodefaults", "-no-user-config");
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
