package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.plan.Plan;
import io.kernelfarm.bootmatrix.plan.Planner;
import io.kernelfarm.bootmatrix.plan.Post;
import io.kernelfarm.bootmatrix.plan.Start;
import io.kernelfarm.bootmatrix.plan.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Says which cells share a Xen host. */
final class HostPlanner {

    /**
     * What a host does before it can make a guest, in seconds of an otherwise idle emulated one, as {@link #weight}. Only
     * their proportions matter.
     */
    private static final int HOST_WEIGHT = 11;

    private HostPlanner() {}

    /** Seconds that a cell of {@code mode} keeps its host busy. */
    static int weight(Mode mode) {
        return switch (mode) {
            case HVM -> 27;
            case PVHVM -> 17;
            case PVH -> 13;
            case PV -> 12;
            case DOM0_PVH -> 12; // with a guest of its own
            case METAL, DOM0_PV -> 6;
        };
    }

    /** The same of a host that serves {@code cells}. */
    static int weight(List<Cell> cells) {
        return HOST_WEIGHT
                + cells.stream().mapToInt(cell -> weight(cell.mode())).sum();
    }

    /**
     * Spreads {@code cells}, none of which boots bare, over hosts so that all are done soon.
     *
     * @param dom0 what the dom0 is that a cell needs; cells of one machine, hypervisor and firmware whose dom0s are equal can share a
     *     host
     * @param atOnce how many hosts of a machine run at the same time
     * @return the cells of each host, the host with most to do first
     */
    static List<List<Cell>> hosts(List<Cell> cells, Function<Cell, String> dom0, ToIntFunction<String> atOnce) {
        Map<String, Cell> byId = new HashMap<>();
        List<Task> tasks = new ArrayList<>();
        for (Cell cell : cells) {
            byId.put(cell.id(), cell);
            Start start = new Start(cell.machine(), cell.hypervisor(), cell.firmware(), dom0.apply(cell), HOST_WEIGHT);
            tasks.add(new Task(cell.id(), start, weight(cell.mode())));
        }
        Set<String> hypervisors = cells.stream().map(Cell::hypervisor).collect(Collectors.toSet());
        Set<String> firmware = cells.stream().map(Cell::firmware).collect(Collectors.toSet());
        List<Post> posts = new ArrayList<>();
        for (String machine : cells.stream().map(Cell::machine).distinct().toList()) {
            for (int i = 1; i <= atOnce.applyAsInt(machine); i++) {
                posts.add(new Post(machine + "-" + i, machine, hypervisors, firmware));
            }
        }
        List<List<Cell>> hosts = new ArrayList<>();
        for (Plan.Work work : Planner.plan(posts, tasks).work()) {
            Map<Start, List<Cell>> batches = new LinkedHashMap<>();
            for (Task task : work.tasks()) {
                batches.computeIfAbsent(task.start(), start -> new ArrayList<>())
                        .add(byId.get(task.cell()));
            }
            hosts.addAll(batches.values());
        }
        hosts.sort(Comparator.comparingInt(host -> -weight(host)));
        return hosts;
    }
}
