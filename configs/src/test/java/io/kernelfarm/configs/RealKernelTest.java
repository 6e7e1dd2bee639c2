package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.configs.ConfigExplainer.Explanation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's kernel source and its own configuration tool. */
@Tag("real")
class RealKernelTest {
    private static Path source;

    /** Shared, as builds are repeated in practice: what one test resolved must not show in the next. */
    @TempDir
    static Path folder;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        source = DebianSource.get();
    }

    @Test
    void everyWishOfQuickIsGrantedAndItPassesTheGate() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quick(), tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.overridden()).isEmpty();
        assertThat(resolved.origins()).hasSizeGreaterThan(150);
        assertThat(XenGate.check(resolved.config(), "x86_64")).isEmpty();
        assertThat(resolved.dotConfig()).isEqualTo(tree().objects().resolve(".config"));
        assertThat(resolved.config()).isEqualTo(DotConfig.read(resolved.dotConfig()));
    }

    @Test
    void everyWishOfQuickIsGrantedForArm64Too() throws Exception {
        assertThat(Path.of("/usr/bin/aarch64-linux-gnu-gcc"))
                .as("./farm test installs the package gcc-aarch64-linux-gnu")
                .isExecutable();
        KernelTree tree = new KernelTree(source, folder.resolve("arm64"), "arm64", "aarch64-linux-gnu-");
        ResolvedConfig resolved = ConfigResolver.resolve(Profiles.builtIn().get("quick", "arm64"), tree);

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.overridden()).isEmpty();
        assertThat(XenGate.check(resolved.config(), "arm64")).isEmpty();
        assertThat(resolved.config().value("CC_VERSION_TEXT")).contains("aarch64-linux-gnu-gcc");
        Explanation console = ConfigExplainer.explain("SERIAL_AMBA_PL011_CONSOLE", resolved, Kconfig.read(tree));
        assertThat(console.why()).matches("hardware\\.arm64\\.config:\\d+ asks for it");
        assertThat(console.dependsOn()).contains("SERIAL_AMBA_PL011");
    }

    @Test
    void theDebugInformationThatAProfileAsksForIsGranted() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(Profiles.builtIn().get("quick-debug", "x86_64"), tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.overridden()).isEmpty();
        assertThat(resolved.config().isOn("DEBUG_INFO")).isTrue();
        assertThat(ConfigResolver.resolve(quick(), tree()).config().isOn("DEBUG_INFO"))
                .as("quick stays quick")
                .isFalse();
    }

    @Test
    void theSameWishesGiveTheSameFile() throws Exception {
        Path first = ConfigResolver.resolve(quick(), tree("first")).dotConfig();
        Path second = ConfigResolver.resolve(quick(), tree("second")).dotConfig();

        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void namesTheMenuWithoutWhichSquashfsIsDropped() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quickWith("MISC_FILESYSTEMS", null), tree());

        assertThat(resolved.dropped()).extracting(DroppedOption::option).containsExactly("SQUASHFS", "SQUASHFS_ZSTD");
        DroppedOption squashfs = resolved.dropped().get(0);
        assertThat(squashfs.wanted()).isEqualTo("m");
        assertThat(squashfs.got()).isEqualTo("n");
        assertThat(squashfs.why())
                .isEqualTo("it depends on MISC_FILESYSTEMS, which is n; ask for CONFIG_MISC_FILESYSTEMS=y as well");
        assertThat(squashfs.sentence())
                .startsWith("filesystems.config:" + squashfs.line() + ": CONFIG_SQUASHFS was wanted as m and is n: ");
        assertThat(Files.readAllLines(Path.of("fragments/filesystems.config")).get(squashfs.line() - 1))
                .isEqualTo("CONFIG_SQUASHFS=m");
    }

    @Test
    void followsTheChainBehindZoneDevice() throws Exception {
        Profile wanting = new Profile(
                "wanting",
                "A chain with its first links missing.",
                Base.ALLNOCONFIG,
                List.of(
                        Fragment.parse(
                                "memory",
                                "CONFIG_64BIT=y\nCONFIG_SPARSEMEM_VMEMMAP=y\nCONFIG_MEMORY_HOTPLUG=y\nCONFIG_ZONE_DEVICE=y\n")));

        DroppedOption zoneDevice =
                ConfigResolver.resolve(wanting, tree()).dropped().get(0);

        assertThat(zoneDevice.option()).isEqualTo("ZONE_DEVICE");
        assertThat(zoneDevice.why())
                .isEqualTo("it depends on MEMORY_HOTREMOVE, which is n; MEMORY_HOTREMOVE in turn depends on MIGRATION, "
                        + "which is n; ask for CONFIG_MIGRATION=y as well");
    }

    @Test
    void theSpecOverridesAFragmentAndTheGateSaysWhatThatCosts() throws Exception {
        ResolvedConfig resolved =
                ConfigResolver.resolve(quick(), Fragment.ofSpec(Map.of("XEN_PVHVM_GUEST", "n")), tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.config().isOn("XEN_PVHVM_GUEST")).isFalse();
        OptionOrigin origin = resolved.origins().get("XEN_PVHVM_GUEST");
        assertThat(resolved.overridden()).containsExactly(origin);
        assertThat(origin.wish().place()).isEqualTo("spec");
        assertThat(origin.overridden()).extracting(Wish::fragment).containsExactly("xen-guest.x86_64");
        assertThat(XenGate.check(resolved.config(), "x86_64"))
                .extracting(XenGate.Finding::option)
                .containsExactly("XEN_PVHVM_GUEST");
    }

    @Test
    void whatHangsOnAnOverriddenOptionNamesTheSpec() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quick(), Fragment.ofSpec(Map.of("XEN_DOM0", "n")), tree());

        assertThat(resolved.dropped()).extracting(DroppedOption::option).contains("XEN_ACPI_PROCESSOR");
        assertThat(resolved.dropped())
                .allSatisfy(dropped -> assertThat(dropped.why()).contains("XEN_DOM0, which is n, as the spec asks"));
    }

    @Test
    void ofTwoFragmentsTheLaterWins() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quickWith("OVERLAY_FS", "CONFIG_OVERLAY_FS=y\n"), tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.config().value("OVERLAY_FS")).isEqualTo("y");
        assertThat(resolved.overridden()).singleElement().satisfies(origin -> {
            assertThat(origin.wish().place()).isEqualTo("later.config:1");
            assertThat(origin.overridden()).extracting(Wish::value).containsExactly("m");
        });
    }

    @Test
    void inAChoiceTheMemberAskedForLastWins() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quick(), Fragment.ofSpec(Map.of("KERNEL_XZ", "y")), tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.config().value("KERNEL_XZ")).isEqualTo("y");
        OptionOrigin gzip = resolved.origins().get("KERNEL_GZIP");
        assertThat(gzip.wish()).isEqualTo(new Wish("KERNEL_GZIP", "n", Fragment.SPEC, 0));
        assertThat(gzip.overridden()).extracting(Wish::fragment).containsExactly("core.x86_64");
    }

    @Test
    void aMemberOfAChoiceThatCannotBeHadOverridesNone() throws Exception {
        ResolvedConfig resolved =
                ConfigResolver.resolve(quick(), Fragment.ofSpec(Map.of("KERNEL_UNCOMPRESSED", "y")), tree());

        assertThat(resolved.config().value("KERNEL_GZIP")).isEqualTo("y");
        assertThat(resolved.overridden()).isEmpty();
        assertThat(resolved.dropped())
                .extracting(DroppedOption::sentence)
                .containsExactly("spec: CONFIG_KERNEL_UNCOMPRESSED was wanted as y and is n: "
                        + "it depends on HAVE_KERNEL_UNCOMPRESSED, which is n");
    }

    @Test
    void tellsAnOptionThatThisKernelDoesNotHave() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(
                quick(), Fragment.ofSpec(Map.of("XEN_PVHVM_GEST", "n", "BCACHEFS_FS", "m")), tree());

        assertThat(resolved.dropped())
                .extracting(DroppedOption::sentence)
                .containsExactly(
                        "spec: CONFIG_BCACHEFS_FS was wanted as m and is n: no such option in Linux 6.1 for x86_64",
                        "spec: CONFIG_XEN_PVHVM_GEST was wanted as n and is n: no such option in Linux 6.1 for x86_64; "
                                + "did you mean XEN_PVHVM_GUEST?");
    }

    @Test
    void aDefconfigBaseTakesWishesToo() throws Exception {
        Profile profile = new Profile(
                "def",
                "The maintainers' recommendation, with Xen.",
                Base.DEFCONFIG,
                List.of(Fragment.parse("xen", "CONFIG_XEN=y\nCONFIG_XEN_PVH=y\n# CONFIG_USB_SUPPORT is not set\n")));

        ResolvedConfig resolved = ConfigResolver.resolve(profile, tree());

        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.config().value("EXT4_FS")).isEqualTo("y");
        assertThat(resolved.config().value("XEN_PVH")).isEqualTo("y");
        assertThat(resolved.config().isOn("USB_SUPPORT")).isFalse();
    }

    @Test
    void explainsAnyOption() throws Exception {
        ResolvedConfig resolved = ConfigResolver.resolve(quick(), tree());
        Kconfig kconfig = Kconfig.read(tree());

        Explanation asked = ConfigExplainer.explain("CONFIG_XEN_PVH", resolved, kconfig);
        assertThat(asked.option()).isEqualTo("XEN_PVH");
        assertThat(asked.value()).isEqualTo("y");
        assertThat(asked.prompt()).isEqualTo("Xen PVH guest support");
        assertThat(asked.definedAt()).startsWith("arch/x86/xen/Kconfig:");
        assertThat(asked.dependsOn()).isEqualTo("HYPERVISOR_GUEST && XEN && XEN_PVHVM && ACPI");
        assertThat(asked.why()).matches("xen-guest\\.x86_64\\.config:\\d+ asks for it");
        assertThat(asked.overridden()).isEmpty();

        Explanation selected = ConfigExplainer.explain("PVH", resolved, kconfig);
        assertThat(selected.wishes()).isEmpty();
        assertThat(selected.selectedBy()).containsExactly("XEN_PVH");
        assertThat(selected.why()).isEqualTo("it is selected by XEN_PVH");

        assertThat(ConfigExplainer.explain("SND", resolved, kconfig).why())
                .isEqualTo("it depends on SOUND, which is n; ask for CONFIG_SOUND=m as well");
        assertThat(ConfigExplainer.explain("BTRFS_FS", resolved, kconfig).why()).isEqualTo("nobody asked for it");
        assertThatThrownBy(() -> ConfigExplainer.explain("XEN_DOMO", resolved, kconfig))
                .isInstanceOf(ConfigException.class)
                .hasMessage("XEN_DOMO: no such option in Linux 6.1 for x86_64; did you mean XEN_DOM0?");
    }

    private static KernelTree tree() {
        return tree("objects");
    }

    private static KernelTree tree(String objects) {
        return new KernelTree(source, folder.resolve(objects), "x86_64");
    }

    private static Profile quick() {
        return Profiles.builtIn().get("quick", "x86_64");
    }

    /** Quick, with another wish for {@code option} at the end, or, where {@code later} is null, without any. */
    private static Profile quickWith(String option, String later) {
        Profile quick = quick();
        Stream<Fragment> fragments = later == null
                ? quick.fragments().stream()
                        .map(fragment -> new Fragment(
                                fragment.name(),
                                fragment.wishes().stream()
                                        .filter(wish -> !wish.option().equals(option))
                                        .toList()))
                : Stream.concat(quick.fragments().stream(), Stream.of(Fragment.parse("later", later)));
        return new Profile(quick.name(), quick.summary(), quick.base(), fragments.toList());
    }
}
