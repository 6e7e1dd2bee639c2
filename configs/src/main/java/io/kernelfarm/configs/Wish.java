package io.kernelfarm.configs;

/**
 * One option as somebody wants it.
 *
 * @param option without its {@code CONFIG_}
 * @param value as in a {@code .config} file: {@code y}, {@code m}, {@code n}, a number, or a string with its quotes
 * @param fragment name of the fragment that wants it; {@link Fragment#SPEC} for the spec
 * @param line in the fragment's file, from 1; 0 if it has no line
 */
public record Wish(String option, String value, String fragment, int line) {
    /** Where it was wished, for people: {@code xen-dom0.config:12}, or {@code spec}. */
    public String place() {
        return line > 0 ? fragment + Fragment.SUFFIX + ":" + line : fragment;
    }

    /** Who wishes it, as the subject of a sentence: {@code xen-dom0.config:12}, or {@code the spec}. */
    String asker() {
        return fragment.equals(Fragment.SPEC) ? "the spec" : place();
    }
}
