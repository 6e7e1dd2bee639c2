package io.kernelfarm.artifacts.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.FileContent;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.ScratchRoot;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All packages of a kernel together: in any combination, beside those of other releases, upgraded, downgraded, removed. */
class PackageSetTest {
    private static final String RELEASE = "6.1.192-farm1";
    private static final String OTHER_RELEASE = "6.1.193-farm1";
    private static final String MODULES = "/lib/modules/" + RELEASE;

    @TempDir
    private Path dir;

    private ScratchRoot root;
    private Path empty;

    @BeforeEach
    void makeRoot() throws IOException {
        root = ScratchRoot.in(dir);
        empty = Files.write(dir.resolve("empty"), new byte[0]);
    }

    private KernelFiles kernel(String release, String revision) throws IOException {
        return SampleKernel.complete(
                Files.createDirectory(dir.resolve(release + "-" + revision)), release, revision, revision.hashCode());
    }

    private Map<String, String> debs(KernelFiles kernel) throws IOException {
        return written(new DebWriter(Compression.DEFAULT), KernelPackages.debs(kernel), kernel);
    }

    private Map<String, String> rpms(KernelFiles kernel) throws IOException {
        return written(new RpmWriter(Compression.DEFAULT), KernelPackages.rpms(kernel), kernel);
    }

