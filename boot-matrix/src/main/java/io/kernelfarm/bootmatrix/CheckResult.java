package io.kernelfarm.bootmatrix;

import java.util.List;

/**
 * The answer to one question asked inside a cell.
 *
 * @param name for example {@code mode-proof} or {@code block}
 * @param seconds how long the check took
 * @param reason one sentence on why the verdict is not PASS; empty when it is
 */
public record CheckResult(String name, Verdict verdict, double seconds, String reason, List<Evidence> evidence) {
    public CheckResult {
        evidence = List.copyOf(evidence);
    }
}
