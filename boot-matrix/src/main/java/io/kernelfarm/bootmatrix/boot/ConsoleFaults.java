package io.kernelfarm.bootmatrix.boot;

import java.util.List;
import java.util.regex.Pattern;

/** What a console says when there is no going on (Linux: kernel/panic.c; Xen: common/shutdown.c, arch/x86/traps.c). */
public final class ConsoleFaults {

    private static final List<Pattern> FATAL = List.of(
            Pattern.compile("Kernel panic - not syncing"),
            Pattern.compile("Attempted to kill init!"),
            Pattern.compile("\\(XEN\\) Panic on CPU \\d+"),
            Pattern.compile("\\(XEN\\).*FATAL TRAP"),
            Pattern.compile("\\(XEN\\) Xen BUG at"),
            Pattern.compile("\\(XEN\\) Assertion '.*' failed at"),
            Pattern.compile("\\(XEN\\) Hardware Dom0 (crashed|shutdown)"),
            Pattern.compile("\\(XEN\\) Domain \\d+ \\(vcpu#\\d+\\) crashed on cpu#"),
            Pattern.compile("Triple fault - invoking HVM shutdown"));

    private ConsoleFaults() {}

    /** Whether {@code line} says that its kernel or hypervisor is at its end. */
    public static boolean isFatal(String line) {
        return FATAL.stream().anyMatch(pattern -> pattern.matcher(line).find());
    }
}
