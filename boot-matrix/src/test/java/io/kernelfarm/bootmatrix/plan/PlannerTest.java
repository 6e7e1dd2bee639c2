package io.kernelfarm.bootmatrix.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {

    private static final Start HOST = new Start("qemu", "xen-4.17", "bios", "6.1", 9);
    private static final Start BARE = new Start("qemu", "none", "bios", "6.1", 0);

    @Test
    void cellsOfOneStartShareItWhereThatIsSoonest() {
        Plan plan = Planner.plan(List.of(machine("a"), machine("b")), tasks(HOST, 1, 1, 1, 1));
        // 9 + 4 on one machine, or 9 + 2 on two.
        assertThat(plan.makespan()).isEqualTo(11);
        assertThat(plan.impossible()).isEmpty();
        plan = Planner.plan(List.of(machine("a"), machine("b")), tasks(HOST, 1));
        assertThat(plan.makespan()).isEqualTo(10);
    }

    @Test
    void theLongestIsNotLeftForLast() {
        Plan plan = Planner.plan(List.of(machine("a"), machine("b")), tasks(BARE, 1, 1, 1, 1, 4));
        assertThat(plan.makespan()).isEqualTo(4);
        for (Plan.Work work : plan.work()) {
            assertThat(work.tasks()).isSortedAccordingTo((a, b) -> Double.compare(b.seconds(), a.seconds()));
        }
    }

    @Test
    void whatFewMachinesCanServeDoesNotWaitBehindWhatAllCan() {
        Start rare = new Start("qemu", "xen-4.20", "bios", "6.1", 9);
        Post able = new Post("able", "qemu", Set.of("none", "xen-4.20"), Set.of("bios"));
        List<Task> tasks = new ArrayList<>(tasks(BARE, 20, 20, 20, 20));
        tasks.add(new Task("rare", rare, 30));
        Plan plan = Planner.plan(List.of(machine("a"), able, machine("c")), tasks);
        assertThat(plan.makespan()).isEqualTo(40);
        assertThat(plan.work().get(1).tasks()).extracting(Task::cell).containsExactly("rare");
    }

    @Test
    void whatNobodyCanServeIsNamed() {
        List<Task> tasks = new ArrayList<>(tasks(BARE, 1));
        List<Task> impossible = List.of(
                new Task("kind", new Start("ipmi", "none", "bios", "6.1", 0), 1),
                new Task("hypervisor", new Start("qemu", "xen-4.99", "bios", "6.1", 9), 1),
                new Task("firmware", new Start("qemu", "none", "uefi", "6.1", 0), 1));
        tasks.addAll(impossible);
        Plan plan = Planner.plan(List.of(machine("a")), tasks);
        assertThat(plan.impossible()).containsExactlyInAnyOrderElementsOf(impossible);
        assertThat(plan.work().get(0).tasks()).extracting(Task::cell).containsExactly("none-0");
    }

    @Test
    void withoutMachinesNothingIsPossibleAndWithoutCellsNothingIsDone() {
        assertThat(Planner.plan(List.of(), tasks(BARE, 1, 1)).impossible()).hasSize(2);
        Plan idle = Planner.plan(List.of(machine("a")), List.of());
        assertThat(idle.makespan()).isZero();
        assertThat(idle.work()).hasSize(1);
    }

    @Test
    void aHostThatIsUpNeedsNoStart() {
        Post up = new Post("up", "qemu", Set.of("xen-4.17"), Set.of("bios"), 100, Optional.of(HOST), tasks(HOST, 5, 5));
        Post off = new Post("off", "qemu", Set.of("xen-4.17"), Set.of("bios"), 100, Optional.empty(), List.of());
        Plan plan = Planner.plan(List.of(up, off), List.of());
        assertThat(plan.makespan()).as("a second start does not pay").isEqualTo(110);
        assertThat(plan.work().get(1).tasks()).isEmpty();
    }

    @Test
    void whatADeadMachineHadIsSharedOut() {
        Post a = new Post("a", "qemu", Set.of("none"), Set.of("bios"), 50, Optional.empty(), tasks(BARE, 10));
        Post b = new Post("b", "qemu", Set.of("none"), Set.of("bios"), 50, Optional.empty(), List.of());
        List<Task> homeless = List.of(new Task("x", BARE, 10), new Task("y", BARE, 10), new Task("z", BARE, 10));
        Plan plan = Planner.plan(List.of(a, b), homeless);
        assertThat(plan.makespan()).isEqualTo(70);
    }

    @Test
    void theSameInputGivesTheSamePlan() {
        PlanSimulation.Scene scene = PlanSimulation.scene(500, 40, 7);
        assertThat(Planner.plan(scene.machines(), scene.tasks()))
                .isEqualTo(Planner.plan(scene.machines(), scene.tasks()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyCellIsDoneOnceByAMachineThatCanAndTheEndIsTold(long seed) {
        PlanSimulation.Scene scene = PlanSimulation.scene(1000, 60, seed);
        Plan plan = Planner.plan(scene.machines(), scene.tasks());

        Map<String, Post> machines = new HashMap<>();
        scene.machines().forEach(machine -> machines.put(machine.id(), machine));
        Set<String> done = new HashSet<>();
        for (Plan.Work work : plan.work()) {
            double clock = 0;
            Start up = null;
            Set<Start> begun = new HashSet<>();
            for (Task task : work.tasks()) {
                assertThat(machines.get(work.machine()).serves(task.start())).isTrue();
                assertThat(done.add(task.cell())).as(task.cell()).isTrue();
                if (!task.start().equals(up)) {
                    assertThat(begun.add(task.start())).as("started once").isTrue();
                    up = task.start();
                    clock += up.seconds();
                }
                clock += task.seconds();
            }
            assertThat(work.end()).isCloseTo(clock, org.assertj.core.data.Offset.offset(1e-6));
        }
        assertThat(done).hasSize(1000);
        assertThat(plan.impossible()).isEmpty();
    }

    /** What the farm promises, and the same of other sizes and seeds. */
    @ParameterizedTest
    @CsvSource({"10000, 500, 1", "10000, 500, 2", "10000, 500, 3", "5000, 100, 4", "2000, 50, 5", "3000, 100, 6"})
    void withMachinesThatDieAllCellsAreDoneWithinATenthOfTheLowerBound(int cells, int machines, long seed) {
        PlanSimulation result = PlanSimulation.run(PlanSimulation.scene(cells, machines, seed));

        assertThat(result.died()).isPositive();
        assertThat(result.moved()).isPositive();
        assertThat(result.lost()).isZero();
        assertThat(result.finished()).isEqualTo(cells);
        assertThat(result.ratio()).isBetween(1.0, 1.1);
    }

    @Test
    void whenTheLastMachineThatServesSomethingDiesItIsLostAndTheRestIsDone() {
        Start other = new Start("ipmi", "none", "bios", "6.1", 0);
        List<Task> tasks = new ArrayList<>(tasks(BARE, 10, 10));
        tasks.add(new Task("early", other, 20));
        tasks.add(new Task("late", other, 10));
        Post single = new Post("single", "ipmi", Set.of("none"), Set.of("bios"));
        PlanSimulation result = PlanSimulation.run(
                new PlanSimulation.Scene(List.of(machine("a"), single), tasks, Map.of("single", 25.0)));
        assertThat(result.finished()).isEqualTo(3);
        assertThat(result.lost()).isEqualTo(1);
    }

    private static Post machine(String id) {
        return new Post(id, "qemu", Set.of("none", "xen-4.17"), Set.of("bios"));
    }

    private static List<Task> tasks(Start start, double... seconds) {
        List<Task> tasks = new ArrayList<>();
        for (double each : seconds) {
            tasks.add(new Task(start.hypervisor() + "-" + tasks.size(), start, each));
        }
        return tasks;
    }
}
