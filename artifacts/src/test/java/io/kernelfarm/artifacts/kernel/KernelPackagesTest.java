package io.kernelfarm.artifacts.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.ScratchRoot;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real dpkg and rpm install the kernel's packages into roots in which their scripts really run. */
class KernelPackagesTest {
    private static final String RELEASE = "6.1.192-farm1";

    @TempDir
    private Path dir;

    private ScratchRoot scratch;
    private Path root;
    private Path empty;

    @BeforeEach
    void makeRoot() throws IOException {
        scratch = ScratchRoot.in(dir);
        root = scratch.root();
        empty = Files.write(dir.resolve("empty"), new byte[0]);
    }

    private PackageEntry.File script(String path, String text) throws IOException {
        Path file = Files.createTempFile(dir, "script", null);
        return new PackageEntry.File(Samples.path(path), Files.writeString(file, "#!/bin/sh\n" + text), 0755);
    }

    private Path deb(KernelFiles kernel) throws IOException {
        return new DebWriter(Compression.DEFAULT).writeInto(KernelPackages.deb(kernel), dir.resolve("packages"));
    }

    private Path rpm(KernelFiles kernel) throws IOException {
        return new RpmWriter(Compression.DEFAULT).writeInto(KernelPackages.rpm(kernel), dir.resolve("packages"));
    }

