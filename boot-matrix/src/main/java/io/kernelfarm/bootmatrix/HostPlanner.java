package io.kernelfarm.bootmatrix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Says which cells share a Xen host. */
final class HostPlanner {

    private HostPlanner() {}

    /**
     * Seconds that a guest of {@code mode} keeps an otherwise idle emulated host busy. Only their proportions matter.
     */
    static int weight(Mode mode) {
        return switch (mode) {
            case HVM, PVHVM -> 16;
            case PVH -> 7;
            case PV -> 6;
            case METAL, DOM0_PV -> 3;
        };
    }

    /** Spreads {@code guests} over at most {@code hosts} hosts so that all are done at about the same time, heaviest host first. */
    static List<List<Cell>> spread(List<Cell> guests, int hosts) {
        List<List<Cell>> plan = new ArrayList<>();
        for (int i = 0; i < Math.min(hosts, guests.size()); i++) {
            plan.add(new ArrayList<>());
        }
        Comparator<Cell> heaviestFirst = Comparator.comparingInt(cell -> -weight(cell.mode()));
        for (Cell guest : guests.stream().sorted(heaviestFirst).toList()) {
            plan.stream()
                    .min(Comparator.comparingInt(HostPlanner::load))
                    .orElseThrow()
                    .add(guest);
        }
        plan.sort(Comparator.comparingInt(host -> -load(host)));
        return plan;
    }

    private static int load(List<Cell> host) {
        return host.stream().mapToInt(cell -> weight(cell.mode())).sum();
    }
}
