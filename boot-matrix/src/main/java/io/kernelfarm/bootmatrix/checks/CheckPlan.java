package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which checks are asked, beside those that every cell has: that it booted, its mode, its disk's content, its kernel's log.
 *
 * @param names of the checks; in a mode in which one makes no sense it is left out
 * @param soak how long {@code soak} lasts
 * @param ignored lines of kernels' logs that are known and harmless
 */
public record CheckPlan(Set<String> names, Duration soak, List<IgnoredLine> ignored) {
    /** Nothing beyond what every cell has. */
    public static final CheckPlan NONE = new CheckPlan(Set.of(), Duration.ofSeconds(30), List.of());

    /** What is asked unless somebody says otherwise: what takes seconds. */
    public static final CheckPlan STANDARD = new CheckPlan(
            Set.of("disk", "network", "clock", "modules", "balloon", "shutdown"), Duration.ofSeconds(30), List.of());

    /** Everything but the soak. */
    public static final CheckPlan THOROUGH = new CheckPlan(
            Checks.ALL.stream()
                    .map(Check::name)
                    .filter(name -> !name.equals("soak"))
                    .collect(Collectors.toSet()),
            Duration.ofSeconds(30),
            List.of());

    /** Throws {@link IllegalArgumentException} if there is no such check. */
    public CheckPlan {
        names = Set.copyOf(names);
        names.forEach(Checks::of);
        ignored = List.copyOf(ignored);
    }

    /** What is asked in {@code mode}, in its order. */
    public List<Check> in(Mode mode) {
        return Checks.ALL.stream()
                .filter(check ->
                        names.contains(check.name()) && check.senselessIn(mode).isEmpty())
                .toList();
    }

    /** Words for the command line of a kernel that boots in {@code mode}. */
    public String cmdline(Mode mode) {
        List<Check> asked = in(mode);
        return asked.isEmpty()
                ? ""
                : "farm.checks=" + asked.stream().map(Check::name).collect(Collectors.joining(",")) + " farm.soak="
                        + soak.toSeconds();
    }
}
