package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Verdict;
import java.util.List;

/** What ends a run early: one sentence that names the input and the remedy, and who is to blame. */
public final class FarmException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Who has to do something about it; this decides the exit code. */
    public enum Blame {
        /** The kernel does not build or boot. */
        KERNEL(1, Verdict.FAIL),
        /** Command line, spec or profile are wrong. */
        USAGE(2, Verdict.ERROR),
        /** Network, disk, missing tools: the farm's own. */
        FARM(3, Verdict.ERROR);

        private final int exitCode;
        private final Verdict verdict;

        Blame(int exitCode, Verdict verdict) {
            this.exitCode = exitCode;
            this.verdict = verdict;
        }

        public int exitCode() {
            return exitCode;
        }

        public Verdict verdict() {
            return verdict;
        }
    }

    private final Blame blame;
    private final transient List<String> lines;

    private FarmException(Blame blame, String sentence, Throwable cause) {
        this(blame, sentence, cause, List.of());
    }

    private FarmException(Blame blame, String sentence, Throwable cause, List<String> lines) {
        super(sentence, cause);
        this.blame = blame;
        this.lines = List.copyOf(lines);
    }

    public static FarmException kernel(String sentence) {
        return new FarmException(Blame.KERNEL, sentence, null);
    }

    /** @param lines the few that a person has to see besides the sentence */
    static FarmException kernel(String sentence, List<String> lines) {
        return new FarmException(Blame.KERNEL, sentence, null, lines);
    }

    public static FarmException usage(String sentence) {
        return new FarmException(Blame.USAGE, sentence, null);
    }

    public static FarmException usage(String sentence, Throwable cause) {
        return new FarmException(Blame.USAGE, sentence, cause);
    }

    public static FarmException farm(String sentence) {
        return new FarmException(Blame.FARM, sentence, null);
    }

    public static FarmException farm(String sentence, Throwable cause) {
        return new FarmException(Blame.FARM, sentence, cause);
    }

    /** What of a program's own words shows it, a few lines; often none. */
    public List<String> lines() {
        return lines == null ? List.of() : lines;
    }

    public Blame blame() {
        return blame;
    }
}
