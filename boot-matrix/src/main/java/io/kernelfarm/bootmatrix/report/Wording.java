package io.kernelfarm.bootmatrix.report;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The sentences that all reports share, so that table, XML and pages say the same of the same result. */
public final class Wording {

    /** The check whose evidence says most in a few words. */
    public static final String MODE_PROOF = "mode-proof";

    private static final int NAMED_AT_MOST = 3;

    /** What printk puts before a line, for example {@code [    0.000000] }. */
    private static final Pattern KERNEL_TIME = Pattern.compile("^\\[ *\\d+\\.\\d+\\] ");

    private Wording() {}

    /** One sentence on the whole matrix, for example {@code 6.1.192-farm1 boots in all 6 cells.} */
    public static String whole(MatrixResult result) {
        return fake(result) + sentence(result, clauses(result));
    }

    /** The first and worst part of {@link #whole}, as a sentence. */
    public static String headline(MatrixResult result) {
        return fake(result) + sentence(result, clauses(result).subList(0, 1));
    }

    /** What {@link #whole} says beyond {@link #headline}, as a sentence; empty if that is nothing. */
    public static String rest(MatrixResult result) {
        List<String> clauses = clauses(result);
        return clauses.size() == 1 ? "" : sentence(result, clauses.subList(1, clauses.size()));
    }

    private static String fake(MatrixResult result) {
        return result.isFake() ? "On a fake machine, which proves nothing: " : "";
    }

