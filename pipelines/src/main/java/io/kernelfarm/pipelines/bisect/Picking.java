package io.kernelfarm.pipelines.bisect;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which kernel is tested next. */
public final class Picking {

    /** Its multiples, without their whole parts, are spread evenly over 0 to 1, however many there are. */
    private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

    private Picking() {}

    /**
     * That which halves {@code suspects} best. Where that one cannot be tested, its neighbours often cannot either: then
     * those further away are tried too, each time at another distance, and the nearer ones more often.
     *
     * @param suspects the best first
     * @param bad that of them which is known to be bad
     * @param skipped those of which nobody can tell; others than suspects do no harm
     * @return empty if there is none left to test
     */
    public static Optional<String> next(List<String> suspects, String bad, Set<String> skipped) {
        List<String> untested = suspects.stream()
                .filter(id -> !id.equals(bad) && !skipped.contains(id))
                .toList();
        if (untested.isEmpty()) {
            return Optional.empty();
        }
        if (untested.get(0).equals(suspects.get(0))) {
            return Optional.of(untested.get(0));
        }
        long skips = suspects.stream().filter(skipped::contains).count();
        double share = skips * GOLDEN_RATIO % 1;
        return Optional.of(untested.get((int) (untested.size() * Math.pow(share, 1.5))));
    }

    /** How many tests {@code suspects} kernels still take if none is skipped. */
    public static int stepsLeft(int suspects) {
        return suspects <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(suspects - 1);
    }
}
