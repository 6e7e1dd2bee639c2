package io.kernelfarm.artifacts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a package has to do with others, in the syntax of its family: {@code linux-base (>= 4.3~)} and {@code a | b} in a deb,
 * {@code kmod >= 25} and {@code (a if b)} in an rpm. That a package provides itself is not named.
 */
public record Relations(Map<Kind, List<String>> all) {
    public static final Relations NONE = new Relations(Map.of());

    /** A field of deb-control(5) or a tag of an rpm's spec file. */
    public enum Kind {
        PROVIDES,
        /** An rpm's {@code Requires}. */
        DEPENDS,
        RECOMMENDS,
        SUGGESTS,
        ENHANCES,
        /** As if the other one recommended this; an rpm only. */
        SUPPLEMENTS,
        CONFLICTS,
        /** A deb only. */
        BREAKS,
        /** A deb only. */
        REPLACES
    }

    public Relations {
        Map<Kind, List<String>> copy = new EnumMap<>(Kind.class);
        all.forEach((kind, relations) -> copy.put(kind, List.copyOf(relations)));
        copy.values().stream()
                .flatMap(List::stream)
                .filter(relation -> relation.isBlank()
                        || relation.indexOf(',') >= 0
                        || relation.chars().anyMatch(Character::isISOControl))
                .findFirst()
                .ifPresent(bad -> {
                    throw new IllegalArgumentException(
                            "'" + bad.replaceAll("\\p{Cntrl}", "?") + "' is not one relation to another package");
                });
        all = Collections.unmodifiableMap(copy);
    }

    public Relations(List<String> provides, List<String> depends, List<String> recommends, List<String> conflicts) {
        this(Map.of(
                Kind.PROVIDES,
                provides,
                Kind.DEPENDS,
                depends,
                Kind.RECOMMENDS,
                recommends,
                Kind.CONFLICTS,
                conflicts));
    }

    /** These and some more. */
    public Relations and(Kind kind, String... relations) {
        return and(kind, List.of(relations));
    }

    /** These and some more. */
    public Relations and(Kind kind, List<String> relations) {
        Map<Kind, List<String>> more = new EnumMap<>(Kind.class);
        more.putAll(all);
        List<String> longer = new ArrayList<>(of(kind));
        longer.addAll(relations);
        more.put(kind, longer);
        return new Relations(more);
    }

    public List<String> of(Kind kind) {
        return all.getOrDefault(kind, List.of());
    }
}
