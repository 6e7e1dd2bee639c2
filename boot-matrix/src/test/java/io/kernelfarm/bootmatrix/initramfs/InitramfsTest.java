package io.kernelfarm.bootmatrix.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.checks.Checks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive is unpacked with the real cpio, and the scripts are read by the shell that runs them. */
class InitramfsTest {

    private static final Path RESOURCES = Path.of("src/main/resources/io/kernelfarm/bootmatrix");

    @TempDir
    private Path folder;

    private Path busybox;
    private Kernel kernel;

    @BeforeEach
    void makeKernel() throws IOException {
        busybox = Files.write(folder.resolve("busybox"), new byte[] {0x7f, 'E', 'L', 'F', 1, 2, 3});
        Path modules = Files.createDirectories(folder.resolve("root/lib/modules/6.1.0-test"));
        List<String> dependencies = new ArrayList<>();
        for (String name : List.of("virtio", "virtio_blk", "xen-blkfront", "ext4", "unwanted")) {
            Files.createDirectories(modules.resolve("kernel/" + name));
            Files.writeString(modules.resolve("kernel/" + name + "/" + name + ".ko"), "module " + name);
            dependencies.add("kernel/" + name + "/" + name + ".ko:"
                    + (name.equals("virtio_blk") ? " kernel/virtio/virtio.ko" : ""));
        }
        Files.write(modules.resolve("modules.dep"), dependencies);
        kernel = new Kernel(
                new KernelId("6.1.0-test", "00", "test"), folder.resolve("vmlinuz"), folder.resolve("root"), "");
    }

    @Test
    void holdsWhatTheFirstProcessNeedsAndNothingElse() throws Exception {
        Path root = unpacked(Initramfs.Role.PROVE);

        assertThat(files(root))
                .filteredOn(file -> !file.matches("farm/(checks|host|scripts)/.*"))
                .containsExactly(
                        "bin/busybox",
                        "farm/asking.sh",
                        "farm/disks.sh",
                        "farm/dom0.sh",
                        "farm/finish.sh",
                        "farm/host.sh",
                        "farm/log.sh",
                        "farm/modules.disks",
                        "farm/modules.prove",
                        "farm/modules.xen",
                        "farm/proof.sh",
                        "farm/prove.sh",
                        "farm/toolstack.sh",
                        "farm/words.sh",
                        "init",
                        "lib/modules/kernel/virtio/virtio.ko",
                        "lib/modules/kernel/virtio_blk/virtio_blk.ko",
                        "lib/modules/kernel/xen-blkfront/xen-blkfront.ko",
                        "sbin/poweroff",
                        "sbin/reboot");
        assertThat(root.resolve("farm/modules.xen")).hasContent("/lib/modules/kernel/xen-blkfront/xen-blkfront.ko\n");
        for (Check check : Checks.ALL) {
            assertThat(root.resolve("farm/checks/" + check.name() + ".sh")).isNotEmptyFile();
        }
        for (String mountPoint : List.of("dev", "proc", "root", "sys", "tmp")) {
            assertThat(root.resolve(mountPoint)).isEmptyDirectory();
        }
        assertThat(root.resolve("bin/busybox")).hasSameBinaryContentAs(busybox);
        assertThat(root.resolve("init")).hasSameTextualContentAs(RESOURCES.resolve("initramfs/init"));
        for (String script : List.of("proof.sh", "prove.sh", "dom0.sh", "host.sh", "disks.sh")) {
            assertThat(root.resolve("farm").resolve(script))
                    .hasSameTextualContentAs(RESOURCES.resolve("initramfs").resolve(script));
        }
        assertThat(root.resolve("lib/modules/kernel/virtio/virtio.ko")).hasContent("module virtio");
        for (String executable : List.of("init", "bin/busybox", "bin", "farm")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(executable))))
                    .as(executable)
                    .isEqualTo("rwxr-xr-x");
        }
    }

    @Test
    void disksComeInASecondArchiveBehindIt() throws Exception {
        Path first = Files.writeString(folder.resolve("first"), "an archive");
        Path disk = Files.write(folder.resolve("disk"), new byte[100_000]);
        Path other = Files.writeString(folder.resolve("other"), "another disk");
        Path both = folder.resolve("both");

        Initramfs.writeWithDisks(both, first, List.of(disk, other));

        Process unpack = new ProcessBuilder("sh", "-c", "tail -c +11 both | zcat | cpio --extract --quiet")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(unpack.waitFor()).isZero();
        assertThat(Files.readString(both, StandardCharsets.ISO_8859_1)).startsWith("an archive");
        assertThat(folder.resolve("disks/a")).hasSameBinaryContentAs(disk);
        assertThat(folder.resolve("disks/b")).hasContent("another disk");

        Initramfs.writeWithDisks(both, first, List.of());
        assertThat(both).hasContent("an archive");
    }

    @ParameterizedTest
    @EnumSource(Initramfs.Role.class)
    void theListOfModulesNamesFilesThatAreThereInTheOrderOfLoading(Initramfs.Role role) throws Exception {
        Path root = unpacked(role);
        List<String> order =
                Files.readAllLines(root.resolve("farm/modules." + (role == Initramfs.Role.DOM0 ? "dom0" : "prove")));

        assertThat(order)
                .containsExactly(
                        "/lib/modules/kernel/virtio/virtio.ko",
                        "/lib/modules/kernel/virtio_blk/virtio_blk.ko",
                        role == Initramfs.Role.DOM0
                                ? "/lib/modules/kernel/ext4/ext4.ko"
                                : "/lib/modules/kernel/xen-blkfront/xen-blkfront.ko")
                .allSatisfy(
                        module -> assertThat(root.resolve(module.substring(1))).isRegularFile());
    }

    @Test
    void aKernelWithoutModulesHasAnEmptyList() throws Exception {
        kernel = new Kernel(new KernelId("5.0", "00", "test"), kernel.image(), kernel.root(), "");
        assertThat(unpacked(Initramfs.Role.PROVE).resolve("farm/modules.prove")).isEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "initramfs/init",
                "initramfs/proof.sh",
                "initramfs/prove.sh",
                "initramfs/dom0.sh",
                "initramfs/host.sh",
                "dom0/farm-block"
            })
    void scriptsAreBusyboxShell(String script) throws Exception {
        run("busybox", "sh", "-n", RESOURCES.resolve(script).toString());
    }

    private Path unpacked(Initramfs.Role role) throws Exception {
        Path archive = folder.resolve("initrd.gz");
        Initramfs.write(archive, kernel, role, busybox);
        Path root = Files.createDirectory(folder.resolve("unpacked"));
        run(
                "sh",
                "-c",
                "gzip -dc \"$1\" | cpio --extract --quiet --no-absolute-filenames --directory=\"$2\"",
                "sh",
                archive.toString(),
                root.toString());
        return root;
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            Set<String> files = new TreeSet<>();
            paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(path -> files.add(root.relativize(path).toString()));
            return files;
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEmpty();
    }
}
