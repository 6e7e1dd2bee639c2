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
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.lease.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The distribution's kernel as guest of a Xen host that stands: a real sshd in a real dom0. The tests share one host, since it takes
 * its time to come up; the last one kills it.
 */
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealStandingHostTest {

    private static final String NAME = "lab1";
    private static final String XEN = "xen-" + StandingXenHost.VERSION;
    private static final Timeouts PATIENT =
            new Timeouts(Duration.ofMinutes(4), Duration.ofMinutes(8), Duration.ofMinutes(8));

    @TempDir
    private static Path shared;

    private static BootFiles files;
    private static StandingXenHost host;

    @TempDir
    private Path folder;

    private MachinesPlace place;
    private Leases leases;

    @BeforeAll
    static void startHost() throws Exception {
        files = new BootFiles(CacheLayout.standard(), new SilentProgress());
        Path dom0 = shared.resolve("dom0.img");
        StandingXenHost.makeDom0(dom0);
        host = StandingXenHost.start(shared.resolve("host"), files, dom0);
    }

    @AfterAll
    static void stopHost() {
        if (host != null) {
            host.close();
        }
    }

    @BeforeEach
    void list() throws IOException {
        Files.write(
                folder.resolve("machines.yaml"),
                Stream.concat(Stream.of("leases: leases", "machines:"), host.entry(NAME).stream())
                        .toList());
        place = new MachinesPlace(folder.resolve("machines.yaml"), true);
        leases = place.leases(place.read().orElseThrow());
    }

    @Test
    @Order(1)
    void runsGuestsAndLeavesNothingBehind() throws Exception {
        List<Cell> cells = Stream.of(Mode.PV, Mode.PVH, Mode.PVHVM)
                .map(mode -> cell(mode, XEN))
                .toList();

        MatrixResult result = boot(cells, CheckPlan.STANDARD, new MatrixListener() {});

        assertThat(result.cells()).allSatisfy(cell -> {
            assertThat(cell.verdict()).as(cell.toString()).isEqualTo(Verdict.PASS);
            assertThat(cell.attempts()).hasSize(1);
        });
        assertThat(result.emulator()).startsWith("Xen host 'lab1' behind its SSH server at 127.0.0.1:");
        nothingIsLeft();
        assertThat(leases.status(NAME).holder()).isEmpty();
        assertThat(leases.status(NAME).health().cells()).isEqualTo(3);
    }

    @Test
    @Order(2)
    void aHostThatLosesItsFarmTidiesUpByItself() throws Exception {
        CellResult cell = whenCreated(() -> ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/ssh"))
                .forEach(ProcessHandle::destroyForcibly));

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason()).contains("machine 'lab1': the connection to its SSH server at 127.0.0.1:");
        assertThat(leases.status(NAME).holder()).isEmpty();
        Instant end = Instant.now().plus(Duration.ofMinutes(5));
        while (!host.shell("ls /var/tmp/kernel-farm").isBlank()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(2000);
        }
        nothingIsLeft();
    }

    @Test
    @Order(3)
    void aHostThatDiesIsAnError() throws Exception {
        CellResult cell = whenCreated(() -> host.die());

        assertThat(cell.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(cell.reason())
                .contains("machine 'lab1': the connection to its SSH server at 127.0.0.1:")
                .endsWith("broke off; see that the host is well and the network is");
        assertThat(cell.attempts()).singleElement().satisfies(attempt -> assertThat(attempt.lastState())
                .isEqualTo("CREATED"));
        assertThat(leases.status(NAME).holder()).isEmpty();

        CellResult next = boot(List.of(cell(Mode.PV, XEN)), CheckPlan.NONE, new MatrixListener() {})
                .cells()
                .get(0);
        assertThat(next.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(next.reason()).contains(" cannot be reached (");
    }

    /** Boots a PV guest, and does {@code fault} as soon as there is one. */
    private CellResult whenCreated(Runnable fault) throws Exception {
        return boot(List.of(cell(Mode.PV, XEN)), CheckPlan.STANDARD, new MatrixListener() {
                    @Override
                    public void reached(Cell cell, int attempt, BootState state) {
                        if (state == BootState.CREATED) {
                            fault.run();
                        }
                    }
                })
                .cells()
                .get(0);
    }

    private static Cell cell(Mode mode, String hypervisor) {
        return new Cell(mode, hypervisor, "bios", NAME, true);
    }

    private static void nothingIsLeft() throws Exception {
        assertThat(host.shell("xl list").lines().skip(1)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("Domain-0"));
        assertThat(host.shell("ls /var/tmp/kernel-farm /var/log/xen; losetup -a; ip -o addr | grep 10.99"))
                .isEqualToIgnoringWhitespace("/var/log/xen: /var/tmp/kernel-farm:");
    }

    private MatrixResult boot(List<Cell> cells, CheckPlan checks, MatrixListener listener) throws Exception {
        Kernel kernel = files.control();
        try (BootMachines machines = BootMachines.take(
                List.of(NAME),
                Optional.empty(),
                place,
                (name, firmware, machine) -> Optional.empty(),
                new SilentProgress())) {
            MatrixResult result = MatrixRunner.run(
                    new Matrix(cells, kernel, () -> kernel),
                    new MatrixRunner.Setup(
                            machines::of,
                            hypervisor -> {
                                throw new IOException("a standing host has its own");
                            },
                            files.busybox(),
                            PATIENT,
                            1,
                            true,
                            checks,
                            folder.resolve("boot")),
                    listener);
            machines.ran(cells);
            return result;
        }
    }
}
