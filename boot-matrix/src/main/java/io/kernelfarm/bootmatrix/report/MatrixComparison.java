package io.kernelfarm.bootmatrix.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What differs between two matrices, cell by cell.
 *
 * @param before the kernel of the earlier matrix
 * @param after the kernel of the later one
 * @param pace how much longer the later matrix took with its cells altogether: the median, over the cells that pass in both,
 *     of the later seconds to the earlier ones; 1 if there are too few to tell. Another load on the machine moves all cells alike
 * @param changes the worst first
 * @param same how many cells are in both and differ in nothing
 */
public record MatrixComparison(KernelId before, KernelId after, double pace, List<Change> changes, int same) {

    /** A cell is slower only if it is so beyond what boots of one kernel differ by: by this factor, the pace taken out, */
    static final double SLOWER_FACTOR = 1.5;

    /** and by as many seconds. */
    static final double SLOWER_SECONDS = 3;

    /** With fewer cells than this their own change would be taken for the pace. */
    private static final int CELLS_FOR_PACE = 3;

    /** In which way a cell differs; the order is that of the list. */
    public enum Kind {
        /** It lost its PASS, or passes only after a failed attempt now, or is known to FAIL now. */
        WORSE,
        /** Without a PASS before and now, for reasons of different kinds: neither better nor worse. */
        OTHERWISE,
        /** It passes in both, and takes longer than the others make one expect. */
        SLOWER,
        FASTER,
        /** It passes now, or passes at once now. */
        BETTER,
        /** Only the later matrix has it. */
        NEW,
        /** Only the earlier matrix has it. */
        GONE;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What became of a cell in one of the matrices. */
    public record Side(Verdict verdict, boolean flaky, double seconds, String reason) {
        private Side(CellResult result) {
            this(result.verdict(), result.flaky(), result.seconds(), result.reason());
        }

        /** How much is proved, the more the better. */
        private int proof() {
            return switch (verdict) {
                case PASS -> flaky ? 2 : 3;
                case ERROR, MISS, SKIP -> 1;
                case FAIL -> 0;
            };
        }
    }

    /**
     * One cell that differs.
     *
     * @param cell its id
     * @param before null for a new cell
     * @param after null for one that is gone
     */
    public record Change(Kind kind, String cell, Side before, Side after) {}

    public MatrixComparison {
        changes = List.copyOf(changes);
    }

    /** Compares {@code after} with {@code before}; a cell is the same if its mode, hypervisor, firmware and kind of machine are. */
    public static MatrixComparison of(MatrixResult before, MatrixResult after) {
        Map<String, CellResult> earlier = byId(before);
        Map<String, CellResult> later = byId(after);
        double pace = pace(earlier, later);
        List<Change> changes = new ArrayList<>();
        int same = 0;
        for (Map.Entry<String, CellResult> one : later.entrySet()) {
            Side now = new Side(one.getValue());
            CellResult was = earlier.get(one.getKey());
            if (was == null) {
                changes.add(new Change(Kind.NEW, one.getKey(), null, now));
                continue;
            }
            Side then = new Side(was);
            Optional<Kind> kind = kind(then, now, pace);
            if (kind.isPresent()) {
                changes.add(new Change(kind.get(), one.getKey(), then, now));
            } else {
                same++;
            }
        }
        earlier.forEach((id, was) -> {
            if (!later.containsKey(id)) {
                changes.add(new Change(Kind.GONE, id, new Side(was), null));
            }
        });
        changes.sort(Comparator.comparing(Change::kind));
        return new MatrixComparison(before.kernel(), after.kernel(), pace, changes, same);
    }

    /** Whether any cell is worse. */
    public boolean worse() {
        return count(Kind.WORSE) > 0;
    }

