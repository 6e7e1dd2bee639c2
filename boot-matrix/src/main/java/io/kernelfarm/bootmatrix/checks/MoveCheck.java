package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/**
 * A guest that goes on as another domain, none the wiser.
 *
 * @param name {@code save-restore} or {@code migrate}
 */
record MoveCheck(String name) implements Check {
    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        if (answers.dom0("unable").isPresent()) {
            return Finding.skipped(answers.dom0("unable").get(), answers.everything());
        }
        String reason = "";
        if (answers.dom0("failed").isPresent()) {
            reason = "dom0's toolstack said: " + answers.dom0("failed").get();
        } else if (answers.dom0("done").isEmpty()) {
            reason = "dom0 did not say that it was done";
        } else if (!answers.get("kept").orElse("").equals(answers.watch().nonce())) {
            reason = "the guest's memory was not as it had been";
        } else if (seconds(answers, "after") <= seconds(answers, "before")) {
            reason = "the guest's clock went back";
        }
        return Finding.of(reason, answers.everything());
    }

    private static double seconds(Answers answers, String key) {
        return answers.get(key)
                .filter(text -> text.matches("\\d+\\.\\d+"))
                .map(Double::valueOf)
                .orElse(0.0);
    }
}
