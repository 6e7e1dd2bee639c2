package io.kernelfarm.bootmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.boot.Timeouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HostPlannerTest {

    @Test
    void nobodyNeedsNoHost() {
        assertThat(hosts(List.of(), 2)).isEmpty();
    }

    @Test
    void theTwoHeavyModesAreKeptApart() {
        assertThat(hosts(cells("xen-4.17", Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM), 2))
                .containsExactlyInAnyOrder("xen-4.17 hvm pv", "xen-4.17 pvh pvhvm");
    }

    @Test
    void oneHostTakesThemAll() {
        assertThat(hosts(cells("xen-4.17", Mode.DOM0_PV, Mode.PV, Mode.HVM, Mode.PVH), 1))
                .containsExactly("xen-4.17 dom0-pv hvm pv pvh");
    }

    @Test
    void thereAreNoMoreHostsThanGuestsAndTheHeaviestComesFirst() {
        assertThat(hosts(cells("xen-4.17", Mode.PV, Mode.PVHVM), 8)).containsExactly("xen-4.17 pvhvm", "xen-4.17 pv");
    }

    @Test
    void aHostMoreHasToPayForItsBoot() {
        List<Cell> all = new ArrayList<>();
        for (String hypervisor : List.of("xen-4.14", "xen-4.17")) {
            all.addAll(cells(hypervisor, Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM));
        }
        assertThat(hosts(all, 2))
                .containsExactlyInAnyOrder("xen-4.14 dom0-pv hvm pv pvh pvhvm", "xen-4.17 dom0-pv hvm pv pvh pvhvm");
    }

    @Test
    void cellsThatNeedAnotherDom0HaveAnotherHost() {
        assertThat(hosts(cells("xen-4.17", Mode.DOM0_PV, Mode.DOM0_PVH, Mode.PV), 1))
                .containsExactly("xen-4.17 dom0-pv pv", "xen-4.17 dom0-pvh");
    }

    @Test
    void machinesDoNotShareHosts() {
        List<Cell> all = new ArrayList<>(cells("xen-4.17", Mode.PV, Mode.PVH));
        all.add(new Cell(Mode.PV, "xen-4.17", "bios", "rack1", true));
        assertThat(hosts(all, 1)).containsExactly("xen-4.17 pv pvh", "xen-4.17 pv");
    }

    @Test
    void guestsThatShareAProcessorHaveMoreTime() {
        Timeouts two = Timeouts.DEFAULT;
        assertThat(two.forGuests(0)).isEqualTo(two);
        assertThat(two.forGuests(2)).isEqualTo(two);
        assertThat(two.forGuests(5).cell()).isEqualTo(two.cell().multipliedBy(5).dividedBy(2));
        assertThat(two.forGuests(5).dom0()).isEqualTo(two.dom0());
    }

    private static List<Cell> cells(String hypervisor, Mode... modes) {
        return Arrays.stream(modes)
                .map(mode -> new Cell(mode, hypervisor, "bios", "qemu", true))
                .toList();
    }

    /** For each host its hypervisor and, by name, its modes. */
    private static List<String> hosts(List<Cell> cells, int atOnce) {
        return HostPlanner.hosts(cells, cell -> cell.mode() == Mode.DOM0_PVH ? "pvh" : "pv", machine -> atOnce).stream()
                .map(host -> host.get(0).hypervisor()
                        + host.stream()
                                .map(cell -> " " + cell.mode().id())
                                .sorted()
                                .collect(Collectors.joining()))
                .toList();
    }
}
