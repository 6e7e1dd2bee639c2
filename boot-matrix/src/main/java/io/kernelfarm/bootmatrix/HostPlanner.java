package io.kernelfarm.bootmatrix;

import java.util.ArrayList;
import java.util.Arrays;
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
            case METAL, DOM0_PV, DOM0_PVH -> 3;
        };
    }

    /** The same of what a host does before it can make a guest. */
    private static final int HOST_WEIGHT = 8;

    /**
     * Says how many hosts each group of {@code groups}, whose guests cannot share a host with another group's, is worth.
     *
     * @param slots how many hosts run at the same time
     * @return for each group the number of its hosts, none for a group without guests
     */
    static List<Integer> hosts(List<List<Cell>> groups, int slots) {
        List<Integer> hosts = new ArrayList<>();
        groups.forEach(group -> hosts.add(group.isEmpty() ? 0 : 1));
        int best = makespan(groups, hosts, slots);
        while (true) {
            int where = -1;
            for (int i = 0; i < groups.size(); i++) {
                if (hosts.get(i) == Math.min(slots, groups.get(i).size())) {
                    continue;
                }
                // A host more costs a boot more: it has to pay.
                hosts.set(i, hosts.get(i) + 1);
                int length = makespan(groups, hosts, slots);
                if (length < best) {
                    best = length;
                    where = i;
                }
                hosts.set(i, hosts.get(i) - 1);
            }
            if (where < 0) {
                return hosts;
            }
            hosts.set(where, hosts.get(where) + 1);
        }
    }

    /** When the last host is done if each free slot takes the heaviest that waits. */
    private static int makespan(List<List<Cell>> groups, List<Integer> hosts, int slots) {
        List<Integer> loads = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            spread(groups.get(i), hosts.get(i)).forEach(host -> loads.add(HOST_WEIGHT + load(host)));
        }
        loads.sort(Comparator.reverseOrder());
        int[] busy = new int[slots];
        for (int load : loads) {
            Arrays.sort(busy);
            busy[0] += load;
        }
        return Arrays.stream(busy).max().orElse(0);
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
