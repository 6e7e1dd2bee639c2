package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How times changed from kernel to kernel.
 *
 * @param kernels the oldest first
 * @param series by its name, the seconds at each kernel; empty where there are none
 */
record Trends(List<RunSummary> kernels, Map<String, List<OptionalDouble>> series) {

    private static final String WHOLE = "whole run";

    /** The median boot time of each mode. */
    static Trends bootTimes(List<RunSummary> oldestFirst) {
        Trends trends = new Trends(oldestFirst, new LinkedHashMap<>());
        for (Mode mode : Mode.values()) {
            trends.add(
                    mode.id(),
                    oldestFirst.stream()
                            .map(run -> BootTime.of(run.cells()).stream()
                                    .filter(time -> time.mode() == mode)
                                    .mapToDouble(BootTime::median)
                                    .findFirst())
                            .toList());
        }
        return trends;
    }

    /** How long the stages took that take long, and all together. */
    static Trends durations(List<RunSummary> oldestFirst) {
        Trends trends = new Trends(oldestFirst, new LinkedHashMap<>());
        for (String stage : List.of("compile", "boot")) {
            trends.add(
                    stage,
                    oldestFirst.stream()
                            .map(run -> run.stages().stream()
                                    .filter(one -> one.stage().equals(stage))
                                    .mapToDouble(DashboardRun.StageTime::seconds)
                                    .findFirst())
                            .toList());
        }
        trends.add(
                WHOLE,
                oldestFirst.stream()
                        .map(run -> run.seconds() > 0 ? OptionalDouble.of(run.seconds()) : OptionalDouble.empty())
                        .toList());
        return trends;
    }

    /** What a chart of it shows, in a sentence or two: the newest kernel against what is usual. */
    String summary() {
        List<String> parts = new ArrayList<>();
        int last = kernels.size() - 1;
        series.forEach((name, seconds) -> seconds.get(last).ifPresent(now -> {
            double[] before = seconds.subList(0, last).stream()
                    .flatMapToDouble(OptionalDouble::stream)
                    .sorted()
                    .toArray();
            parts.add(name + " " + Wording.duration(now)
                    + (before.length == 0 ? "" : change(now, BootTime.middle(before))));
        }));
        return parts.isEmpty()
                ? "The newest kernel has none."
                : kernels.get(last).name() + ": " + String.join(", ", parts) + "."
                        + (last == 0 ? "" : " In brackets, against the median of the kernels before.");
    }

    private static String change(double now, double before) {
        long percent = before > 0 ? Math.round(100 * (now / before - 1)) : 0;
        return " (" + (percent == 0 ? "the same" : (percent > 0 ? "+" : "−") + Math.abs(percent) + " %") + ")";
    }

    /** Adds a series, unless no kernel has it. */
    private void add(String name, List<OptionalDouble> seconds) {
        if (seconds.stream().anyMatch(OptionalDouble::isPresent)) {
            series.put(name, seconds);
        }
    }
}
