package io.kernelfarm.bootmatrix;

import java.util.List;

/**
 * One boot of a cell. The first attempts boot the kernel in question; when those failed, a last one boots the control
 * kernel in the same cell.
 *
 * @param kernel {@link #SUBJECT} or {@link #CONTROL}
 * @param dom0 release of the kernel that ran as dom0, empty where there was none
 * @param verdict of this boot alone; {@code FAIL} says "did not do what was asked", before anyone is blamed
 * @param seconds from power on (a guest: from its creation) to the last check
 * @param reason one sentence on why the verdict is not PASS; empty when it is
 * @param lastState the last state that the boot reached, for example {@code KERNEL}
 * @param console the console log, as a path relative to {@code matrix.json}
 */
public record Attempt(
        String kernel,
        String dom0,
        Verdict verdict,
        double seconds,
        String reason,
        String lastState,
        String console,
        List<CheckResult> checks) {

    public static final String SUBJECT = "subject";
    public static final String CONTROL = "control";

    public Attempt {
        checks = List.copyOf(checks);
    }
}
