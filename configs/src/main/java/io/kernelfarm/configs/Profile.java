package io.kernelfarm.configs;

import java.util.List;

/**
 * A base configuration and what is wanted on top of it.
 *
 * @param name by which specs ask for it
 * @param summary one sentence on what it is for
 * @param fragments in order: where two disagree, the later one wins
 */
public record Profile(String name, String summary, Base base, List<Fragment> fragments) {
    public Profile {
        fragments = List.copyOf(fragments);
    }
}
