package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's configuration, and what it changed.
 *
 * @param options empty if the run was not built
 * @param previous the kernel before it from the same source
 * @param changes against that one's configuration
 */
record RunConfiguration(List<DashboardRun.Option> options, Optional<Previous> previous, OptionChanges changes) {

    /** The kernel before: its run and its release. */
    record Previous(String id, String release, String profile) {}

    /** Reads the configuration of {@code run}, and that of {@code before} if there is one. */
    static RunConfiguration read(DashboardRun run, Optional<DashboardRun> before) throws IOException {
        if (run.build().isEmpty()) {
            return new RunConfiguration(List.of(), Optional.empty(), OptionChanges.of(List.of(), List.of()));
        }
        List<DashboardRun.Option> options = run.build().get().options().read();
        if (before.isEmpty()) {
            return new RunConfiguration(options, Optional.empty(), OptionChanges.of(List.of(), List.of()));
        }
        DashboardRun.Build build = before.get().build().orElseThrow();
        return new RunConfiguration(
                options,
                Optional.of(new Previous(before.get().id(), build.release(), build.profile())),
                OptionChanges.of(build.options().read(), options));
    }

    /** For each run's id, by the time they began, the last run before it that built a kernel from the same source. */
    static Map<String, DashboardRun> predecessors(List<DashboardRun> runs) {
        Map<String, DashboardRun> predecessors = new HashMap<>();
        Map<String, DashboardRun> last = new HashMap<>();
        List<DashboardRun> built = new ArrayList<>(
                runs.stream().filter(run -> run.build().isPresent()).toList());
        built.sort(Comparator.comparing(DashboardRun::started).thenComparing(DashboardRun::id));
        for (DashboardRun run : built) {
            DashboardRun before = last.put(run.build().orElseThrow().line(), run);
            if (before != null) {
                predecessors.put(run.id(), before);
            }
        }
        return predecessors;
    }

    /** The options that somebody asked for. */
    List<DashboardRun.Option> wished() {
        return options.stream().filter(option -> !option.why().isEmpty()).toList();
    }
}
