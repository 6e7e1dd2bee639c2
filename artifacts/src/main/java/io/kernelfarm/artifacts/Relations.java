package io.kernelfarm.artifacts;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a package has to do with others, in the syntax of its family: {@code linux-base (>= 4.3~)} and {@code a | b} in a deb,
 * {@code kmod >= 25} in an rpm. That a package provides itself is not named.
 */
public record Relations(List<String> provides, List<String> depends, List<String> recommends, List<String> conflicts) {
    public static final Relations NONE = new Relations(List.of(), List.of(), List.of(), List.of());

    public Relations {
        provides = List.copyOf(provides);
        depends = List.copyOf(depends);
        recommends = List.copyOf(recommends);
        conflicts = List.copyOf(conflicts);
        Stream.of(provides, depends, recommends, conflicts)
                .flatMap(List::stream)
                .filter(relation -> relation.isBlank()
                        || relation.indexOf(',') >= 0
                        || relation.chars().anyMatch(Character::isISOControl))
                .findFirst()
                .ifPresent(bad -> {
                    throw new IllegalArgumentException(
                            "'" + bad.replaceAll("\\p{Cntrl}", "?") + "' is not one relation to another package");
                });
    }
}
