package io.jenkins.plugins.kernelfarm.step;

import java.util.Locale;

/** What a kernel that failed makes of a build. */
enum KernelFailure {
    FAILURE,
    UNSTABLE;

    /**
     * Reads what somebody wrote; nothing means the first.
     *
     * @throws IllegalArgumentException with one sentence
     */
    static KernelFailure of(String name) {
        String wanted = name == null ? "" : name.strip().toUpperCase(Locale.ROOT);
        return switch (wanted) {
            case "", "FAILURE" -> FAILURE;
            case "UNSTABLE" -> UNSTABLE;
            default ->
                throw new IllegalArgumentException(
                        "A kernel that failed cannot make a build '" + name.strip() + "'; use FAILURE or UNSTABLE.");
        };
    }
}
