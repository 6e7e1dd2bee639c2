package io.kernelfarm.bootmatrix.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between two configurations, each as the values of its options; what is not in one is {@code n} there. */
record OptionChanges(List<Change> added, List<Change> removed, List<Change> changed) {

    /** One option that differs. */
    record Change(String option, String before, String after) {}

    static OptionChanges of(List<DashboardRun.Option> before, List<DashboardRun.Option> after) {
        Map<String, String> then = values(before);
        Map<String, String> now = values(after);
        OptionChanges changes = new OptionChanges(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            Change change = new Change(name, then.getOrDefault(name, "n"), now.getOrDefault(name, "n"));
            if (!change.before().equals(change.after())) {
                changes.listOf(change).add(change);
            }
        }
        return changes;
    }

    boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    private List<Change> listOf(Change change) {
        if (change.before().equals("n")) {
            return added;
        }
        return change.after().equals("n") ? removed : changed;
    }

    private static Map<String, String> values(List<DashboardRun.Option> options) {
        Map<String, String> values = new TreeMap<>();
        options.forEach(option -> values.put(option.name(), option.value()));
        return values;
    }
}
