package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.lease.Leases;
import io.kernelfarm.bootmatrix.machine.ipmi.SimulatedServer;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The distribution's kernel on a bare machine: a real {@code ipmi_sim}, whose hardware is a QEMU that boots from the network.
 * All that is seen of it comes over serial-over-LAN.
 */
@Tag("real")
class RealBareMachineTest {

    private static final String NAME = "rack1-a";
    private static final String XEN = "xen-4.17";
    private static final Timeouts PATIENT =
            new Timeouts(Duration.ofMinutes(4), Duration.ofMinutes(8), Duration.ofMinutes(8));

    @TempDir
    private Path folder;

    private final BootFiles files = new BootFiles(CacheLayout.standard(), new SilentProgress());
    private SimulatedServer server;
    private MachinesPlace place;
    private Leases leases;

    @BeforeEach
    void makeServer() throws Exception {
        InetSocketAddress boot = SimulatedServer.freePort();
        // The emulator's network shows the host's loopback as 10.0.2.2.
        server = SimulatedServer.make(
                folder.resolve("server"), 4096, "bootfile=http://10.0.2.2:" + boot.getPort() + "/boot.ipxe");
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, SimulatedServer.PASSWORD + "\n");
        place = new MachinesPlace(folder.resolve("machines.yaml"), true);
        list("serve: '127.0.0.1:" + boot.getPort() + "'");
        leases = place.leases(place.read().orElseThrow());
    }

    private void list(String boot) throws IOException {
        Files.writeString(
                folder.resolve("machines.yaml"),
                String.join(
                        "\n",
                        "leases: leases",
                        "machines:",
                        "  - name: " + NAME,
                        "    bmc: 127.0.0.1:" + server.port(),
                        "    user: " + SimulatedServer.USER,
                        "    password: {file: password}",
                        "    boot: {" + boot + "}",
                        ""));
    }

    @AfterEach
    void scrapServer() throws Exception {
        server.close();
    }

    @Test
    void bootsBareThenXenWithItsDom0AndGuests() throws Exception {
        List<Cell> cells = List.of(
                new Cell(Mode.METAL, "none", "bios", NAME, true),
                new Cell(Mode.DOM0_PV, XEN, "bios", NAME, true),
                new Cell(Mode.PV, XEN, "bios", NAME, true),
                new Cell(Mode.PVH, XEN, "bios", NAME, true),
                new Cell(Mode.HVM, XEN, "bios", NAME, true),
                new Cell(Mode.PVHVM, XEN, "bios", NAME, true));

        MatrixResult result = boot(cells, (name, firmware, machine) -> Optional.empty());

        assertThat(result.cells()).allSatisfy(cell -> {
            assertThat(cell.verdict()).as(cell.toString()).isEqualTo(Verdict.PASS);
            assertThat(cell.attempts()).hasSize(1);
        });
        assertThat(result.emulator()).startsWith("bare machine 'rack1-a' behind its BMC at 127.0.0.1:");
        CellResult metal = result.cells().get(0);
        assertThat(metal.checks())
                .filteredOn(check -> check.name().equals("block"))
                .singleElement()
                .satisfies(check -> assertThat(check.evidence().get(0).text()).contains("driver=loop"));
        assertThat(server.isOn()).isFalse();
        assertThat(leases.status(NAME).holder()).isEmpty();
        assertThat(leases.status(NAME).health().cells()).isEqualTo(6);
    }

    @Test
    void bootsFromAFolderThatSomebodyElseServes() throws Exception {
        server.close();
        Path served = Files.createDirectory(folder.resolve("tftp"));
        // The emulator's network has a TFTP server of its own, which knows nothing of the farm.
        server = SimulatedServer.make(folder.resolve("other"), 1024, "tftp=" + served + ",bootfile=boot.ipxe");
        list("folder: tftp");

        CellResult metal = boot(
                        List.of(new Cell(Mode.METAL, "none", "bios", NAME, true)),
                        (name, firmware, machine) -> Optional.empty())
                .cells()
                .get(0);

        assertThat(metal.verdict()).as(metal.reason()).isEqualTo(Verdict.PASS);
        assertThat(served).as("what the farm lent").isEmptyDirectory();
    }

    @Test
    void whatIsWrongWithTheMachineIsAnErrorAndFreesIt() throws Exception {
        List<Cell> metal = List.of(new Cell(Mode.METAL, "none", "bios", NAME, true));
        Files.writeString(folder.resolve("password"), "wrong\n");

        CellResult refused = boot(metal, (name, firmware, machine) -> Optional.empty())
                .cells()
                .get(0);
        assertThat(refused.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(refused.reason())
                .contains("machine 'rack1-a': its BMC at 127.0.0.1:")
                .contains(" refuses the password of user 'admin'; put the right one into file " + folder + "/password");
        assertThat(leases.status(NAME).holder()).isEmpty();

        leases.restore(NAME);
        CellResult sick = boot(metal, (name, firmware, machine) -> Optional.of("its fan stands still"))
                .cells()
                .get(0);
        assertThat(sick.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(sick.reason()).contains("machine 'rack1-a' is set aside now: its fan stands still");
        assertThat(leases.status(NAME).holder()).isEmpty();

        CellResult next = boot(metal, (name, firmware, machine) -> Optional.empty())
                .cells()
                .get(0);
        assertThat(next.reason()).contains("its fan stands still").contains("farm machines --restore rack1-a");
    }

    private MatrixResult boot(List<Cell> cells, BootMachines.HealthCheck health) throws Exception {
        Kernel kernel = files.control();
        XenHost.Assets xen = files.xen(XEN, false);
        try (BootMachines machines =
                BootMachines.take(List.of(NAME), Optional.empty(), place, health, new SilentProgress())) {
            assertThat(leases.status(NAME).holder().isPresent())
                    .isEqualTo(machines.of(cells.get(0)).isBare());
            MatrixResult result = MatrixRunner.run(
                    new Matrix(cells, kernel, () -> kernel),
                    new MatrixRunner.Setup(
                            machines::of,
                            hypervisor -> xen,
                            files.busybox(),
                            PATIENT,
                            1,
                            true,
                            CheckPlan.NONE,
                            folder.resolve("boot")),
                    new MatrixListener() {});
            machines.ran(cells);
            return result;
        }
    }
}
