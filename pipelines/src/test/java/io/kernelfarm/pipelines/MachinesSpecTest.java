package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.ipmi.Bmc;
import io.kernelfarm.bootmatrix.machine.netboot.BootFolder;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachinesSpecTest {

    private static final String GOOD = """
            machines:
              - name: rack1-a
                bmc: 10.0.0.5
                user: admin
                password: {file: rack1-a.password}
                boot: {serve: '127.0.0.1:8069'}
              - name: rack1-b
                bmc: '[fd00::5]:6230'
                user: admin
                password: {env: RACK1_B}
                boot: {folder: tftp/rack1-b}
                firmware: uefi
                console: {port: 2, baud: 57600}
            health: {cells: 10, hours: 2}
            """;

    @TempDir
    private Path folder;

    @Test
    void namesMachinesAndWhereTheirPasswordsAre() throws IOException {
        MachinesPlace place = written(GOOD);
        MachinesSpec spec = place.read().orElseThrow();
        Path password = Files.writeString(folder.resolve("rack1-a.password"), "secret\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));

        assertThat(place.names()).containsExactly("qemu", "rack1-a", "rack1-b");
        assertThat(spec.policy().cells()).isEqualTo(10);
        assertThat(spec.policy().age()).isEqualTo(Duration.ofHours(2));
        MachinesSpec.Entry first = spec.machines().get(0);
        Bmc bmc = first.bmc(folder);
        assertThat(bmc.host()).isEqualTo("10.0.0.5");
        assertThat(bmc.port()).isEqualTo(623);
        assertThat(first.boot().place(folder)).isInstanceOf(BootServer.class);
        assertThat(first.console().line()).isEqualTo(SerialLine.FIRST);
        MachinesSpec.Entry second = spec.machines().get(1);
        assertThat(second.boot().place(folder)).isEqualTo(new BootFolder(folder.resolve("tftp/rack1-b")));
        assertThat(second.console().line().linux()).isEqualTo("console=ttyS1,57600");
        assertThat(second.console().line().xen()).isEqualTo("console=com2 com2=57600,8n1");
        assertThatThrownBy(() -> second.bmc(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the environment variable RACK1_B with a password is not set");
    }

    @Test
    void badInputGetsOneSentence() {
        refused("password: {file: rack1-a.password}", "password: secret", "must be a mapping");
        refused("password: {env: RACK1_B}", "password: {}", "names a file or an environment variable");
        refused("bmc: 10.0.0.5", "bmc: 'a b'", "machine 'rack1-a' has no address of its BMC");
        refused("name: rack1-b", "name: rack1-a", "'machines' has a name twice: [rack1-a, rack1-a]");
        refused("name: rack1-b", "name: qemu", "is not 'qemu'");
        refused("firmware: uefi", "firmware: coreboot", "unknown firmware 'coreboot'; there are bios, uefi");
        refused("serve: '127.0.0.1:8069'", "serve: '127.0.0.1'", "not an address and a port such as 10.0.0.1:8069");
        refused("port: 2", "port: 3", "'console.port' is 3");
        refused("cells: 10", "cells: 0", "'health' has a number below 1");
        refused("user: admin", "usr: admin", "unknown key 'usr'; did you mean 'user'?");
    }

    private void refused(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> written(GOOD.replace(good, bad)).read())
                .isInstanceOf(FarmException.class)
                .hasMessageStartingWith(folder.resolve("machines.yaml") + ":")
                .hasMessageContaining(message);
    }

    @Test
    void aListThatNobodyNamedNeedNotBeThere() {
        assertThat(new MachinesPlace(folder.resolve("none.yaml"), false).read()).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> new MachinesPlace(folder.resolve("none.yaml"), true).read())
                .isInstanceOf(FarmException.class)
                .hasMessage(
                        "there is no list of machines " + folder.resolve("none.yaml") + "; name one with --machines");
    }

    @Test
    void anUnknownMachineIsRefusedBeforeAnythingBoots() throws IOException {
        MachinesPlace place = written(GOOD);
        assertThatThrownBy(() -> BootMachines.take(
                        List.of("rack9"),
                        null,
                        place,
                        (name, firmware, machine) -> Optional.empty(),
                        new SilentProgress()))
                .isInstanceOf(FarmException.class)
                .hasMessage(
                        "unknown machine 'rack9'; there are qemu, rack1-a, rack1-b, and those of one's own are listed in "
                                + folder.resolve("machines.yaml"));
    }

    private MachinesPlace written(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("machines.yaml"), text);
        return new MachinesPlace(file, true);
    }
}
