package io.kernelfarm.configs;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What differs between two configurations. */
public final class ConfigDiff {
    private ConfigDiff() {}

    /**
     * One option that differs.
     *
     * @param option without {@code CONFIG_}
     * @param before as in a {@code .config} file; {@code n} if it is not set
     * @param after likewise
     */
    public record Change(String option, String before, String after) {}

    /** The options that have another value in {@code after} than in {@code before}, sorted by name. */
    public static List<Change> between(DotConfig before, DotConfig after) {
        SortedSet<String> options = new TreeSet<>(before.values().keySet());
        options.addAll(after.values().keySet());
        return options.stream()
                .map(option -> new Change(option, before.value(option), after.value(option)))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
    }
}
