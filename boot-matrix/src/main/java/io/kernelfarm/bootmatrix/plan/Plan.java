package io.kernelfarm.bootmatrix.plan;

import java.util.List;

/**
 * Who boots what.
 *
 * @param work for each machine that was given, in the same order
 * @param impossible what no machine can serve
 */
public record Plan(List<Work> work, List<Task> impossible) {

    /**
     * What a machine does.
     *
     * @param machine its id
     * @param tasks in their order; where the start changes, the machine is started anew
     * @param end when it is done, on the clock of {@link Post#ready}
     */
    public record Work(String machine, List<Task> tasks, double end) {
        public Work {
            tasks = List.copyOf(tasks);
        }
    }

    public Plan {
        work = List.copyOf(work);
        impossible = List.copyOf(impossible);
    }

    /** When the last machine is done. */
    public double makespan() {
        return work.stream().mapToDouble(Work::end).max().orElse(0);
    }
}
