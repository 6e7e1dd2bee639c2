package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A run's configuration, and what it changed.
 *
 * @param options empty if the run was not built
 * @param previous the last kernel before it from the same source that came as far as a matrix
 * @param changes against that one's configuration
 */
record RunConfiguration(List<DashboardRun.Option> options, Optional<Previous> previous, OptionChanges changes) {

    /** The kernel before: its run and its release. */
    record Previous(String id, String release, String profile) {}

    /** Reads the configuration of {@code run}, and that of the run before it if there is one. */
    static RunConfiguration read(DashboardRun run, Optional<DashboardRun> before) throws IOException {
        List<DashboardRun.Option> options = options(run);
        if (options.isEmpty() || before.flatMap(DashboardRun::build).isEmpty()) {
            return new RunConfiguration(options, Optional.empty(), OptionChanges.of(List.of(), List.of()));
        }
        DashboardRun.Build build = before.get().build().orElseThrow();
        return new RunConfiguration(
                options,
                Optional.of(new Previous(before.get().id(), build.release(), build.profile())),
                OptionChanges.of(build.options().read(), options));
    }

    private static List<DashboardRun.Option> options(DashboardRun run) throws IOException {
        return run.build().isPresent() ? run.build().get().options().read() : List.of();
    }

    /** The options that somebody asked for. */
    List<DashboardRun.Option> wished() {
        return options.stream().filter(option -> !option.why().isEmpty()).toList();
    }
}
