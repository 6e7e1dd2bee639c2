package io.kernelfarm.pipelines;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the keeper of the repositories says of them, whatever the spec of a run says: the run may be somebody else's.
 *
 * @param url under which clients find the repositories; null for the spec's
 * @param channel that every build goes to; null for the spec's
 * @param keep how many releases channels keep, 0 for all; if it names any channel, the spec's numbers do not count
 */
public record Terms(String url, String channel, SortedMap<String, Integer> keep) {

    /** Those of a keeper who leaves it all to the specs. */
    public static final Terms OF_SPEC = new Terms(null, null, new TreeMap<>());

    public Terms {
        keep = Collections.unmodifiableSortedMap(new TreeMap<>(keep));
    }

    /**
     * The spec as it is carried out under these terms.
     *
     * @throws FarmException wrong usage, if a term is none that a spec may have
     */
    Spec over(Spec spec) {
        String to = channel == null ? spec.channel() : channel;
        SortedMap<String, Integer> numbers = new TreeMap<>(keep.isEmpty() ? spec.keep() : keep);
        numbers.values().removeIf(Integer.valueOf(0)::equals);
        try {
            return new Spec(
                    spec.source(),
                    spec.arch(),
                    spec.localversion(),
                    spec.profile(),
                    spec.options(),
                    spec.compile(),
                    spec.packages(),
                    spec.boot(),
                    to,
                    to.equals(spec.promote()) ? null : spec.promote(),
                    numbers,
                    url == null ? spec.repository() : new Spec.Repository(url));
        } catch (IllegalArgumentException e) {
            throw FarmException.usage(e.getMessage(), e);
        }
    }

    /** From the words of a command line; null where there are none. */
    public static Terms of(String url, String channel, Map<String, Integer> keep) {
        return new Terms(url, channel, new TreeMap<>(keep == null ? Map.of() : keep));
    }
}
