package io.kernelfarm.bootmatrix.xen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disks and archives that a Xen host boots with, looked into with the programs that read them there. */
class BootFilesTest {

    @TempDir
    private Path folder;

    // ---- the disk that an HVM guest boots from ----

    @Test
    void theBootDiskHoldsKernelInitramfsAndTheirCommandLine() throws Exception {
        Path kernel = random("vmlinuz-6.1.0-test", 1_500_001);
        Path initrd = random("guest.gz", 700_003);
        Path image = folder.resolve("boot, disk.img");
        BootDisk.make(image, kernel, initrd, "console=ttyS0 farm.nonce=00ff quiet");

        assertThat(output("mtype", "-i", image.toString(), "::syslinux.cfg")).isEqualTo("""
                        DEFAULT farm
                        PROMPT 0
                        LABEL farm
                        KERNEL vmlinuz
                        APPEND initrd=initrd.gz console=ttyS0 farm.nonce=00ff quiet
                        """);
        assertThat(copied(image, "vmlinuz")).hasSameBinaryContentAs(kernel);
        assertThat(copied(image, "initrd.gz")).hasSameBinaryContentAs(initrd);
        assertThat(output("mdir", "-a", "-b", "-i", image.toString(), "::")).contains("ldlinux.sys");
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".cfg"));
    }

    @Test
    void theBootDiskIsOneThatFirmwareBoots() throws Exception {
        Path image = folder.resolve("boot.img");
        BootDisk.make(image, random("vmlinuz", 100), random("initrd", 100), "");
        byte[] sector = Arrays.copyOf(Files.readAllBytes(image), 512);

        assertThat(new String(sector, 3, 8, StandardCharsets.US_ASCII)).isEqualTo("SYSLINUX");
        assertThat(Arrays.copyOfRange(sector, 510, 512)).containsExactly(0x55, 0xaa);
        assertThat(Files.size(image) % (1024 * 1024)).as("whole cylinders").isZero();
    }

    /** Whatever its size: FAT has other forms for other sizes, and not all programs see the border at the same place. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 6, 7, 13, 26, 27, 60, 115})
    void theBootDiskIsMadeForKernelsOfEverySize(int mebibytes) throws Exception {
        Path kernel = random("vmlinuz", mebibytes << 20);
        Path image = folder.resolve("boot.img");
        BootDisk.make(image, kernel, random("initrd", 100), "");

        assertThat(copied(image, "vmlinuz")).hasSameBinaryContentAs(kernel);
    }

    @Test
    void aKernelThatIsNotThereMakesNoBootDisk() {
        assertThatThrownBy(() -> BootDisk.make(
                        folder.resolve("boot.img"), folder.resolve("vmlinuz"), folder.resolve("initrd"), ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vmlinuz");
    }

    // ---- the disk that a cell has to read ----

    @Test
    void theDataDiskBearsItsNonceAndContentOfTheDigest() throws Exception {
        DataDisk disk = DataDisk.make(folder.resolve("data"), "00ff00ff00ff00ff");

        assertThat(output("sh", "-c", "dd if=\"$1\" bs=512 count=1 2>/dev/null | head -n 1", "sh", path(disk)))
                .isEqualTo("kernel-farm data 00ff00ff00ff00ff\n");
        assertThat(output("sh", "-c", "dd if=\"$1\" bs=512 skip=1 count=512 2>/dev/null | sha256sum", "sh", path(disk)))
                .isEqualTo(disk.sha256() + "  -\n");
    }

    @Test
    void anotherBootsDataDiskHasOtherContent() throws Exception {
        assertThat(DataDisk.make(folder.resolve("a"), "00ff00ff00ff00ff").sha256())
                .isNotEqualTo(
                        DataDisk.make(folder.resolve("b"), "00ff00ff00ff00fe").sha256());
    }

    @Test
    void theKernelsLogIsFoundWhereTheGuestLeftIt() throws Exception {
        DataDisk disk = DataDisk.make(folder.resolve("data"), "00ff");
        assertThat(disk.kernelLog()).isEmpty();
        // The words of log.sh.
        output(
                "sh",
                "-c",
                "printf '[ 0.0] Linux version 6.1\\n[ 0.1] done\\n' | dd of=\"$1\" bs=512 seek=513 conv=fsync,notrunc 2>&1",
                "sh",
                path(disk));
        assertThat(disk.kernelLog()).containsExactly("[ 0.0] Linux version 6.1", "[ 0.1] done");
        assertThat(sha256(Arrays.copyOfRange(Files.readAllBytes(disk.image()), 512, 513 * 512)))
                .as("the log does not touch the data")
                .isEqualTo(disk.sha256());
    }

    @Test
    void aLogThatFillsTheDiskIsReadToItsEnd() throws Exception {
        DataDisk disk = DataDisk.make(folder.resolve("data"), "00ff");
        byte[] image = Files.readAllBytes(disk.image());
        Arrays.fill(image, 513 * 512, image.length, (byte) 'x');
        Files.write(disk.image(), image);
        assertThat(disk.kernelLog()).hasSize(2).allSatisfy(life -> assertThat(life)
                .hasSize(512 * 1024));
    }

    @Test
    void theLogOfTheLifeAfterARebootStandsBehindTheFirst() throws Exception {
        DataDisk disk = DataDisk.make(folder.resolve("data"), "00ff");
        for (String life : List.of("513 first", "1537 second")) {
            // The words of log.sh.
            output(
                    "sh",
                    "-c",
                    "echo \"$3\" | head -c 524288 | dd of=\"$1\" bs=512 seek=$2 conv=fsync,notrunc 2>&1",
                    "sh",
                    path(disk),
                    life.split(" ", -1)[0],
                    life.split(" ", -1)[1]);
        }
        assertThat(disk.kernelLog()).containsExactly("first", "second");
    }

    // ---- what dom0 is handed ----

    @Test
    void tarUnpacksThePayload() throws Exception {
        Path kernel = random("kernel", 123_457);
        Path initrd = random("initrd", 512);
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("vmlinuz", kernel);
        files.put("initrd.gz", initrd);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("pv-xen-4.17-bios-qemu.cfg", "name = \"pv\"\n");
        texts.put("guests", "pv-xen-4.17-bios-qemu\n");
        texts.put("empty", "");
        Path image = folder.resolve("payload.tar");
        Payload.write(image, files, texts);

        assertThat(Files.size(image) % 512).as("a disk has whole sectors").isZero();
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        output("busybox", "tar", "xf", image.toString(), "-C", unpacked.toString());
        assertThat(unpacked.resolve("vmlinuz")).hasSameBinaryContentAs(kernel);
        assertThat(unpacked.resolve("initrd.gz")).hasSameBinaryContentAs(initrd);
        assertThat(unpacked.resolve("pv-xen-4.17-bios-qemu.cfg")).hasContent("name = \"pv\"\n");
        assertThat(unpacked.resolve("guests")).hasContent("pv-xen-4.17-bios-qemu\n");
        assertThat(output("tar", "tf", image.toString()).lines())
                .containsExactly("vmlinuz", "initrd.gz", "pv-xen-4.17-bios-qemu.cfg", "guests", "empty");
    }

    private static String path(DataDisk disk) {
        return disk.image().toString();
    }

    private Path copied(Path image, String name) throws Exception {
        Path copy = folder.resolve("copy of " + name);
        output("mcopy", "-i", image.toString(), "::" + name, copy.toString());
        return copy;
    }

    private Path random(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return Files.write(folder.resolve(name), content);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
