package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a kernel says when something went wrong and it goes on (lib/bug.c, kernel/panic.c, arch/x86/mm/fault.c,
 * arch/x86/kernel/traps.c, kernel/rcu/tree_stall.h, kernel/watchdog.c, kernel/hung_task.c, mm/kasan, lib/ubsan.c,
 * kernel/locking/lockdep.c, mm/oom_kill.c).
 */
public final class KernelLog {
    public static final String NAME = "kernel-log";

    private static final List<Pattern> TROUBLE = List.of(
            Pattern.compile("\\bOops\\b: "),
            Pattern.compile("\\bBUG: "),
            Pattern.compile("kernel BUG at "),
            Pattern.compile("[Uu]nable to handle (kernel|page fault)"),
            Pattern.compile("general protection fault"),
            Pattern.compile("invalid opcode: "),
            Pattern.compile("WARNING: CPU: \\d+ PID: \\d+"),
            Pattern.compile("INFO: rcu\\S* .*(self-)?detected .*stall"),
            Pattern.compile("detected stalls on CPUs/tasks"),
            Pattern.compile("detected expedited stalls"),
            Pattern.compile("hard LOCKUP"),
            Pattern.compile("INFO: task .* blocked for more than "),
            Pattern.compile("UBSAN: "),
            Pattern.compile("possible (circular locking|recursive locking|irq lock inversion)"),
            Pattern.compile("Out of memory: "));

    /** Xen's own lines, and other domains', on dom0's console; and the farm's answers. */
    private static final Pattern NOT_THIS_KERNEL = Pattern.compile("^\\(XEN\\)|^\\(d\\d+\\)|farm:[0-9a-f]+:");

    private KernelLog() {}

    /** Looks at every line of a console. */
    public static Finding judge(List<String> lines, boolean ofAGuest, List<IgnoredLine> ignored) {
        List<Evidence> trouble = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isTrouble(line, ofAGuest)
                    && ignored.stream()
                            .noneMatch(one -> one.pattern().matcher(line).find())) {
                trouble.add(new Evidence(i + 1, line));
            }
        }
        return trouble.isEmpty()
                ? new Finding(
                        Verdict.PASS, "", List.of(new Evidence(0, lines.size() + " lines, none of them a complaint")))
                : new Finding(
                        Verdict.FAIL,
                        "the kernel complained: " + trouble.get(0).text().strip(),
                        trouble.subList(0, Math.min(20, trouble.size())));
    }

    private static boolean isTrouble(String line, boolean ofAGuest) {
        String own = ofAGuest ? line.replaceFirst("^\\(d\\d+\\) ", "") : line;
        return !NOT_THIS_KERNEL.matcher(own).find()
                && TROUBLE.stream().anyMatch(pattern -> pattern.matcher(own).find());
    }
}
