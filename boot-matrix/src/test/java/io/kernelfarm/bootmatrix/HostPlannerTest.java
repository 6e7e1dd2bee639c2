package io.kernelfarm.bootmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.boot.Timeouts;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostPlannerTest {

    @Test
    void nobodyNeedsNoHost() {
        assertThat(HostPlanner.spread(List.of(), 2)).isEmpty();
    }

    @Test
    void theTwoHeavyModesAreKeptApartAndTheLightestHostComesLast() {
        assertThat(modes(HostPlanner.spread(cells(Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM), 2)))
                .containsExactly(List.of(Mode.HVM, Mode.PVH), List.of(Mode.PVHVM, Mode.PV));
    }

    @Test
    void oneHostTakesThemAll() {
        assertThat(modes(HostPlanner.spread(cells(Mode.PV, Mode.HVM, Mode.PVH), 1)))
                .containsExactly(List.of(Mode.HVM, Mode.PVH, Mode.PV));
    }

    @Test
    void thereAreNoMoreHostsThanGuests() {
        assertThat(modes(HostPlanner.spread(cells(Mode.PV, Mode.PVHVM), 8)))
                .containsExactly(List.of(Mode.PVHVM), List.of(Mode.PV));
    }

    @Test
    void aHostMoreHasToPayForItsBoot() {
        List<Cell> four = cells(Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM);
        assertThat(HostPlanner.hosts(List.of(four), 1)).containsExactly(1);
        assertThat(HostPlanner.hosts(List.of(four), 2)).containsExactly(2);
        assertThat(HostPlanner.hosts(List.of(four, four), 2)).containsExactly(1, 1);
        assertThat(HostPlanner.hosts(List.of(four, four, four), 2)).containsExactly(2, 1, 1);
        assertThat(HostPlanner.hosts(List.of(List.of(), cells(Mode.PV)), 2)).containsExactly(0, 1);
    }

    @Test
    void guestsThatShareAProcessorHaveMoreTime() {
        Timeouts two = Timeouts.DEFAULT;
        assertThat(two.forGuests(0)).isEqualTo(two);
        assertThat(two.forGuests(2)).isEqualTo(two);
        assertThat(two.forGuests(5).cell()).isEqualTo(two.cell().multipliedBy(5).dividedBy(2));
        assertThat(two.forGuests(5).dom0()).isEqualTo(two.dom0());
    }

    private static List<Cell> cells(Mode... modes) {
        return Arrays.stream(modes)
                .map(mode -> new Cell(mode, "xen-4.17", "bios", "qemu", true))
                .toList();
    }

    private static List<List<Mode>> modes(List<List<Cell>> plan) {
        return plan.stream().map(host -> host.stream().map(Cell::mode).toList()).toList();
    }
}
