package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** When its guests are gone, dom0 has nothing left of them: no domain, device, process, xenstore node, grant or memory. */
final class LeaksCheck implements Check {
    /** MiB that may be missing afterwards: less than the smallest guest has. */
    private static final long TOLERANCE = 64;

    @Override
    public String name() {
        return "leaks";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyDom0(mode);
    }

    @Override
    public Turn turn() {
        return Turn.AFTER_GUESTS;
    }

    @Override
    public Finding judge(Answers answers) {
        List<Answer> left = answers.all("left");
        List<Answer> grants = answers.all("grant");
        OptionalLong before = answers.number("free-before");
        OptionalLong after = answers.number("free-after");
        String reason = "";
        if (!left.isEmpty()) {
            reason = "something is left of guests that are gone: " + left.get(0).value();
        } else if (answers.get("grant-tables").filter(seen -> !seen.equals("0")).isEmpty()) {
            reason = "the hypervisor did not show its grant tables";
        } else if (!grants.isEmpty()) {
            reason = "a grant is still in use: " + grants.get(0).value();
        } else if (before.isEmpty() || after.isEmpty()) {
            reason = "the free memory cannot be read";
        } else if (before.getAsLong() - after.getAsLong() > TOLERANCE) {
            reason = "of " + before.getAsLong() + " MiB that were free before there were guests, " + after.getAsLong()
                    + " are now";
        }
        return Finding.of(reason, answers.everything());
    }
}
