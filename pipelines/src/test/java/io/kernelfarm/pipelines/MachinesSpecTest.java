package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.ipmi.Bmc;
import io.kernelfarm.bootmatrix.machine.netboot.BootFolder;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import io.kernelfarm.bootmatrix.machine.ssh.SshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
              - name: lab1
                ssh: {host: 10.0.0.7, identity: lab1.key, hostkey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfKu5St38Wp1077nSDBTTLP}
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

        assertThat(place.names()).containsExactly("qemu", "rack1-a", "rack1-b", "lab1");
        assertThat(spec.policy().cells()).isEqualTo(10);
        assertThat(spec.policy().age()).isEqualTo(Duration.ofHours(2));
        MachinesSpec.Entry first = spec.machines().get(0);
        Bmc bmc = first.bmc(place::secret);
        assertThat(bmc.host()).isEqualTo("10.0.0.5");
        assertThat(bmc.port()).isEqualTo(623);
        assertThat(first.boot().place(folder)).isInstanceOf(BootServer.class);
        assertThat(first.console().line()).isEqualTo(SerialLine.FIRST);
        MachinesSpec.Entry second = spec.machines().get(1);
        assertThat(second.boot().place(folder)).isEqualTo(new BootFolder(folder.resolve("tftp/rack1-b")));
        assertThat(second.console().line().linux()).isEqualTo("console=ttyS1,57600");
        assertThat(second.console().line().xen()).isEqualTo("console=com2 com2=57600,8n1");
        assertThatThrownBy(() -> second.bmc(place::secret))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the environment variable RACK1_B with a password is not set");
    }

    @Test
    void aFolderOfSecretsComesBeforeThoseBesideTheList() throws IOException {
        MachinesPlace place = written(GOOD);
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("lab1.key"), "key");
        Map<String, String> environment = Map.of("KERNEL_FARM_SECRETS", secrets.toString());

        assertThat(place.secret("lab1.key", environment)).isEqualTo(secrets.resolve("lab1.key"));
        assertThat(place.secret("rack1-a.password", environment)).isEqualTo(folder.resolve("rack1-a.password"));
        assertThat(place.secret("../secrets/lab1.key", environment)).isEqualTo(folder.resolve("../secrets/lab1.key"));
        assertThat(place.secret("lab1.key", Map.of())).isEqualTo(folder.resolve("lab1.key"));
    }

    @Test
    void namesStandingHosts() throws IOException {
        MachinesPlace place = written(GOOD);
        SshHost host = place.read().orElseThrow().machines().get(2).ssh().at("lab1", place::secret);

        assertThat(host.port()).isEqualTo(22);
        assertThat(host.user()).isEqualTo("root");
        assertThat(host.identity()).isEqualTo(folder.resolve("lab1.key"));
        assertThat(host.hostKey()).isInstanceOf(SshHost.HostKey.Pinned.class);
        assertThat(host.folder()).isEqualTo("/var/tmp/kernel-farm");
        assertThat(place.standing(List.of("qemu", "rack1-a", "lab1"))).containsExactly("lab1");
        refused("hostkey: ssh", "hostkey: AAAA ssh", "is not a public key such as 'ssh-ed25519 AAAA");
        refused("host: 10.0.0.7, ", "", "'ssh.host' is missing; name the host or its address");
        refused("identity: lab1.key, ", "", "'ssh.identity' is missing");
        refused("identity: lab1.key", "identity: lab1.key, knownhosts: hosts", "'ssh' says how the host is known");
        refused("identity: lab1.key", "identity: lab1.key, folder: tmp", "which is not an absolute path");
        refused(
                "identity: lab1.key",
                "identity: lab1.key, memory: 100",
                "'ssh.memory' is 100 MiB, and one guest takes");
        refused("- name: lab1", "- name: lab1\n    user: root", "machine 'lab1' has 'ssh', which is all that");
    }

    @Test
    void whatMakesNoSenseOnAStandingHostIsExcluded() throws IOException {
        MatrixSpec matrix = new MatrixSpec(
                        new MatrixSpec.Axes(null, null, null, List.of("rack1-a", "lab1")),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .on(written(GOOD));

        assertThat(matrix.excluded())
                .hasSize(2)
                .containsEntry(
                        new Cell(Mode.METAL, "none", "bios", "lab1", true),
                        "machine 'lab1' is a standing Xen host, which boots guests only");
        assertThat(matrix.cells()).hasSize(6 + 4);
    }

    @Test
    void badInputGetsOneSentence() {
        refused("password: {file: rack1-a.password}", "password: secret", "must be a mapping");
        refused("password: {env: RACK1_B}", "password: {}", "names a file or an environment variable");
        refused("bmc: 10.0.0.5", "bmc: 'a b'", "machine 'rack1-a' has no address of its BMC");
        refused("name: rack1-b", "name: rack1-a", "'machines' has a name twice: [rack1-a, rack1-a, lab1]");
        refused("name: rack1-b", "name: qemu", "is not 'qemu'");
        refused("firmware: uefi", "firmware: coreboot", "unknown firmware 'coreboot'; there are bios, uefi");
        refused("serve: '127.0.0.1:8069'", "serve: '127.0.0.1'", "not an address and a port such as 10.0.0.1:8069");
        refused("port: 2", "port: 3", "'console.port' is 3");
        refused("cells: 10", "cells: 0", "'health' has a number below 1");
        refused("user: admin", "usr: admin", "unknown key 'usr'; did you mean 'user'?");
    }

    @Test
    void aFakeMachineIsKnownByItsNameAndTakenAtOnce() throws Exception {
        MachinesPlace place = written("""
                machines:
                  - name: fake
                    fake: {}
                  - name: fake-alert
                    fake: {fail: [pvhvm-*], silent: [metal-*], flaky: ['*-4.20-*']}
                leases: leases
                """);

        try (BootMachines machines = BootMachines.take(
                List.of("fake", "fake-alert"),
                Optional.empty(),
                place,
                (name, firmware, machine) -> Optional.of("nobody asks for its health"),
                new SilentProgress())) {
            Machine machine = machines.of(new Cell(Mode.METAL, "none", "bios", "fake-alert", true));
            assertThat(machine.kind()).isEqualTo("fake");
            assertThat(machine.description()).contains("proves nothing");
            machines.ran(List.of());
        }
        assertThat(folder.resolve("leases")).doesNotExist();
        assertThat(place.firmware("fake")).isEmpty();

        refusedText("{name: rehearsal1, fake: {}}", "call it 'fake' or 'fake-rehearsal1'");
        refusedText("{name: fake-rack, bmc: 10.0.0.5}", "has the name of a fake one, and no 'fake'");
        refusedText("{name: fake, fake: {}, firmware: uefi}", "which is all that a fake machine has");
        refusedText("{name: fake, fake: {fail: [(a+)+]}}", "'fake' has '(a+)+', which is no name of cells");
        refusedText("{name: fake, fake: {fial: [pv-*]}}", "unknown key 'fial'; did you mean 'fail'?");
    }

    private void refusedText(String machine, String message) {
        assertThatThrownBy(() -> written("machines: [" + machine + "]").read())
                .isInstanceOf(FarmException.class)
                .hasMessageContaining(message);
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
                        Optional.empty(),
                        place,
                        (name, firmware, machine) -> Optional.empty(),
                        new SilentProgress()))
                .isInstanceOf(FarmException.class)
                .hasMessage(
                        "unknown machine 'rack9'; there are qemu, rack1-a, rack1-b, lab1, and those of one's own are listed in "
                                + folder.resolve("machines.yaml"));
    }

    private MachinesPlace written(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("machines.yaml"), text);
        return new MachinesPlace(file, true);
    }
}
