package io.kernelfarm.pipelines.bisect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the first bad kernel between a good and a bad one, as {@code git bisect} does, and does not take its own word for it:
 * both ends are tested first, and what was found is tested again, with what it was made from.
 *
 * <p>What it does hangs on the history and on the answers alone, so that the same answers lead the same way again.
 */
public final class Bisection {

    private final History history;
    private final Tester tester;
    private final List<Step> steps = new ArrayList<>();

    private Bisection(History history, Tester tester) {
        this.history = history;
        this.tester = tester;
    }

    /** Searches between {@code good} and {@code bad}, which is no ancestor of it. */
    public static Outcome run(History history, String good, String bad, Tester tester) throws IOException {
        return new Bisection(history, tester).run(good, bad);
    }

    private Outcome run(String good, String bad) throws IOException {
        int all = history.suspects(bad, List.of(good)).size();
        Step atGood = test(Purpose.GOOD_END, good, all);
        if (atGood.answer() != Answer.GOOD) {
            return ended(atGood, Outcome.Kind.GOOD_IS_BAD);
        }
        Step atBad = test(Purpose.BAD_END, bad, all);
        if (atBad.answer() != Answer.BAD) {
            return ended(atBad, Outcome.Kind.BAD_IS_GOOD);
        }
        for (String base : history.mergeBases(good, bad)) {
            Step atBase = test(Purpose.MERGE_BASE, base, all);
            if (atBase.answer() == Answer.BAD) {
                return ended(atBase, Outcome.Kind.MENDED);
            }
            // One that cannot be tested is taken for good, being an ancestor of the good end: so does git.
        }
        return search(good, bad);
    }

    private Outcome search(String good, String bad) throws IOException {
        Set<String> goods = new LinkedHashSet<>(List.of(good));
        Set<String> skipped = new HashSet<>();
        String worst = bad;
        while (true) {
            List<String> suspects = history.suspects(worst, goods);
            Optional<String> next = Picking.next(suspects, worst, skipped);
            if (next.isEmpty()) {
                return suspects.size() == 1
                        ? verify(worst)
                        : new Outcome(Outcome.Kind.UNDECIDED, suspects, steps, null);
            }
            switch (test(Purpose.SEARCH, next.get(), suspects.size()).answer()) {
                case GOOD -> goods.add(next.get());
                case BAD -> worst = next.get();
                case SKIP -> skipped.add(next.get());
            }
        }
    }

    private Outcome verify(String first) throws IOException {
        Step last = test(Purpose.VERIFY_BAD, first, 1);
        if (last.answer() != Answer.BAD) {
            return unverified(first, last);
        }
        for (String parent : history.parents(first)) {
            last = test(Purpose.VERIFY_GOOD, parent, 1);
            if (last.answer() != Answer.GOOD) {
                return unverified(first, last);
            }
        }
        return new Outcome(Outcome.Kind.FOUND, List.of(first), steps, last);
    }

    private Outcome unverified(String first, Step step) {
        return step.answer() == Answer.SKIP
                ? new Outcome(Outcome.Kind.UNVERIFIED, List.of(first), steps, step)
                : new Outcome(Outcome.Kind.NOT_REPRODUCIBLE, List.of(), steps, step);
    }

    private Outcome ended(Step step, Outcome.Kind otherAnswer) {
        Outcome.Kind kind = step.answer() == Answer.SKIP ? Outcome.Kind.UNTESTABLE : otherAnswer;
        return new Outcome(kind, List.of(), steps, step);
    }

    private Step test(Purpose purpose, String id, int suspects) throws IOException {
        Step step = tester.test(steps.size() + 1, purpose, id, suspects);
        steps.add(step);
        return step;
    }
}
