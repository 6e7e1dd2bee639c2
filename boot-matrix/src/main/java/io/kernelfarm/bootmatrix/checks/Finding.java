package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;

/**
 * What a check found.
 *
 * @param reason one sentence on why it did not pass; empty if it did
 */
public record Finding(String reason, List<Evidence> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }

    public static Finding passed(List<Answer> answers) {
        return failed("", answers);
    }

    public static Finding failed(String reason, List<Answer> answers) {
        return new Finding(reason, answers.stream().map(Answer::line).toList());
    }

    /** Passed, if {@code reason} is empty. */
    public static Finding of(String reason, List<Answer> answers) {
        return failed(reason, answers);
    }
}
