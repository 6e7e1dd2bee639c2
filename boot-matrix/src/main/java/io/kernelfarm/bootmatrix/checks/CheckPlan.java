package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.checks.Check.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which checks are asked, beside those that every cell has: that it booted, its mode, its disk's content, its kernel's log.
 *
 * @param names of the checks; in a mode in which one makes no sense it is left out
 * @param special the names for some modes, instead
 * @param soak how long {@code soak} lasts
 * @param ignored lines of kernels' logs that are known and harmless
 */
public record CheckPlan(Set<String> names, Map<Mode, Set<String>> special, Duration soak, List<IgnoredLine> ignored) {
    /** In a list of names: those that are asked unless somebody says otherwise. */
    public static final String DEFAULT = "default";

    /** In a list of names: those of {@link #THOROUGH}. */
    public static final String THOROUGHLY = "thorough";

    /** Nothing beyond what every cell has. */
    public static final CheckPlan NONE = plan(Set.of());

    /** What is asked unless somebody says otherwise: what takes seconds. */
    public static final CheckPlan STANDARD = plan(Set.of(
            "disk", "network", "clock", "modules", "balloon", "shutdown", BackendsCheck.NAME, "xl-info", "leaks"));

    /** Everything but the soak. */
    public static final CheckPlan THOROUGH = plan(Checks.ALL.stream()
            .map(Check::name)
            .filter(name -> !name.equals(SoakCheck.NAME))
            .collect(Collectors.toSet()));

    private static CheckPlan plan(Set<String> names) {
        return new CheckPlan(names, Map.of(), Duration.ofSeconds(30), List.of());
    }

    /** Throws {@link IllegalArgumentException} if there is no such check. */
    public CheckPlan {
        names = Set.copyOf(names);
        special = Map.copyOf(special);
        names.forEach(Checks::of);
        special.values().forEach(some -> some.forEach(Checks::of));
        ignored = List.copyOf(ignored);
    }

    /**
     * The same with other names for some modes.
     *
     * @param others {@value #DEFAULT} among them stands for this plan's own, {@value #THOROUGHLY} for all but the soak
     */
    public CheckPlan with(Map<Mode, List<String>> others) {
        Map<Mode, Set<String>> all = new EnumMap<>(Mode.class);
        all.putAll(special);
        others.forEach((mode, some) -> {
            Set<String> expanded = new TreeSet<>(some);
            if (expanded.remove(DEFAULT)) {
                expanded.addAll(names);
            }
            if (expanded.remove(THOROUGHLY)) {
                expanded.addAll(THOROUGH.names());
            }
            all.put(mode, expanded);
        });
        return new CheckPlan(names, all, soak, ignored);
    }

    /** The same with a soak of another length. */
    public CheckPlan soaking(Duration other) {
        return new CheckPlan(names, special, other, ignored);
    }

    /** The same with other lines ignored. */
    public CheckPlan ignoring(List<IgnoredLine> others) {
        return new CheckPlan(names, special, soak, others);
    }

    /** Whether the check called {@code name} is asked in {@code mode}. */
    public boolean asks(Mode mode, String name) {
        return in(mode).stream().anyMatch(check -> check.name().equals(name));
    }

    /** How much longer than others a cell of {@code mode} may take: a soak on a busy host lasts longer than it was told to. */
    public Duration patience(Mode mode) {
        return asks(mode, SoakCheck.NAME) ? soak.multipliedBy(2) : Duration.ZERO;
    }

    /** What is asked in {@code mode}, in its order. */
    public List<Check> in(Mode mode) {
        Set<String> asked = special.getOrDefault(mode, names);
        return Checks.ALL.stream()
                .filter(check ->
                        asked.contains(check.name()) && check.senselessIn(mode).isEmpty())
                .toList();
    }

    /** Words for the command line of a kernel that boots in {@code mode}. */
    public String cmdline(Mode mode) {
        List<String> words = new ArrayList<>();
        Map<Turn, String> asked = in(mode).stream()
                .collect(Collectors.groupingBy(
                        check -> mode.isDom0() ? check.turn() : Turn.BEFORE_GUESTS,
                        () -> new EnumMap<>(Turn.class),
                        Collectors.mapping(Check::name, Collectors.joining(","))));
        asked.forEach((turn, some) -> words.add(switch (turn) {
                    case BEFORE_GUESTS -> "farm.checks=";
                    case BESIDE_GUESTS -> "farm.beside=";
                    case AFTER_GUESTS -> "farm.late=";
                }
                + some));
        if (!words.isEmpty()) {
            words.add("farm.soak=" + soak.toSeconds());
        }
        return String.join(" ", words);
    }

    /** Whether something is asked of a dom0 of {@code mode} while it has guests, or afterwards. */
    public boolean goesOnWithGuests(Mode mode) {
        return mode.isDom0() && in(mode).stream().anyMatch(check -> check.turn() != Turn.BEFORE_GUESTS);
    }

    /** Whether a guest of {@code mode} shows what dom0's backends do: it has PV drivers, and uses them. */
    public boolean showsBackends(Mode mode) {
        return mode.isGuest() && mode != Mode.HVM && asks(mode, NetworkCheck.NAME);
    }

    /** What a guest is asked that is there to be served by its dom0, and for nothing else. */
    public static CheckPlan ofServedGuest() {
        return plan(Set.of(NetworkCheck.NAME));
    }

    /** Whether a dom0 of {@code mode} has to have a guest for its checks. */
    public boolean wantsGuest(Mode mode) {
        return asks(mode, BackendsCheck.NAME);
    }
}
