package io.jenkins.plugins.kernelfarm.step;

import java.util.List;
import java.util.Optional;

/** The verbs of the {@code farm} program that a job can use: those that come to an end by themselves. */
final class FarmVerbs {
    static final List<String> NAMES = List.of(
            "run",
            "config",
            "build",
            "package",
            "publish",
            "boot",
            "bisect",
            "promote",
            "withdraw",
            "machines",
            "cache",
            "dashboard",
            "doctor",
            "bench");

    private FarmVerbs() {}

    /**
     * Says what is wrong with a verb as somebody types it into a form.
     *
     * @return one sentence with the remedy, or nothing if the verb is good or is known only when the build runs
     *     because it has a variable in it
     */
    static Optional<String> complaint(String verb) {
        String name = verb.strip();
        if (NAMES.contains(name) || name.contains("$")) {
            return Optional.empty();
        }
        String known = String.join(", ", NAMES);
        return Optional.of(
                name.isEmpty()
                        ? "A verb is needed; use one of " + known + "."
                        : "The farm has no verb '" + name + "' for a job; use one of " + known + ".");
    }
}
