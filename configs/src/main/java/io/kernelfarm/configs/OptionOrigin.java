package io.kernelfarm.configs;

import java.util.List;

/**
 * Where the value of one wanted option comes from.
 *
 * @param option without {@code CONFIG_}
 * @param value that it has in the resolved configuration
 * @param wishes all that mention it, in the order in which they were applied; never empty
 */
public record OptionOrigin(String option, String value, List<Wish> wishes) {
    public OptionOrigin {
        wishes = List.copyOf(wishes);
    }

    /** The wish that counts: the last one. */
    public Wish wish() {
        return wishes.get(wishes.size() - 1);
    }

    /** The wishes for another value than the one that counts. */
    public List<Wish> overridden() {
        return wishes.stream()
                .filter(wish -> !wish.value().equals(wish().value()))
                .toList();
    }

    /** Who asked for it, and for what if it became something else, for example {@code xen-dom0.config:12 asks for it}. */
    public String why() {
        Wish wish = wish();
        return wish.asker() + " asks for " + (wish.value().equals(value) ? "it" : wish.value());
    }
}