    private static String sentence(MatrixResult result, List<String> clauses) {
        String sentence = String.join("; ", clauses) + ".";
        // A release keeps its letters as uname prints them.
        return sentence.startsWith(result.kernel().release())
                ? sentence
                : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    /** What there is to say of the matrix, the worst first; never empty. */
    private static List<String> clauses(MatrixResult result) {
        String release = result.kernel().release();
        int all = result.cells().size();
        if (all == 0) {
            return List.of("no cell was asked for");
        }
        List<String> clauses = new ArrayList<>();
        List<CellResult> failed = with(result, Verdict.FAIL);
        if (!failed.isEmpty()) {
            clauses.add(release + " fails in " + count(failed, all) + " (" + names(failed) + ")");
        }
        List<CellResult> unjudged = with(result, Verdict.ERROR);
        if (!unjudged.isEmpty()) {
            clauses.add("the farm could not judge "
                    + (clauses.isEmpty() ? release + " in " + count(unjudged, all) : unjudged.size()) + " ("
                    + names(unjudged) + ")");
        }
        List<CellResult> missing = with(result, Verdict.MISS);
        if (!missing.isEmpty()) {
            clauses.add((clauses.isEmpty()
                            ? release + " never ran in " + count(missing, all)
                            : missing.size() + " never ran")
                    + " (" + names(missing) + ")");
        }
        List<CellResult> passed = with(result, Verdict.PASS);
        List<CellResult> flaky = passed.stream().filter(CellResult::flaky).toList();
        String late = flaky.isEmpty()
                ? ""
                : ", " + flaky.size() + " of them only after a failed attempt (" + names(flaky) + ")";
        if (clauses.isEmpty() && passed.isEmpty()) {
            clauses.add("no cell makes sense here, all " + all + " are skipped");
        } else if (clauses.isEmpty()) {
            int skipped = all - passed.size();
            clauses.add(release + " boots in "
                    + (passed.size() == 1 ? "the one cell" : "all " + passed.size() + " cells")
                    + (skipped == 0 ? "" : " that make sense here (" + skipped + " skipped)") + late);
        } else if (!passed.isEmpty()) {
            clauses.add(passed.size() + (passed.size() == 1 ? " passes" : " pass") + late);
        }
        return clauses;
    }

    /** A cell in people's words, for example {@code pvhvm on Xen 4.17}. */
    public static String name(Cell cell) {
        return cell.mode().id()
                + (isBare(cell) ? "" : " on " + hypervisor(cell.hypervisor()))
                + (cell.isUefi() ? " by UEFI" : "")
                + (cell.isFake() ? " on a fake machine" : "");
    }

    /** What the cell asked of the kernel, as a sentence. */
    public static String asked(Cell cell) {
        String xen = hypervisor(cell.hypervisor());
        String role =
                switch (cell.mode()) {
                    case METAL -> "boot on the bare machine";
                    case DOM0_PV -> "boot as PV dom0 of " + xen;
                    case DOM0_PVH -> "boot as PVH dom0 of " + xen;
                    case PV -> "boot as PV guest of " + xen;
                    case PVH -> "boot as PVH guest of " + xen;
                    case HVM -> "boot as HVM guest of " + xen + ", without PV drivers";
                    case PVHVM -> "boot as HVM guest of " + xen + " and take up its PV drivers";
                };
        return "Asked to " + role + " (" + cell.machine() + ", " + cell.firmware() + " firmware).";
    }

    /** The verdict with who is at fault and why, in a few sentences. */
    public static String verdict(CellResult result) {
        return switch (result.verdict()) {
            case PASS -> pass(result);
            case FAIL ->
                "The kernel is at fault. " + because(result)
                        + (controlPassed(result) ? " The control kernel passes in the same cell." : "");
            case ERROR -> "The farm is at fault, which says nothing of the kernel. " + because(result);
            case MISS -> "It never ran. " + because(result);
            case SKIP -> "It makes no sense here. " + because(result);
        };
    }

    private static String pass(CellResult result) {
        boolean fake = result.cell().isFake();
        String played = "A fake machine played that, which proves nothing";
        if (result.flaky()) {
            return (fake ? played + "; it passed" : "It does, but") + " only after " + failedAttempts(result)
                    + " that did not: a pass to look at twice.";
        }
        int checks = result.checks().size();
        return (fake ? played : "It does: the mode is proved")
                + (checks > 1 ? (fake ? "; all " : " and all ") + checks + " checks passed." : ".");
    }

    /** The reason or, of a pass, what proves the mode, short enough for a table; harmless. */
    public static String why(CellResult result) {
        String why = result.reason().isEmpty()
                ? result.checks().stream()
                        .sorted(Comparator.comparing(check -> !check.name().equals(MODE_PROOF)))
                        .map(CheckResult::evidence)
                        .flatMap(List::stream)
                        .map(Evidence::text)
                        .findFirst()
                        .orElse("")
                : result.reason();
        return KERNEL_TIME
                .matcher(ConsoleText.harmless(why).replace('\t', ' '))
                .replaceFirst("")
                .strip();
    }

    /** {@code 61.2 s}, {@code 4 min 07 s} or {@code 1 h 02 min}. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 100) {
            return tenths(seconds) + " s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }

    /** Seconds with one decimal, for example {@code 61.2}. */
    public static String tenths(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    /** A hypervisor in people's words, for example {@code Xen 4.17}. */
    public static String hypervisor(String id) {
        return id.equals("none") ? "No hypervisor" : id.replaceFirst("^xen-", "Xen ");
    }

    private static boolean isBare(Cell cell) {
        return cell.hypervisor().equals("none");
    }

    private static String because(CellResult result) {
        String reason = result.reason().isEmpty() ? "No reason was recorded" : result.reason();
        String sentence = Character.toUpperCase(reason.charAt(0)) + reason.substring(1);
        return sentence.matches("(?s).*[.!?]") ? sentence : sentence + ".";
    }

    private static String failedAttempts(CellResult result) {
        long failed = result.attempts().stream()
                .filter(attempt -> attempt.kernel().equals(Attempt.SUBJECT))
                .filter(attempt -> attempt.verdict() != Verdict.PASS)
                .count();
        return failed == 1 ? "an attempt" : failed + " attempts";
    }

    private static boolean controlPassed(CellResult result) {
        return result.attempts().stream()
                .anyMatch(a -> a.kernel().equals(Attempt.CONTROL) && a.verdict() == Verdict.PASS);
    }

    private static List<CellResult> with(MatrixResult result, Verdict verdict) {
        return result.cells().stream().filter(cell -> cell.verdict() == verdict).toList();
    }

    private static String count(List<CellResult> some, int all) {
        return some.size() + " of " + all + (all == 1 ? " cell" : " cells");
    }

    private static String names(List<CellResult> cells) {
        String named = cells.stream()
                .limit(NAMED_AT_MOST)
                .map(result -> name(result.cell()))
                .collect(Collectors.joining(", "));
        int more = cells.size() - NAMED_AT_MOST;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
