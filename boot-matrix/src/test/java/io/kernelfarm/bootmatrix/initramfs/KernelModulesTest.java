package io.kernelfarm.bootmatrix.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModulesTest {

    private static final String RELEASE = "6.1.0-test";

    @TempDir
    private Path root;

    @Test
    void whatAModuleNeedsComesBeforeIt() throws IOException {
        KernelModules modules = modules(
                "kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/fs/mbcache.ko kernel/lib/crc16.ko",
                "kernel/fs/jbd2/jbd2.ko:",
                "kernel/fs/mbcache.ko:",
                "kernel/lib/crc16.ko:");
        assertThat(modules.loadOrder(List.of("ext4")))
                .containsExactly(
                        "kernel/lib/crc16.ko",
                        "kernel/fs/mbcache.ko",
                        "kernel/fs/jbd2/jbd2.ko",
                        "kernel/fs/ext4/ext4.ko");
    }

    @Test
    void aModuleThatSeveralNeedIsLoadedOnceAndFirst() throws IOException {
        KernelModules modules = modules(
                "drivers/virtio_blk.ko: drivers/virtio_ring.ko drivers/virtio.ko",
                "drivers/virtio_pci.ko: drivers/virtio_pci_modern.ko drivers/virtio_ring.ko drivers/virtio.ko",
                "drivers/virtio_pci_modern.ko:",
                "drivers/virtio_ring.ko: drivers/virtio.ko",
                "drivers/virtio.ko:");
        assertThat(modules.loadOrder(List.of("virtio_pci", "virtio_blk")))
                .containsExactly(
                        "drivers/virtio.ko",
                        "drivers/virtio_ring.ko",
                        "drivers/virtio_pci_modern.ko",
                        "drivers/virtio_pci.ko",
                        "drivers/virtio_blk.ko");
    }

    @Test
    void dashAndUnderscoreAreTheSameInAName() throws IOException {
        KernelModules modules = modules("drivers/xen-blkfront.ko.xz:", "drivers/sd_mod.ko:");
        assertThat(modules.loadOrder(List.of("xen_blkfront", "sd-mod")))
                .containsExactly("drivers/xen-blkfront.ko.xz", "drivers/sd_mod.ko");
    }

    @Test
    void whatIsNotThereMayBeBuiltIn() throws IOException {
        assertThat(modules("drivers/ahci.ko:").loadOrder(List.of("virtio_blk", "ahci")))
                .containsExactly("drivers/ahci.ko");
    }

    @Test
    void aKernelMayHaveNoModulesAtAll() throws IOException {
        assertThat(KernelModules.of(root, RELEASE).loadOrder(List.of("ahci"))).isEmpty();
    }

    @Test
    void depmodIsRunWhereThePackageLeftItToTheInstallation() throws IOException {
        Files.createDirectories(folder());
        KernelModules modules = KernelModules.of(root, RELEASE);
        assertThat(folder().resolve("modules.dep")).exists();
        assertThat(modules.loadOrder(List.of("ahci"))).isEmpty();
    }

    private Path folder() {
        return root.resolve("lib/modules").resolve(RELEASE);
    }

    private KernelModules modules(String... dependencies) throws IOException {
        Files.createDirectories(folder());
        Files.write(folder().resolve("modules.dep"), List.of(dependencies));
        return KernelModules.of(root, RELEASE);
    }
}
