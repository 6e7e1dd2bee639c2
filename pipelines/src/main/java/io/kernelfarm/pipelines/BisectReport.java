package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Puts what a bisection came to into words and files. */
final class BisectReport {

    /** More suspects than this are not a result that anybody reads. */
    private static final int SUSPECTS_AT_MOST = 100;

    private final BisectLayout layout;
    private final BisectTask task;
    private final BisectRun.Kernels kernels;

    BisectReport(BisectLayout layout, BisectTask task, BisectRun.Kernels kernels) {
        this.layout = layout;
        this.task = task;
        this.kernels = kernels;
    }

    /** Leaves {@code bisect.json} of a bisection that goes on, and of a git tree {@code bisect.log} with it. */
    void unfinished(List<Step> steps) throws IOException {
        write(record(null, "", null, List.of(), steps));
    }

    /** Leaves the same of one that came to its end. */
    BisectRecord finished(Outcome outcome) throws IOException {
        List<BisectRecord.Suspect> suspects = new ArrayList<>();
        for (String id : outcome.suspects()
                .subList(0, Math.min(SUSPECTS_AT_MOST, outcome.suspects().size()))) {
            suspects.add(kernels.describe(id));
        }
        BisectRecord.FirstBad first = null;
        if (outcome.kind() == Outcome.Kind.FOUND) {
            String id = outcome.suspects().get(0);
            Step shown = outcome.steps().stream()
                    .filter(step -> step.purpose() == Purpose.VERIFY_BAD)
                    .findFirst()
                    .orElseThrow();
            first = new BisectRecord.FirstBad(suspects.get(0), kernels.parents(id), shown);
        }
        BisectRecord record = record(outcome.kind(), sentence(outcome), first, suspects, outcome.steps());
        write(record);
        return record;
    }

    private BisectRecord record(
            Outcome.Kind outcome,
            String sentence,
            BisectRecord.FirstBad first,
            List<BisectRecord.Suspect> suspects,
            List<Step> steps) {
        return new BisectRecord(
                BisectRecord.FORMAT_VERSION, layout.id(), task, outcome, sentence, first, suspects, steps);
    }

    private void write(BisectRecord record) throws IOException {
        Json.write(layout.record(), record);
        if (task.isOfGit()) {
            AtomicFile.write(layout.log(), gitLog(record).getBytes(StandardCharsets.UTF_8));
        }
    }

    private String sentence(Outcome outcome) throws IOException {
        Step last = outcome.last();
        String what = last == null ? "" : kernels.quote(last.id());
        return switch (outcome.kind()) {
            case FOUND ->
                "the first bad one is " + kernels.quote(outcome.suspects().get(0)) + ", verified: bad again, and "
                        + parents(kernels.parents(outcome.suspects().get(0))) + " good again" + flaky(outcome);
            case UNDECIDED ->
                "the first bad one is one of " + outcome.suspects().size()
                        + ", and those of them that decide could not be tested: " + some(outcome.suspects())
                        + flaky(outcome);
            case NOT_REPRODUCIBLE ->
                "not reproducible: when tested again, " + what + " was "
                        + last.answer() + (last.answer() == Answer.BAD ? " (" + last.reason() + ")" : "")
                        + "; the fault comes and goes, or has nothing to do with the change" + flaky(outcome);
            case UNVERIFIED ->
                "the first bad one seems to be "
                        + kernels.quote(outcome.suspects().get(0)) + ", but it is not verified: " + what
                        + " could not be tested again: " + last.reason();
            case GOOD_IS_BAD ->
                "--good " + what + " is bad in " + task.cell() + ": " + last.reason()
                        + "; name an older one that is good";
            case BAD_IS_GOOD ->
                "--bad " + what + " is good in " + task.cell() + (last.flaky() ? " (flaky)" : "")
                        + "; name one that is bad";
            case MENDED ->
                what + ", from which both ends come, is bad already: " + last.reason()
                        + "; it was mended on the way to --good, and the commit that broke it is older: name a --good that is"
                        + " an ancestor of it";
            case UNTESTABLE -> what + " could not be tested: " + last.reason() + "; name a neighbour of it";
        };
    }

    private static String parents(List<String> parents) {
        return parents.size() == 1 ? "its parent" : "its " + parents.size() + " parents";
    }

    private String some(List<String> ids) throws IOException {
        List<String> quoted = new ArrayList<>();
        for (String id : ids.subList(0, Math.min(10, ids.size()))) {
            quoted.add(kernels.quote(id));
        }
        return String.join(", ", quoted) + (ids.size() > quoted.size() ? ", …" : "");
    }

    private static String flaky(Outcome outcome) {
        List<Step> flaky = outcome.steps().stream().filter(Step::flaky).toList();
        return flaky.isEmpty()
                ? ""
                : "; of test " + flaky.stream().map(step -> "" + step.number()).collect(Collectors.joining(", "))
                        + " a first attempt had failed (flaky), so look at that one's console too";
    }

    /** What {@code git bisect replay} takes, and {@code git bisect log} would have printed. */
    private String gitLog(BisectRecord record) throws IOException {
        StringBuilder log = new StringBuilder();
        log.append("git bisect start '")
                .append(task.bad())
                .append("' '")
                .append(task.good())
                .append("'\n");
        for (Step step : record.steps()) {
            log.append("# ")
                    .append(step.answer())
                    .append(": [")
                    .append(step.id())
                    .append("] ")
                    .append(step.title())
                    .append('\n');
            boolean moves = step.purpose() == Purpose.MERGE_BASE || step.purpose() == Purpose.SEARCH;
            if (moves) {
                log.append("git bisect ")
                        .append(step.answer())
                        .append(' ')
                        .append(step.id())
                        .append('\n');
            }
        }
        if (record.firstBad() != null) {
            BisectRecord.Suspect first = record.firstBad().what();
            log.append("# first bad commit: [")
                    .append(first.id())
                    .append("] ")
                    .append(first.title())
                    .append('\n');
        }
        return log.toString();
    }
}
