package io.kernelfarm.bootmatrix.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleFaultsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[    2.113502] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
                "[    1.994210] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100",
                "[    0.412004] Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.",
                "(d3) [    0.004000] Kernel panic - not syncing: Fatal exception",
                "[    2.120000] ---[ end Kernel panic - not syncing: Fatal exception ]---",
                "(XEN) Panic on CPU 0:",
                "(XEN) FATAL TRAP: vec 14, #PF[0003]",
                "(XEN) Xen BUG at arch/x86/mm.c:1234",
                "(XEN) Assertion 'spin_is_locked(&d->lock)' failed at common/domain.c:567",
                "(XEN) Hardware Dom0 crashed: rebooting machine in 5 seconds.",
                "(XEN) Hardware Dom0 shutdown: rebooting machine",
                "(XEN) Domain 0 (vcpu#0) crashed on cpu#0:",
                "(XEN) Domain 12 (vcpu#3) crashed on cpu#1:",
                "(XEN) d2v0 Triple fault - invoking HVM shutdown action 1"
            })
    void theseAreTheEnd(String line) {
        assertThat(ConsoleFaults.isFatal(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[    0.000000] Command line: console=hvc0 panic=1 quiet oops=panic",
                "[    0.101043] Kernel command line: panic_on_warn=0 panic=1",
                "[    3.673242] PCI: Fatal: No config space access function found",
                "[    3.751662] ACPI Error: No handler or method for GPE 00, disabling event (20220331/evgpe-839)",
                "[    1.200000] ------------[ cut here ]------------",
                "[    1.200000] WARNING: CPU: 0 PID: 1 at kernel/irq/chip.c:210",
                "[    5.673510] reboot: System halted",
                "(XEN) Dom0 has maximum 1 VCPUs",
                "(XEN) Command line: console=com1 com1=115200,8n1 dom0_mem=1024M noreboot",
                "(XEN) Std. Loglevel: All",
                "(XEN) d0: Forcing read-only access to MFN fed00",
                "(XEN) Scrubbing Free RAM in background",
                "(XEN) HVM d2v0 save: CPU",
                "init: the panic button was not pressed"
            })
    void lifeGoesOnAfterThese(String line) {
        assertThat(ConsoleFaults.isFatal(line)).isFalse();
    }
}
