package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;

/**
 * What a check found.
 *
 * @param verdict PASS, FAIL ("was not as it has to be"), or SKIP where it turned out that it could not be asked here
 * @param reason one sentence on why it did not pass; empty if it did
 */
public record Finding(Verdict verdict, String reason, List<Evidence> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }

    public static Finding passed(List<Answer> answers) {
        return of("", answers);
    }

    public static Finding failed(String reason, List<Answer> answers) {
        return new Finding(Verdict.FAIL, reason, lines(answers));
    }

    /** It makes no sense on this host, which could not be known before. */
    public static Finding skipped(String reason, List<Answer> answers) {
        return new Finding(Verdict.SKIP, reason, lines(answers));
    }

    /** Passed, if {@code reason} is empty. */
    public static Finding of(String reason, List<Answer> answers) {
        return new Finding(reason.isEmpty() ? Verdict.PASS : Verdict.FAIL, reason, lines(answers));
    }

    private static List<Evidence> lines(List<Answer> answers) {
        return answers.stream().map(Answer::line).toList();
    }
}
