package io.kernelfarm.pipelines.bisect;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Builds in their order, the oldest first; each was made from the one before it. */
public record BuildList(List<String> ids) implements History {

    /**
     * @throws IllegalArgumentException if an id is there twice
     */
    public BuildList {
        ids = List.copyOf(ids);
        if (ids.stream().distinct().count() != ids.size()) {
            throw new IllegalArgumentException("a build is named twice: " + String.join(", ", ids));
        }
    }

    @Override
    public List<String> suspects(String bad, Collection<String> good) {
        int last = index(bad);
        int first = good.stream()
                        .mapToInt(this::index)
                        .filter(index -> index < last)
                        .max()
                        .orElse(-1)
                + 1;
        return IntStream.rangeClosed(first, last)
                .boxed()
                // How many a test rules out at the least: those up to it if it is good, those after it if it is bad.
                .sorted(Comparator.comparingInt((Integer index) -> -Math.min(index - first + 1, last - index)))
                .map(ids::get)
                .toList();
    }

    @Override
    public List<String> mergeBases(String good, String bad) {
        return List.of();
    }

    @Override
    public List<String> parents(String id) {
        int index = index(id);
        return index == 0 ? List.of() : List.of(ids.get(index - 1));
    }

    private int index(String id) {
        int index = ids.indexOf(id);
        if (index < 0) {
            throw new IllegalArgumentException("there is no build '" + id + "' in the list");
        }
        return index;
    }
}