    /** The comparison for people, ending in a line feed: a line for each cell that differs, and one sentence on the whole. */
    public String text() {
        StringBuilder out = new StringBuilder();
        int widest = changes.stream().mapToInt(one -> one.cell().length()).max().orElse(0);
        for (Change change : changes) {
            Side last = change.after() == null ? change.before() : change.after();
            String line = String.format(
                            Locale.ROOT,
                            "%-9s   %-" + widest + "s   %-14s   %s",
                            change.kind().id(),
                            change.cell(),
                            verdicts(change),
                            change.kind() == Kind.SLOWER || change.kind() == Kind.FASTER
                                    ? Wording.tenths(change.before().seconds()) + " s -> "
                                            + Wording.tenths(last.seconds()) + " s"
                                    : last.reason())
                    .stripTrailing();
            out.append(ConsoleText.harmless(line)).append('\n');
        }
        return out.append(changes.isEmpty() ? "" : "\n")
                .append(ConsoleText.harmless(whole()))
                .append('\n')
                .toString();
    }

    private String whole() {
        List<String> counts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (count(kind) > 0) {
                counts.add(count(kind) + " " + kind.id());
            }
        }
        String kernels = after.equals(before)
                ? after.release() + ", the same image, in both"
                : after.release() + " against " + before.release();
        return kernels + ": "
                + (counts.isEmpty()
                        ? "nothing differs in " + same + (same == 1 ? " cell" : " cells")
                        : String.join(", ", counts) + ", " + same + " as before")
                + "; together they took " + String.format(Locale.ROOT, "%.2f", pace) + " times as long.";
    }

    private long count(Kind kind) {
        return changes.stream().filter(change -> change.kind() == kind).count();
    }

    private static String verdicts(Change change) {
        if (change.before() == null) {
            return verdict(change.after());
        }
        if (change.after() == null || verdict(change.before()).equals(verdict(change.after()))) {
            return verdict(change.before());
        }
        return verdict(change.before()) + " -> " + verdict(change.after());
    }

    private static String verdict(Side side) {
        return side.verdict() + (side.flaky() ? " flaky" : "");
    }

    private static Optional<Kind> kind(Side then, Side now, double pace) {
        if (now.proof() < then.proof()) {
            return Optional.of(Kind.WORSE);
        }
        if (now.proof() > then.proof()) {
            return Optional.of(now.verdict() == Verdict.PASS ? Kind.BETTER : Kind.OTHERWISE);
        }
        if (now.verdict() != then.verdict()) {
            return Optional.of(Kind.OTHERWISE);
        }
        if (now.verdict() == Verdict.PASS) {
            double expected = then.seconds() * pace;
            if (isSlower(now.seconds(), expected)) {
                return Optional.of(Kind.SLOWER);
            }
            if (isSlower(expected, now.seconds())) {
                return Optional.of(Kind.FASTER);
            }
        }
        return Optional.empty();
    }

    private static boolean isSlower(double seconds, double expected) {
        return seconds > expected * SLOWER_FACTOR && seconds > expected + SLOWER_SECONDS;
    }

    private static double pace(Map<String, CellResult> earlier, Map<String, CellResult> later) {
        List<Double> ratios = later.entrySet().stream()
                .filter(one -> one.getValue().verdict() == Verdict.PASS)
                .filter(one -> earlier.containsKey(one.getKey())
                        && earlier.get(one.getKey()).verdict() == Verdict.PASS
                        && earlier.get(one.getKey()).seconds() > 0)
                .map(one -> one.getValue().seconds() / earlier.get(one.getKey()).seconds())
                .sorted()
                .toList();
        if (ratios.size() < CELLS_FOR_PACE) {
            return 1;
        }
        int middle = ratios.size() / 2;
        return ratios.size() % 2 == 1 ? ratios.get(middle) : (ratios.get(middle - 1) + ratios.get(middle)) / 2;
    }

    private static Map<String, CellResult> byId(MatrixResult result) {
        return result.cells().stream()
                .collect(Collectors.toMap(
                        one -> one.cell().id(), one -> one, (first, second) -> second, LinkedHashMap::new));
    }
}
