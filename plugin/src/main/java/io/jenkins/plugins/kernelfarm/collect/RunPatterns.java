package io.jenkins.plugins.kernelfarm.collect;

import java.util.Arrays;
import java.util.Optional;

/** How people say where a workspace has runs. */
final class RunPatterns {
    private RunPatterns() {}

    /** What is wrong with a pattern, in one sentence with the remedy. */
    static Optional<String> complaint(String pattern) {
        if (pattern.isEmpty()) {
            return Optional.of(
                    "A folder in the workspace is needed, such as " + KernelFarmPublisher.DEFAULT_RUNS + ".");
        }
        if (pattern.contains("$")) {
            return Optional.empty();
        }
        if (pattern.startsWith("/") || pattern.contains("\\") || pattern.contains(":")) {
            return Optional.of(
                    "'" + pattern + "' is not below the workspace; say where the runs are from there, with slashes.");
        }
        if (Arrays.asList(pattern.split("/", -1)).contains("..")) {
            return Optional.of("'" + pattern + "' leads out of the workspace; leave out '..'.");
        }
        if (!pattern.matches("[A-Za-z0-9._*?/ +~=,@-]+")) {
            return Optional.of("'" + pattern + "' has characters other than letters, digits and . _ - + ~ = @ / * ?.");
        }
        return Optional.empty();
    }
}