    /** Paths of package files by package name. */
    private Map<String, String> written(PackageWriter writer, List<PackageSpec> specs, KernelFiles kernel)
            throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (PackageSpec spec : specs) {
            Path into = dir.resolve("packages-" + kernel.release() + "-" + kernel.revision());
            files.put(spec.name(), writer.writeInto(spec, into).toString());
        }
        return files;
    }

    private static String[] with(List<String> options, Iterable<String> files) {
        List<String> arguments = new ArrayList<>(options);
        files.forEach(arguments::add);
        return arguments.toArray(String[]::new);
    }

    private void installRpms(Iterable<String> files) {
        root.rpm(with(List.of("-i", "--force-debian"), files));
    }

    private void upgradeRpms(Iterable<String> files) {
        root.rpm(with(List.of("-U", "--oldpackage", "--force-debian"), files));
    }

    private String dependencies(String release) throws IOException {
        return Files.readString(root.path("/lib/modules/" + release + "/modules.dep"));
    }

    private PackageSpec other(String name, PackageEntry... entries) {
        return Samples.of(name, "1", List.of(entries));
    }

    @Test
    void theNamesAreThoseOfEachFamily() throws IOException {
        KernelFiles kernel = kernel(RELEASE, "1");

        assertThat(KernelPackages.debs(kernel))
                .extracting(PackageSpec::name)
                .containsExactly(
                        "linux-image-6.1.192-farm1", "linux-headers-6.1.192-farm1", "linux-image-6.1.192-farm1-dbg");
        assertThat(KernelPackages.rpms(kernel))
                .extracting(PackageSpec::name)
                .containsExactly("kernel", "kernel-core", "kernel-modules", "kernel-devel", "kernel-debuginfo");
        KernelFiles plain = SampleKernel.make(dir.resolve("plain"), RELEASE);
        assertThat(KernelPackages.debs(plain)).extracting(PackageSpec::name).containsExactly("linux-image-" + RELEASE);
        assertThat(KernelPackages.rpms(plain))
                .extracting(PackageSpec::name)
                .containsExactly("kernel", "kernel-core", "kernel-modules");
    }

    @Test
    void theSameBuildGivesTheSameBytes() throws IOException {
        KernelFiles kernel = kernel(RELEASE, "1");
        for (PackageWriter writer : List.of(new DebWriter(Compression.DEFAULT), new RpmWriter(Compression.DEFAULT))) {
            List<PackageSpec> specs =
                    writer instanceof DebWriter ? KernelPackages.debs(kernel) : KernelPackages.rpms(kernel);
            for (PackageSpec spec : specs) {
                Path first = writer.writeInto(spec, dir.resolve("first"));
                List<PackageSpec> again =
                        writer instanceof DebWriter ? KernelPackages.debs(kernel) : KernelPackages.rpms(kernel);
                PackageSpec same = again.stream()
                        .filter(one -> one.name().equals(spec.name()))
                        .findFirst()
                        .orElseThrow();
                assertThat(writer.writeInto(same, dir.resolve("second"))).hasSameBinaryContentAs(first);
            }
        }
    }

    @Test
    void debsLiveBesideEachOtherAndLeaveNothing() throws IOException {
        root.dpkg("-i", BaseSystem.deb(dir, empty).toString());
        Map<String, String> before = root.system();
        KernelFiles kernel = kernel(RELEASE, "1");
        Map<String, String> first = debs(kernel);
        Map<String, String> second = debs(kernel(RELEASE, "2"));

        root.dpkg(with(List.of("-i"), first.values()));
        assertThat(root.dpkg("-V")).isEmpty();
        assertThat(dependencies(RELEASE)).contains(SampleKernel.MODULE);
        assertThat(Files.readSymbolicLink(root.path(MODULES + "/build")))
                .hasToString("/usr/src/linux-headers-" + RELEASE);
        assertThat(root.path("/usr/src/linux-headers-" + RELEASE + "/scripts/mod/modpost"))
                .isExecutable();
        assertThat(root.path("/usr/lib/debug/boot/vmlinux-" + RELEASE))
                .hasSameBinaryContentAs(kernel.debug().orElseThrow().resolve("vmlinux"));
        assertThat(root.path("/usr/lib/debug/lib/modules/" + RELEASE + "/vmlinux"))
                .hasSameBinaryContentAs(root.path("/usr/lib/debug/boot/vmlinux-" + RELEASE));
        Map<String, String> installed = root.system();

        root.dpkg(with(List.of("-i"), second.values()));
        assertThat(root.dpkg("-V")).isEmpty();
        assertThat(root.system()).isNotEqualTo(installed);
        root.dpkg(with(List.of("-i"), first.values()));
        assertThat(root.system()).as("after the downgrade").isEqualTo(installed);

        Map<String, String> other = debs(kernel(OTHER_RELEASE, "1"));
        root.dpkg(with(List.of("-i"), other.values()));
        assertThat(root.dpkg("-V")).isEmpty();
        root.dpkg("-r", "linux-headers-" + RELEASE);
        assertThat(root.path(MODULES + "/build")).doesNotExist();
        assertThat(Files.isSymbolicLink(root.path(MODULES + "/build")))
                .as("a link to nothing")
                .isFalse();
        root.dpkg(with(List.of("-P"), other.keySet()));
        assertThat(dependencies(RELEASE)).contains(SampleKernel.MODULE);
        // The image goes before the headers that are put back: either order has to leave nothing.
        root.dpkg("-i", first.get("linux-headers-" + RELEASE));
        root.dpkg("-P", "linux-image-" + RELEASE);
        assertThat(Files.isSymbolicLink(root.path(MODULES + "/build"))).isTrue();
        root.dpkg("-P", "linux-headers-" + RELEASE, "linux-image-" + RELEASE + "-dbg");
        assertThat(root.system()).isEqualTo(before);
    }

    @Test
    void otherPackagesModulesAreFoundAndForgottenAgain() throws IOException {
        root.dpkg("-i", BaseSystem.deb(dir, empty).toString());
        Map<String, String> before = root.system();
        KernelFiles kernel = kernel(RELEASE, "1");
        root.dpkg("-i", debs(kernel).get("linux-image-" + RELEASE));
        PackageSpec more = other(
                "more-modules",
                new PackageEntry.File(
                        Samples.path(MODULES + "/updates/beta.ko"),
                        kernel.modulesDir().resolve(SampleKernel.MODULE),
                        0644));

        root.dpkg("-i", new DebWriter(Compression.DEFAULT).writeInto(more, dir).toString());
        assertThat(dependencies(RELEASE)).contains("updates/beta.ko", SampleKernel.MODULE);
        root.dpkg("-r", "more-modules");
        assertThat(dependencies(RELEASE)).contains(SampleKernel.MODULE).doesNotContain("beta");
        root.dpkg("-P", "linux-image-" + RELEASE);
        assertThat(root.system()).isEqualTo(before);
    }

    @Test
    void theHeadersTellDkms() throws IOException {
        PackageEntry hook = new PackageEntry.File(
                Samples.path("/etc/kernel/header_postinst.d/dkms"),
                FileContent.of("#!/bin/sh\necho \"$* $DEB_MAINT_PARAMS\" >>/var/log\n".getBytes(UTF_8)),
                0755);
        root.dpkg("-i", BaseSystem.deb(dir, empty, hook).toString());
        root.dpkg("-i", debs(kernel(RELEASE, "1")).get("linux-headers-" + RELEASE));
        assertThat(root.path("/var/log")).hasContent(RELEASE + " configure ");
    }

    @Test
    void rpmsLiveBesideEachOtherAndLeaveNothing() throws IOException {
        root.rpm("-i", "--force-debian", BaseSystem.rpm(dir, empty).toString());
        Map<String, String> before = root.system();
        KernelFiles kernel = kernel(RELEASE, "1");
        Map<String, String> first = rpms(kernel);
        Map<String, String> second = rpms(kernel(RELEASE, "2"));

        installRpms(first.values());
        for (String name : first.keySet()) {
            assertThat(root.rpm("-V", name)).as(name).isEmpty();
        }
        assertThat(dependencies(RELEASE)).contains(SampleKernel.MODULE);
        assertThat(root.path("/boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(kernel.image());
        assertThat(Files.readSymbolicLink(root.path(MODULES + "/build"))).hasToString("/usr/src/kernels/" + RELEASE);
        assertThat(root.path("/usr/lib/debug" + MODULES + "/vmlinux"))
                .hasSameBinaryContentAs(kernel.debug().orElseThrow().resolve("vmlinux"));
        assertThat(root.path("/usr/lib/debug" + MODULES + "/" + SampleKernel.MODULE + ".debug"))
                .exists();
        Map<String, String> installed = root.system();

        upgradeRpms(second.values());
        for (String name : second.keySet()) {
            assertThat(root.rpm("-V", name)).as(name).isEmpty();
        }
        assertThat(root.system()).isNotEqualTo(installed);
        upgradeRpms(first.values());
        assertThat(root.system()).as("after the downgrade").isEqualTo(installed);

        Map<String, String> other = rpms(kernel(OTHER_RELEASE, "1"));
        installRpms(other.values());
        assertThat(root.path("/boot/vmlinuz-" + OTHER_RELEASE)).exists();
        root.rpm("-e", "kernel-devel-6.1.192_farm1");
        assertThat(Files.isSymbolicLink(root.path(MODULES + "/build")))
                .as("a link to nothing")
                .isFalse();
        root.rpm(with(List.of("-e", "--allmatches"), other.keySet()));
        assertThat(root.system()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kernel-core",
                "kernel-core kernel-devel",
                "kernel-devel kernel-debuginfo",
                "kernel kernel-core kernel-modules"
            })
    void anyCombinationOfRpmsIsRightAndLeavesNothing(String names) throws IOException {
        root.rpm("-i", "--force-debian", BaseSystem.rpm(dir, empty).toString());
        Map<String, String> before = root.system();
        Map<String, String> rpms = rpms(kernel(RELEASE, "1"));

        installRpms(Stream.of(names.split(" ", -1)).map(rpms::get).toList());
        if (names.contains("kernel-core")) {
            assertThat(dependencies(RELEASE).contains(SampleKernel.MODULE)).isEqualTo(names.contains("kernel-modules"));
        }
        for (String name : names.split(" ", -1)) {
            assertThat(root.rpm("-V", name)).as(name).isEmpty();
        }
        root.rpm(with(List.of("-e"), List.of(names.split(" ", -1))));
        assertThat(root.system()).isEqualTo(before);
    }

    @Test
    void modulesComeAndGoWithoutTheImage() throws IOException {
        PackageEntry install = new PackageEntry.File(
                Samples.path("/usr/bin/kernel-install"),
                FileContent.of("#!/bin/sh\necho $1 >>/var/log\n".getBytes(UTF_8)),
                0755);
        root.rpm("-i", "--force-debian", BaseSystem.rpm(dir, empty, install).toString());
        Map<String, String> before = root.system();
        Map<String, String> rpms = rpms(kernel(RELEASE, "1"));

        installRpms(List.of(rpms.get("kernel-core")));
        Map<String, String> bare = root.system();
        installRpms(List.of(rpms.get("kernel-modules")));
        assertThat(dependencies(RELEASE)).contains(SampleKernel.MODULE);
        assertThat(root.path("/var/log"))
                .as("modules may belong into the initramfs")
                .hasContent("add\nadd");
        root.rpm("-e", "kernel-modules");
        assertThat(dependencies(RELEASE)).doesNotContain(SampleKernel.MODULE);
        assertThat(root.system()).isEqualTo(bare);
        installRpms(List.of(rpms.get("kernel-modules")));
        root.rpm("-e", "kernel-core", "kernel-modules");
        assertThat(root.system()).isEqualTo(before);

        installRpms(List.of(rpms.get("kernel-core"), rpms.get("kernel-modules")));
        assertThat(root.path("/var/log"))
                .as("in one transaction, the kernel is added once")
                .hasContent("add\nadd\nadd\nremove\nadd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 3", "mkdir -p /boot/machine/$2"})
    void bootIsNeverLeftWithoutTheKernel(String kernelInstall) throws IOException {
        PackageEntry install = new PackageEntry.File(
                Samples.path("/usr/bin/kernel-install"),
                FileContent.of(("#!/bin/sh\n" + kernelInstall + "\n").getBytes(UTF_8)),
                0755);
        root.rpm("-i", "--force-debian", BaseSystem.rpm(dir, empty, install).toString());
        KernelFiles kernel = kernel(RELEASE, "1");

        Tools.Result result = root.tryRpm("-i", "--force-debian", rpms(kernel).get("kernel-core"));

        assertThat(root.path("/boot/vmlinuz-" + RELEASE)).hasSameBinaryContentAs(kernel.image());
        assertThat(result.output().contains("scriptlet failed, exit status 3"))
                .isEqualTo(kernelInstall.equals("exit 3"));
    }

    @Test
    void ofOneReleaseRpmHasOnePackagingAtATime() throws IOException {
        root.rpm("-i", "--force-debian", BaseSystem.rpm(dir, empty).toString());
        installRpms(List.of(rpms(kernel(RELEASE, "1")).get("kernel-core")));

        Tools.Result second =
                root.tryRpm("-i", "--force-debian", rpms(kernel(RELEASE, "2")).get("kernel-core"));

        assertThat(second.exit()).isNotZero();
        assertThat(second.output())
                .contains("kernel-core-uname-r = 6.1.192-farm1 conflicts with", "kernel-core-6.1.192_farm1-");
    }

    @Test
    void rpmReadsRelationsChangelogAndDigests() throws IOException {
        Map<String, String> rpms = rpms(kernel(RELEASE, "3"));

        assertThat(Tools.must("rpm", "-qp", "--requires", rpms.get("kernel")))
                .contains(
                        "kernel-core-uname-r = " + RELEASE + "\n",
                        "kernel-modules-uname-r = " + RELEASE + "\n",
                        "rpmlib(RichDependencies) <= 4.12.0-1\n");
        assertThat(Tools.must("rpm", "-qp", "--recommends", rpms.get("kernel")))
                .isEqualTo("(kernel-devel-uname-r = " + RELEASE + " if kernel-devel)\n");
        assertThat(Tools.must("rpm", "-qp", "--supplements", rpms.get("kernel-devel")))
                .isEqualTo("(kernel-core-uname-r = " + RELEASE + " and dkms)\n");
        assertThat(Tools.must("rpm", "-qp", "--enhances", rpms.get("kernel-debuginfo")))
                .isEqualTo("kernel-core-uname-r = " + RELEASE + "\n");
        assertThat(Tools.must("rpm", "-qp", "--requires", rpms.get("kernel-devel")))
                .containsPattern("libc\\.so\\.6\\(GLIBC_2\\.[0-9]+\\)\\(64bit\\)\n");
        assertThat(Tools.must("rpm", "-qp", "--provides", rpms.get("kernel-modules")))
                .contains("installonlypkg(kernel-module)\n", "kernel-modules-uname-r = " + RELEASE + "\n");
        for (String rpm : rpms.values()) {
            assertThat(Tools.must("rpm", "-qp", "--changelog", rpm)).isEqualTo("""
                            * Fri Jan 02 2026 Kernel Farm <kernel-farm@kernel-farm.invalid> - 6.1.192_farm1-3
                            - Linux 6.1.192-farm1, built from a sample.

                            """);
            assertThat(Tools.must("rpm", "-K", "--nosignature", rpm)).endsWith("digests OK\n");
        }
    }

    @Test
    void debsSayWhatDebiansOwnSay() throws IOException {
        Map<String, String> debs = debs(kernel(RELEASE, "3"));
        String image = debs.get("linux-image-" + RELEASE);

        assertThat(Tools.must("dpkg-deb", "-f", image, "Depends"))
                .isEqualTo("kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool\n");
        assertThat(Tools.must("dpkg-deb", "-f", image, "Breaks"))
                .isEqualTo("fwupdate (<< 12-7), initramfs-tools (<< 0.120+deb8u2), "
                        + "wireless-regdb (<< 2019.06.03-1~)\n");
        assertThat(Tools.must("dpkg-deb", "-f", debs.get("linux-headers-" + RELEASE), "Depends"))
                .matches("libc6 \\(>= 2\\.[0-9]+\\)\n");
        for (Map.Entry<String, String> deb : debs.entrySet()) {
            Path unpacked = dir.resolve("unpacked-" + deb.getKey());
            Tools.must("dpkg-deb", "-x", deb.getValue(), unpacked.toString());
            Path changelog = unpacked.resolve("usr/share/doc/" + deb.getKey() + "/changelog.Debian.gz");
            assertThat(Tools.must("dpkg-parsechangelog", "-l", changelog.toString()))
                    .contains("Version: 6.1.192-3\n", "Date: Fri, 02 Jan 2026 03:04:05 +0000\n");
        }
    }

    @Test
    void debuggersFindTheSymbolsByBuildId() throws IOException {
        KernelFiles kernel = kernel(RELEASE, "1");
        String module = kernel.modulesDir().resolve(SampleKernel.MODULE).toString();
        Path fromDeb = dir.resolve("from-deb");
        Path fromRpm = Files.createDirectory(dir.resolve("from-rpm"));
        Tools.must("dpkg-deb", "-x", debs(kernel).get("linux-image-" + RELEASE + "-dbg"), fromDeb.toString());
        Tools.must(
                "sh",
                "-c",
                "cd \"$0\" && rpm2cpio \"$1\" | cpio -idm --quiet",
                fromRpm.toString(),
                rpms(kernel).get("kernel-debuginfo"));

        assertThat(gdb(dir.resolve("nothing"), module)).contains("No struct type named alpha_state");
        for (Path unpacked : List.of(fromDeb, fromRpm)) {
            assertThat(gdb(unpacked.resolve("usr/lib/debug"), module))
                    .contains("type = struct alpha_state", "long seed;");
        }
    }

    private static String gdb(Path debugFiles, String file) {
        return Tools.run(
                        "gdb",
                        "--nx",
                        "--batch",
                        "-iex",
                        "set debug-file-directory " + debugFiles,
                        "-ex",
                        "ptype struct alpha_state",
                        file)
                .output();
    }
}
