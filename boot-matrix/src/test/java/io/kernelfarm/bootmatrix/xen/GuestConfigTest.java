package io.kernelfarm.bootmatrix.xen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GuestConfigTest {

    @ParameterizedTest
    @EnumSource(names = {"PV", "PVH"})
    void theToolstackLoadsTheKernelOfAParavirtualizedGuest(Mode mode) {
        assertThat(config(mode, Optional.empty()).lines())
                .contains(
                        "name = \"the-guest\"",
                        "type = \"" + mode.id() + "\"",
                        "kernel = \"/run/payload/vmlinuz\"",
                        "ramdisk = \"/run/payload/initrd.gz\"",
                        "extra = \"console=hvc0 farm.nonce=00ff\"",
                        "disk = [ 'format=raw,vdev=xvdb,access=rw,backendtype=phy,script=farm-block,target=/dev/vdd' ]");
    }

    @ParameterizedTest
    @CsvSource({"HVM, hd", "PVHVM, sd"})
    void theFirmwareLoadsTheKernelOfAFullyVirtualizedGuestFromItsBootDisk(Mode mode, String bus) {
        assertThat(config(mode, Optional.of("/dev/vde")))
                .contains(
                        "type = \"hvm\"\n",
                        "boot = \"c\"\n",
                        "disk = [ 'format=raw,vdev=" + bus
                                + "a,access=rw,backendtype=phy,script=farm-block,target=/dev/vde',"
                                + " 'format=raw,vdev=" + bus
                                + "b,access=rw,backendtype=phy,script=farm-block,target=/dev/vdd' ]\n")
                .doesNotContain("kernel =", "extra =");
    }

    @Test
    void onlyAFullyVirtualizedGuestHasAnEmulatedNetworkCard() {
        assertThat(config(Mode.HVM, Optional.of("/dev/vde")))
                .contains("vif = [ 'ip=10.99.3.1,type=ioemu,model=e1000,script=farm-tap' ]\n");
        assertThat(config(Mode.PVHVM, Optional.of("/dev/vde")))
                .contains("vif = [ 'ip=10.99.3.1,type=vif,script=farm-vif' ]\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"PV", "PVH", "HVM", "PVHVM"})
    void aGuestThatCrashesOrRebootsIsGone(Mode mode) {
        assertThat(config(mode, Optional.of("/dev/vde")).lines())
                .contains("on_crash = \"destroy\"", "on_reboot = \"destroy\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"METAL", "DOM0_PV", "DOM0_PVH"})
    void whatIsNoGuestHasNoConfiguration(Mode mode) {
        assertThatThrownBy(() -> config(mode, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(mode.id());
    }

    @Test
    void everyLineIsAnAssignment() {
        assertThat(config(Mode.HVM, Optional.of("/dev/vde")).lines()).allMatch(line -> line.matches("\\w+ = .+"));
    }

    private static String config(Mode mode, Optional<String> bootDevice) {
        return new GuestConfig("the-guest", mode, "console=hvc0 farm.nonce=00ff", "/dev/vdd", bootDevice, 3, 1)
                .render();
    }
}
