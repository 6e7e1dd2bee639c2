package io.kernelfarm.configs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration as the kernel's own tool left it.
 *
 * @param dotConfig the file, in the tree's folder of objects. Its content depends on the profile, the spec's options,
 *     the source and the compiler alone, so it can be hashed
 * @param config what is in that file
 * @param origins of all options that somebody wished for, by name
 * @param dropped wishes that were not granted, by name; a build must not go on if there are any
 */
public record ResolvedConfig(
        Path dotConfig, DotConfig config, SortedMap<String, OptionOrigin> origins, List<DroppedOption> dropped) {
    public ResolvedConfig {
        origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
        dropped = List.copyOf(dropped);
    }

    /** The options on which fragments, or a fragment and the spec, disagree. */
    public List<OptionOrigin> overridden() {
        return origins.values().stream()
                .filter(origin -> !origin.overridden().isEmpty())
                .toList();
    }
}
