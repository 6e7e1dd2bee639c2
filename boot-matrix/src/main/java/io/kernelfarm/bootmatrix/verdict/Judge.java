package io.kernelfarm.bootmatrix.verdict;

import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import io.kernelfarm.bootmatrix.boot.Ending;
import io.kernelfarm.bootmatrix.checks.Answers;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.checks.Finding;
import io.kernelfarm.bootmatrix.checks.KernelLog;
import io.kernelfarm.bootmatrix.machine.Processor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of one boot whether it did what was asked. Whose fault it is if not, is for repetition and the control kernel. */
public final class Judge {

    /**
     * What may be said of one boot.
     *
     * @param verdict PASS, FAIL ("did not do what was asked") or ERROR (the farm's own parts failed)
     * @param reason one sentence; empty for PASS
     */
    public record Judgement(Verdict verdict, String reason, List<CheckResult> checks) {}

    private Judge() {}

    /**
     * Judges the boot that {@code watch} saw to its end.
     *
     * @param processor of the machine
     * @param release that had to boot, as {@code uname -r} prints it
     * @param sha256 of the data disk's content; empty if the boot never came to have one
     * @param plan what was to be asked
     */
    public static Judgement judge(
            BootWatch watch, Processor processor, String release, Optional<String> sha256, CheckPlan plan) {
        Ending ending = watch.ending().orElseThrow(() -> new IllegalStateException(watch.cell() + " still boots"));
        if (ending != Ending.ANSWERED) {
            Verdict verdict = ending == Ending.INFRASTRUCTURE ? Verdict.ERROR : Verdict.FAIL;
            List<Evidence> evidence = new ArrayList<>();
            watch.fault().ifPresent(evidence::add);
            watch.lastLine().filter(line -> !evidence.contains(line)).ifPresent(evidence::add);
            String said = watch.fault()
                    .map(fault -> ": " + plain(fault.text()) + why(fault, watch.lines()))
                    .or(() -> ending == Ending.TIMED_OUT ? watch.lastLine().map(Judge::silence) : Optional.empty())
                    .orElse("");
            Optional<Evidence> banner = ModeProof.wrongBanner(watch.cell().mode(), processor, watch);
            banner.ifPresent(evidence::add);
            String mode = banner.map(line -> "; the mode was wrong before that: " + plain(line.text()))
                    .orElse("");
            String asking = unfinished(watch)
                    .map(name -> "; it was being asked '" + name + "'")
                    .orElse("");
            CheckResult boot =
                    new CheckResult("boot", verdict, watch.seconds(), watch.detail() + said + mode + asking, evidence);
            return new Judgement(verdict, boot.reason(), List.of(boot));
        }
        String booted = watch.answers("state").stream()
                .map(Answer::value)
                .filter(value -> value.startsWith("userspace release="))
                .map(value -> value.substring("userspace release=".length()))
                .findFirst()
                .orElse("");
        if (!booted.equals(release)) {
            String reason = "kernel " + booted + " booted instead of " + release;
            CheckResult boot = new CheckResult("boot", Verdict.ERROR, watch.seconds(), reason, List.of());
            return new Judgement(Verdict.ERROR, reason, List.of(boot));
        }
        Answer first = watch.answers("state").get(0);
        CheckResult mode = ModeProof.check(watch.cell().mode(), processor, watch, first.at());
        List<CheckResult> checks = new ArrayList<>(List.of(
                new CheckResult("boot", Verdict.PASS, first.at(), "", List.of(first.line())),
                mode,
                BlockCheck.check(watch.cell().mode(), sha256.orElse(""), watch, first.at() + mode.seconds())));
        // A guest does not see the machine's.
        if (watch.cell().isUefi() && !watch.cell().mode().isGuest()) {
            checks.add(FirmwareCheck.check(watch, first.at()));
        }
        for (Check check : plan.in(watch.cell().mode())) {
            checks.add(asked(check, watch));
        }
        Finding log = KernelLog.judge(watch.lines(), watch.cell().mode().isGuest(), plan.ignored());
        checks.add(result(KernelLog.NAME, 0, log));
        Optional<CheckResult> failed =
                checks.stream().filter(check -> check.verdict() == Verdict.FAIL).findFirst();
        return new Judgement(
                failed.isPresent() ? Verdict.FAIL : Verdict.PASS,
                failed.map(check -> check.name() + ": " + check.reason()).orElse(""),
                checks);
    }

    /** The check that was begun last, if it never came to its end. */
    private static Optional<String> unfinished(BootWatch watch) {
        List<Answer> begun = watch.answers("begin");
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        String last = begun.get(begun.size() - 1).value();
        return at(watch, "end", last).isPresent() ? Optional.empty() : Optional.of(last);
    }

    private static Optional<Answer> at(BootWatch watch, String key, String name) {
        return watch.answers(key).stream()
                .filter(answer -> answer.value().equals(name))
                .findFirst();
    }

    private static CheckResult asked(Check check, BootWatch watch) {
        Optional<Answer> begun = at(watch, "begin", check.name());
        Optional<Answer> ended = at(watch, "end", check.name());
        if (begun.isEmpty() || ended.isEmpty()) {
            String reason = begun.isEmpty() ? "it was not asked" : "it did not come to its end";
            return result(check.name(), 0, Finding.failed(reason, List.of()));
        }
        Finding finding = check.judge(new Answers(check.name(), watch.cell().mode(), watch));
        return result(check.name(), ended.get().at() - begun.get().at(), finding);
    }

    private static CheckResult result(String name, double seconds, Finding finding) {
        return new CheckResult(name, finding.verdict(), seconds, finding.reason(), finding.evidence());
    }

    /** Xen says why it panics on the line after the one that says that it does (drivers/char/console.c). */
    private static String why(Evidence fault, List<String> lines) {
        boolean told = fault.text().matches("\\(XEN\\) Panic on CPU \\d+:\\s*") && fault.line() < lines.size();
        return told
                ? " " + lines.get(fault.line()).replaceFirst("^\\(XEN\\) ", "").strip()
                : "";
    }

    private static String silence(Evidence last) {
        return "; its last line was: " + plain(last.text());
    }

    /** A console line without what the console put around it: who said it, and when. */
    private static String plain(String line) {
        return line.replaceFirst("^(\\(d\\d+\\) )?(\\[ *\\d+\\.\\d+\\] )?", "");
    }
}
