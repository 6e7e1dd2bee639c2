package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Verdict;

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

    private FarmException(Blame blame, String sentence, Throwable cause) {
        super(sentence, cause);
        this.blame = blame;
    }

    public static FarmException kernel(String sentence) {
        return new FarmException(Blame.KERNEL, sentence, null);
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

    public Blame blame() {
        return blame;
    }
}
