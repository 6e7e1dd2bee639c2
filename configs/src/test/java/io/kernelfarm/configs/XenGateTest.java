package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.configs.XenGate.Finding;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class XenGateTest {
    @Test
    void theWishesOfQuickPass() {
        assertThat(XenGate.check(quick(), "x86_64")).isEmpty();
    }

    @Test
    void namesWhatIsMissingAndWhy() {
        assertThat(XenGate.check(with("XEN_PVHVM_GUEST", "n"), "x86_64"))
                .singleElement()
                .extracting(Finding::sentence)
                .isEqualTo("CONFIG_XEN_PVHVM_GUEST is n and should be y: pvhvm becomes plain hvm without it: "
                        + "emulated disks and network only");
    }

    @Test
    void modulesWillDoForDriversAndNotForTheCore() {
        assertThat(XenGate.check(with("XEN_BLKDEV_FRONTEND", "m"), "x86_64")).isEmpty();
        assertThat(XenGate.check(with("XEN_BLKDEV_FRONTEND", "n"), "x86_64"))
                .singleElement()
                .extracting(Finding::wanted)
                .isEqualTo("y or m");
        assertThat(XenGate.check(with("XEN_BACKEND", "m"), "x86_64"))
                .singleElement()
                .extracting(Finding::got)
                .isEqualTo("m");
    }

    @Test
    void refusesACompressionThatOldXenCannotRead() {
        assertThat(XenGate.check(with("KERNEL_ZSTD", "y"), "x86_64"))
                .singleElement()
                .extracting(Finding::reason)
                .isEqualTo("Xen 4.14 cannot unpack a zstd image for dom0; KERNEL_GZIP works everywhere");
    }

    @Test
    void asksNothingOfAnArchitectureThatItDoesNotHave() {
        assertThat(XenGate.check(quick("arm64"), "arm64")).isEmpty();
        assertThat(XenGate.check(quick("arm64"), "x86_64"))
                .extracting(Finding::option)
                .contains("XEN_PV", "XEN_PVH", "PCI_XEN")
                .doesNotContain("XEN", "XEN_DOM0");
        assertThat(XenGate.check(new DotConfig(new TreeMap<>()), "arm64"))
                .extracting(Finding::option)
                .contains("XEN", "XEN_DOM0", "HVC_XEN")
                .doesNotContain("XEN_PV", "HYPERVISOR_GUEST", "HIBERNATE_CALLBACKS");
    }

    @Test
    void aKernelWithoutXenBreaksAlmostEveryRule() {
        assertThat(XenGate.check(new DotConfig(new TreeMap<>()), "x86_64"))
                .extracting(Finding::option)
                .contains("XEN", "XEN_DOM0", "HVC_XEN", "XENFS")
                .doesNotContain("KERNEL_ZSTD");
    }

    private static DotConfig quick() {
        return quick("x86_64");
    }

    private static DotConfig quick(String arch) {
        SortedMap<String, String> values = new TreeMap<>();
        Profiles.builtIn().get("quick", arch).fragments().stream()
                .flatMap(fragment -> fragment.wishes().stream())
                .forEach(wish -> values.put(wish.option(), wish.value()));
        return new DotConfig(values);
    }

    private static DotConfig with(String option, String value) {
        SortedMap<String, String> values = new TreeMap<>(quick().values());
        values.put(option, value);
        return new DotConfig(values);
    }
}
