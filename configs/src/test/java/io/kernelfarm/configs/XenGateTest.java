package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.configs.XenGate.Finding;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class XenGateTest {
    @Test
    void theWishesOfQuickPass() {
        assertThat(XenGate.check(quick())).isEmpty();
    }

    @Test
    void namesWhatIsMissingAndWhy() {
        assertThat(XenGate.check(with("XEN_PVHVM_GUEST", "n")))
                .singleElement()
                .extracting(Finding::sentence)
                .isEqualTo("CONFIG_XEN_PVHVM_GUEST is n and should be y: pvhvm becomes plain hvm without it: "
                        + "emulated disks and network only");
    }

    @Test
    void modulesWillDoForDriversAndNotForTheCore() {
        assertThat(XenGate.check(with("XEN_BLKDEV_FRONTEND", "m"))).isEmpty();
        assertThat(XenGate.check(with("XEN_BLKDEV_FRONTEND", "n")))
                .singleElement()
                .extracting(Finding::wanted)
                .isEqualTo("y or m");
        assertThat(XenGate.check(with("XEN_BACKEND", "m")))
                .singleElement()
                .extracting(Finding::got)
                .isEqualTo("m");
    }

    @Test
    void refusesACompressionThatOldXenCannotRead() {
        assertThat(XenGate.check(with("KERNEL_ZSTD", "y")))
                .singleElement()
                .extracting(Finding::reason)
                .isEqualTo("Xen 4.14 cannot unpack a zstd image for dom0; KERNEL_GZIP works everywhere");
    }

    @Test
    void aKernelWithoutXenBreaksAlmostEveryRule() {
        assertThat(XenGate.check(new DotConfig(new TreeMap<>())))
                .extracting(Finding::option)
                .contains("XEN", "XEN_DOM0", "HVC_XEN", "XENFS")
                .doesNotContain("KERNEL_ZSTD");
    }

    private static DotConfig quick() {
        SortedMap<String, String> values = new TreeMap<>();
        Profiles.builtIn().get("quick").fragments().stream()
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
