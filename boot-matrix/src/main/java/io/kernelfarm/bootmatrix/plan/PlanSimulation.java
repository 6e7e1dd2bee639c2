package io.kernelfarm.bootmatrix.plan;

import io.kernelfarm.bootmatrix.Mode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Machines that die while they work through a plan: what the planner is measured with. Nothing is booted; all comes from a seed.
 *
 * @param makespan when the last cell was done, in seconds of the simulated clock
 * @param lowerBound that nobody could beat who had known from the start which machine dies when: for each set of starts, the
 *     seconds of their cells and one start of each, spread without gaps over the machines that serve any of them, as long as
 *     those live; and the longest cell with its start
 * @param died how many machines died while there was work
 * @param moved how many cells were planned anew because theirs did
 * @param finished how many cells were done, each exactly once
 * @param lost how many could not be done, because no machine was left for them
 * @param planned seconds that all planning took together on this computer
 * @param processor seconds of a processor's time in these; fewer, if others use it as well
 */
public record PlanSimulation(
        int cells,
        int machines,
        double makespan,
        double lowerBound,
        int died,
        int moved,
        int finished,
        int lost,
        double planned,
        double processor) {

    private static final List<String> HYPERVISORS = List.of("xen-4.14", "xen-4.17", "xen-4.20");
    private static final List<String> KINDS = List.of("qemu", "qemu", "qemu", "board-a", "board-b");
    private static final List<Mode> MODES = List.of(Mode.METAL, Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM);
    private static final int KERNELS = 20;

    /** How much longer the same cell may take on another kernel, at most. */
    private static final double SPREAD = 0.4;

    /** Seconds from power on to a dom0 that makes guests, as emulated hosts need. */
    private static final double HOST_START = 9;

    /**
     * What is to be done.
     *
     * @param deaths seconds at which machines die; who is not in it lives
     */
    public record Scene(List<Post> machines, List<Task> tasks, Map<String, Double> deaths) {}

    /** How much longer it took than the lower bound. */
    public double ratio() {
        return makespan / lowerBound;
    }

    /**
     * A scene of machines that differ in kind, hypervisors and firmware, and of kernels that are to be booted in cells that at
     * least one machine can serve. One machine of twenty dies at some time while the others work.
     */
    public static Scene scene(int cells, int machines, long seed) {
        Random random = new Random(seed);
        List<Post> posts = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            Set<String> hypervisors = new HashSet<>(Set.of("none"));
            HYPERVISORS.stream().filter(each -> random.nextInt(3) > 0).forEach(hypervisors::add);
            Set<String> firmware =
                    switch (random.nextInt(4)) {
                        case 0 -> Set.of("bios");
                        case 1 -> Set.of("uefi");
                        default -> Set.of("bios", "uefi");
                    };
            posts.add(new Post("machine-" + i, KINDS.get(random.nextInt(KINDS.size())), hypervisors, firmware));
        }
        List<Task> tasks = new ArrayList<>();
        while (tasks.size() < cells) {
            Mode mode = MODES.get(random.nextInt(MODES.size()));
            Start start = new Start(
                    KINDS.get(random.nextInt(KINDS.size())),
                    mode == Mode.METAL ? "none" : HYPERVISORS.get(random.nextInt(HYPERVISORS.size())),
                    random.nextInt(3) > 0 ? "bios" : "uefi",
                    "kernel-" + random.nextInt(KERNELS),
                    mode == Mode.METAL ? 0 : HOST_START);
            double seconds = seconds(mode) * (1 + SPREAD * random.nextDouble());
            if (posts.stream().anyMatch(post -> post.serves(start))) {
                tasks.add(new Task("cell-" + tasks.size() + "-" + mode.id(), start, seconds));
            }
        }
        double all = lowerBound(posts, tasks, Map.of());
        Map<String, Double> deaths = new LinkedHashMap<>();
        for (Post post : posts) {
            if (random.nextInt(20) == 0) {
                deaths.put(post.id(), random.nextDouble() * all);
            }
        }
        return new Scene(posts, tasks, deaths);
    }

    /** Seconds of a cell on an idle emulated host. */
    private static double seconds(Mode mode) {
        return switch (mode) {
            case HVM, PVHVM -> 36;
            case PVH -> 14;
            case PV -> 8;
            default -> 4;
        };
    }

    /** Plans, and takes the time. */
    private static final class Clock {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long wall;
        long processor;

        Plan plan(List<Post> machines, List<Task> tasks) {
            long wallBegin = System.nanoTime();
            long processorBegin = threads.getCurrentThreadCpuTime();
            Plan plan = Planner.plan(machines, tasks);
            wall += System.nanoTime() - wallBegin;
            processor += threads.getCurrentThreadCpuTime() - processorBegin;
            return plan;
        }
    }

    /** Works {@code scene} through, and plans anew when a machine dies. */
    public static PlanSimulation run(Scene scene) {
        Clock clock = new Clock();
        Plan plan = clock.plan(scene.machines(), scene.tasks());
        Map<String, Integer> finished = new HashMap<>();
        List<Post> alive = scene.machines();
        int lost = plan.impossible().size();
        int died = 0;
        int moved = 0;
        double makespan = 0;
        List<Map.Entry<String, Double>> deaths = scene.deaths().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .toList();
        for (Map.Entry<String, Double> death : deaths) {
            List<Post> after = new ArrayList<>();
            List<Task> homeless = new ArrayList<>();
            for (int i = 0; i < alive.size(); i++) {
                Post post = alive.get(i);
                boolean dies = post.id().equals(death.getKey());
                Progress progress = Progress.of(post, plan.work().get(i).tasks(), death.getValue(), dies);
                progress.finished().forEach(task -> finished.merge(task.cell(), 1, Integer::sum));
                makespan = Math.max(makespan, progress.lastEnd());
                if (dies) {
                    homeless.addAll(progress.after().ahead());
                } else {
                    after.add(progress.after());
                }
            }
            died += homeless.isEmpty() ? 0 : 1;
            moved += homeless.size();
            alive = after;
            plan = clock.plan(alive, homeless);
            lost += plan.impossible().size();
        }
        for (Plan.Work work : plan.work()) {
            work.tasks().forEach(task -> finished.merge(task.cell(), 1, Integer::sum));
            makespan = work.tasks().isEmpty() ? makespan : Math.max(makespan, work.end());
        }
        return new PlanSimulation(
                scene.tasks().size(),
                scene.machines().size(),
                makespan,
                lowerBound(scene.machines(), scene.tasks(), scene.deaths()),
                died,
                moved,
                (int) finished.values().stream().filter(times -> times == 1).count(),
                lost,
                clock.wall / 1e9,
                clock.processor / 1e9);
    }

    /**
     * How far a machine is at some time.
     *
     * @param lastEnd when the last of {@code finished} was done; 0 if none was
     * @param after the machine as the next plan finds it
     */
    private record Progress(List<Task> finished, double lastEnd, Post after) {

        /** A living machine ends what it has begun, and has that finished then; one that dies loses it. */
        static Progress of(Post post, List<Task> tasks, double now, boolean dies) {
            List<Task> finished = new ArrayList<>();
            double clock = post.ready();
            double lastEnd = 0;
            Optional<Start> up = post.up();
            int next = 0;
            while (next < tasks.size()) {
                Task task = tasks.get(next);
                boolean start = up.filter(task.start()::equals).isEmpty();
                double begin = clock + (start ? task.start().seconds() : 0);
                double end = begin + task.seconds();
                if (dies ? end > now : clock >= now) {
                    break;
                }
                if (!dies && begin >= now && start) {
                    // It is being started: whatever needs this start may follow.
                    clock = begin;
                    up = Optional.of(task.start());
                    break;
                }
                clock = end;
                up = Optional.of(task.start());
                finished.add(task);
                lastEnd = end;
                next++;
            }
            Post after = new Post(
                    post.id(),
                    post.kind(),
                    post.hypervisors(),
                    post.firmware(),
                    Math.max(clock, now),
                    up,
                    tasks.subList(next, tasks.size()));
            return new Progress(finished, lastEnd, after);
        }
    }

    private static double lowerBound(List<Post> posts, List<Task> tasks, Map<String, Double> deaths) {
        double bound = tasks.stream()
                .mapToDouble(task -> task.start().seconds() + task.seconds())
                .max()
                .orElse(0);
        // What the same machines serve, and how long it takes: the cells, and one start of each sort.
        Map<Set<String>, Double> work = new LinkedHashMap<>();
        tasks.stream().collect(Collectors.groupingBy(Task::start)).forEach((start, all) -> {
            Set<String> able = posts.stream()
                    .filter(post -> post.serves(start))
                    .map(Post::id)
                    .collect(Collectors.toSet());
            double seconds = all.stream().mapToDouble(Task::seconds).sum();
            work.merge(able, start.seconds() + seconds, Double::sum);
        });
        // Kinds of machines have nothing to do with each other, so sets within a kind are all there are to look at.
        Map<String, List<Set<String>>> byKind = new LinkedHashMap<>();
        Map<String, String> kinds = posts.stream().collect(Collectors.toMap(Post::id, Post::kind));
        work.keySet().forEach(able -> byKind.computeIfAbsent(
                        able.isEmpty() ? "" : kinds.get(able.iterator().next()), kind -> new ArrayList<>())
                .add(able));
        for (List<Set<String>> sorts : byKind.values()) {
            for (int some = 1; some < 1 << sorts.size(); some++) {
                Set<String> able = new HashSet<>();
                double seconds = 0;
                for (int i = 0; i < sorts.size(); i++) {
                    if ((some >> i & 1) == 1) {
                        able.addAll(sorts.get(i));
                        seconds += work.get(sorts.get(i));
                    }
                }
                bound = Math.max(bound, filled(able, seconds, deaths));
            }
        }
        return bound;
    }

    /** When {@code machines} have done {@code work} if all of them work until they die; infinite if they never have. */
    private static double filled(Set<String> machines, double work, Map<String, Double> deaths) {
        List<Double> ends = machines.stream()
                .map(machine -> deaths.getOrDefault(machine, Double.MAX_VALUE))
                .sorted(Comparator.naturalOrder())
                .toList();
        double dead = 0;
        for (int i = 0; i < ends.size(); i++) {
            double time = (work - dead) / (ends.size() - i);
            if (time <= ends.get(i)) {
                return time;
            }
            dead += ends.get(i);
        }
        return work > 0 ? Double.POSITIVE_INFINITY : 0;
    }
}
