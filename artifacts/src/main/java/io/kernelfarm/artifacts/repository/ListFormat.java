package io.kernelfarm.artifacts.repository;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One list of a channel's packages.
 *
 * @param head what stands before the first package, by the number of packages
 * @param tail what stands behind the last
 * @param packings the forms in which it is written
 */
public record ListFormat(String name, IntFunction<String> head, String tail, List<Packing> packings) {
    public ListFormat {
        packings = List.copyOf(packings);
    }
}
