package io.kernelfarm.configs;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Nearest {
    private Nearest() {}

    /** {@code "did you mean 'x'? "}, with the blank, or the empty string if nothing known is near. */
    static String didYouMean(String word, Collection<String> known) {
        return to(word, known).map(near -> "did you mean '" + near + "'? ").orElse("");
    }

    /** The known word with the fewest edits from {@code word}, if they are few for its length. */
    static Optional<String> to(String word, Collection<String> known) {
        int mostEdits = Math.max(1, word.length() / 4);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= mostEdits)
                .filter(candidate -> edits(word, candidate) <= mostEdits)
                .min(Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance: insertions, deletions and replacements of one character. */
    private static int edits(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