    /** All rpms of a kernel, by name. */
    private Map<String, String> rpms(KernelFiles kernel) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (PackageSpec spec : KernelPackages.rpms(kernel)) {
            files.put(
                    spec.name(),
                    new RpmWriter(Compression.DEFAULT)
                            .writeInto(spec, dir.resolve("packages"))
                            .toString());
        }
        return files;
    }

    private String dpkg(String... arguments) throws IOException {
        return scratch.dpkg(arguments);
    }

    private String rpmTool(String... arguments) {
        return scratch.rpm(arguments);
    }

    private Map<String, String> system() throws IOException {
        return scratch.system();
    }

    @Test
    void bothFamiliesCarryTheSameImageAndModules() throws IOException {
        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        Path deb = deb(kernel);
        Path rpm = rpm(kernel);
        assertThat(deb).hasFileName("linux-image-6.1.192-farm1_6.1.192-1_amd64.deb");
        assertThat(rpm).hasFileName("kernel-core-6.1.192_farm1-1.x86_64.rpm");
        Path fromDeb = dir.resolve("from-deb");
        Path fromRpm = dir.resolve("from-rpm");
        Path fromModulesRpm = dir.resolve("from-modules-rpm");
        PackageReaders.of(deb).extract(deb, fromDeb);
        PackageReaders.of(rpm).extract(rpm, fromRpm);
        Path modulesRpm = Path.of(rpms(kernel).get("kernel-modules"));
        PackageReaders.of(modulesRpm).extract(modulesRpm, fromModulesRpm);

        assertThat(fromDeb.resolve(KernelPackages.debImage(RELEASE).relative())).hasSameBinaryContentAs(kernel.image());
        assertThat(fromRpm.resolve(KernelPackages.rpmImage(RELEASE).relative())).hasSameBinaryContentAs(kernel.image());
        Path modules = fromDeb.resolve(KernelPackages.modules(RELEASE).relative());
        assertThat(Tools.tree(modules))
                .containsOnlyKeys(
                        "kernel",
                        "kernel/drivers",
                        "kernel/drivers/alpha",
                        SampleKernel.MODULE,
                        "modules.builtin",
                        "modules.builtin.modinfo",
                        "modules.order");
        Map<String, String> both =
                Tools.tree(fromRpm.resolve(KernelPackages.modules(RELEASE).relative()));
        both.putAll(Tools.tree(
                fromModulesRpm.resolve(KernelPackages.modules(RELEASE).relative())));
        assertThat(both).containsAllEntriesOf(Tools.tree(modules));
    }

    @Test
    void dpkgInstallsUpgradesAndRemovesWithHooks() throws IOException {
        String log = "echo \"${0##*/} ${0%.d/*} $* [$DEB_MAINT_PARAMS]\" >>/var/log\n";
        Path base = BaseSystem.deb(
                dir,
                empty,
                script("/etc/kernel/preinst.d/a", log),
                script("/etc/kernel/postinst.d/a", "[ -e /lib/modules/$1/modules.dep ] && " + log),
                script("/etc/kernel/prerm.d/a", log),
                script("/etc/kernel/postrm.d/a", log));
        dpkg("-i", base.toString());
        Map<String, String> before = system();

        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        dpkg("-i", deb(kernel).toString());
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(kernel.image());
        assertThat(root.resolve("lib/modules/" + RELEASE + "/modules.dep"))
                .content()
                .contains(SampleKernel.MODULE);
        assertThat(dpkg("-V")).isEmpty();
        String arguments = " /etc/kernel/%s " + RELEASE + " /boot/vmlinuz-" + RELEASE + " [%s]\n";
        assertThat(root.resolve("var/log"))
                .hasContent(
                        ("a" + arguments + "a" + arguments).formatted("preinst", "install", "postinst", "configure "));

        // A release beside the first, and a new packaging of the first.
        dpkg("-i", deb(SampleKernel.make(dir.resolve("other"), "6.1.193-farm1")).toString());
        KernelFiles newer = SampleKernel.make(dir.resolve("newer"), RELEASE, "2", 2);
        dpkg("-i", deb(newer).toString());
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(newer.image());
        assertThat(root.resolve("boot/vmlinuz-6.1.193-farm1")).exists();

        dpkg("-r", "linux-image-" + RELEASE);
        assertThat(root.resolve("lib/modules/" + RELEASE)).doesNotExist();
        dpkg("-P", "linux-image-" + RELEASE, "linux-image-6.1.193-farm1");
        assertThat(system()).isEqualTo(before);
    }

    @Test
    void aFailingHookFailsTheInstallation() throws IOException {
        dpkg(
                "-i",
                BaseSystem.deb(dir, empty, script("/etc/kernel/postinst.d/a", "exit 3\n"))
                        .toString());
        Path deb = deb(SampleKernel.make(dir.resolve("build"), RELEASE));
        Tools.Result result = scratch.tryDpkg("-i", deb.toString());
        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("/etc/kernel/postinst.d/a exited with return code 3");
    }

    @Test
    void dpkgNeedsNoHooks() throws IOException {
        dpkg("-i", BaseSystem.deb(dir, empty).toString());
        Map<String, String> before = system();
        dpkg("-i", deb(SampleKernel.make(dir.resolve("build"), RELEASE)).toString());
        assertThat(root.resolve("lib/modules/" + RELEASE + "/modules.dep")).exists();
        dpkg("-P", "linux-image-" + RELEASE);
        assertThat(system()).isEqualTo(before);
    }

    @Test
    void rpmBringsTheImageToBootWithoutKernelInstall() throws IOException {
        rpmTool("-i", "--force-debian", BaseSystem.rpm(dir, empty).toString());
        Map<String, String> before = system();

        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        rpmTool(
                "-i",
                "--force-debian",
                rpms(kernel).get("kernel-core"),
                rpms(kernel).get("kernel-modules"));
        for (String image : new String[] {"boot/vmlinuz-" + RELEASE, "lib/modules/" + RELEASE + "/vmlinuz"}) {
            assertThat(root.resolve(image)).hasSameBinaryContentAs(kernel.image());
        }
        assertThat(root.resolve("lib/modules/" + RELEASE + "/modules.dep"))
                .content()
                .contains(SampleKernel.MODULE);
        assertThat(rpmTool("-V", "kernel-core")).isEmpty();

        rpmTool(
                "-i",
                "--force-debian",
                rpm(SampleKernel.make(dir.resolve("other"), "6.1.193-farm1")).toString());
        assertThat(root.resolve("boot/vmlinuz-6.1.193-farm1")).exists();
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).exists();
        rpmTool("-e", "--allmatches", "kernel-core", "kernel-modules");
        assertThat(system()).isEqualTo(before);
    }

    @Test
    void rpmPutsANewPackagingInThePlaceOfTheOld() throws IOException {
        rpmTool("-i", "--force-debian", BaseSystem.rpm(dir, empty).toString());
        rpmTool(
                "-i",
                "--force-debian",
                rpm(SampleKernel.make(dir.resolve("build"), RELEASE)).toString());
        KernelFiles newer = SampleKernel.make(dir.resolve("newer"), RELEASE, "2", 2);
        rpmTool("-U", "--force-debian", rpm(newer).toString());
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(newer.image());
        assertThat(rpmTool("-V", "kernel-core")).isEmpty();
    }

    @Test
    void rpmHandsTheKernelToKernelInstall() throws IOException {
        Path base = BaseSystem.rpm(
                dir,
                empty,
                script(
                        "/usr/bin/kernel-install",
                        "echo \"$*\" >>/var/log\n[ $1 = remove ] || cp \"$3\" \"/boot/vmlinuz-$2\"\n"));
        rpmTool("-i", "--force-debian", base.toString());
        Map<String, String> before = system();
        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        rpmTool("-i", "--force-debian", rpm(kernel).toString());
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(kernel.image());
        rpmTool("-e", "kernel-core");
        assertThat(root.resolve("var/log"))
                .hasContent("add %1$s /lib/modules/%1$s/vmlinuz%nremove %1$s".formatted(RELEASE));
        assertThat(system()).isEqualTo(before);
    }

    @Test
    void whereBootLoaderEntriesHaveTheKernelItIsNotCopiedOnceMore() throws IOException {
        Path base = BaseSystem.rpm(
                dir,
                empty,
                script("/usr/bin/kernel-install", "[ $1 = remove ] || cp \"$3\" \"/boot/machine/$2/linux\"\n"),
                new PackageEntry.File(Samples.path("/boot/machine/" + RELEASE + "/linux"), empty, 0644));
        rpmTool("-i", "--force-debian", base.toString());
        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        rpmTool("-i", "--force-debian", rpm(kernel).toString());
        assertThat(root.resolve("boot/machine/" + RELEASE + "/linux")).hasSameBinaryContentAs(kernel.image());
        assertThat(root.resolve("boot/vmlinuz-" + RELEASE)).doesNotExist();
        assertThat(rpmTool("-V", "kernel-core")).isEmpty();
    }

    @Test
    void namesFollowEachFamilysRules() throws IOException {
        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), "6.2.0-rc1-Farm_x");
        assertThat(deb(kernel)).hasFileName("linux-image-6.2.0-rc1-farm-x_6.2.0-1_amd64.deb");
        assertThat(rpm(kernel)).hasFileName("kernel-core-6.2.0~rc1_Farm_x-1.x86_64.rpm");
        assertThat(Tools.must("rpm", "-qp", "--provides", rpm(kernel).toString()))
                .contains("kernel-uname-r = 6.2.0-rc1-Farm_x\n", "installonlypkg(kernel)\n");
        Tools.must("dpkg-deb", "-I", deb(kernel).toString());
    }

    @Test
    void whatIsNotBuiltIsNamed() throws IOException {
        KernelFiles kernel = SampleKernel.make(dir.resolve("build"), RELEASE);
        Files.delete(kernel.systemMap());
        assertThatThrownBy(() -> KernelPackages.deb(kernel))
                .isInstanceOf(IOException.class)
                .hasMessage(kernel.systemMap() + " is missing; build the kernel before it is packaged");
        assertThatThrownBy(() -> SampleKernel.make(dir.resolve("bad"), "6.1$(reboot)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6.1$(reboot)");
    }
}
