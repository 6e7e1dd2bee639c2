package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Memory that dom0 takes away and gives back. */
final class BalloonCheck implements Check {
    /** KiB that the guest is told to give; see {@code host/balloon.sh}. */
    private static final long GIVEN = 64 << 10;

    /** KiB by which a size may differ: the kernel's own books are in these sizes too. */
    private static final long TOLERANCE = 8 << 10;

    @Override
    public String name() {
        return "balloon";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        if (answers.dom0("unable").isPresent()) {
            return Finding.skipped(answers.dom0("unable").get(), answers.everything());
        }
        OptionalLong before = answers.number("before");
        OptionalLong down = answers.number("down");
        OptionalLong up = answers.number("up");
        String reason = "";
        if (answers.dom0("failed").isPresent()) {
            reason = "dom0's toolstack said: " + answers.dom0("failed").get();
        } else if (before.isEmpty() || down.isEmpty() || up.isEmpty()) {
            reason = "the guest's memory could not be read";
        } else if (Math.abs(before.getAsLong() - GIVEN - down.getAsLong()) > TOLERANCE) {
            reason = String.format(
                    Locale.ROOT,
                    "told to give 64 MiB of %d KiB, the guest kept %d KiB",
                    before.getAsLong(),
                    down.getAsLong());
        } else if (Math.abs(before.getAsLong() - up.getAsLong()) > TOLERANCE) {
            reason = String.format(
                    Locale.ROOT,
                    "given its memory back, the guest has %d KiB instead of %d KiB",
                    up.getAsLong(),
                    before.getAsLong());
        }
        return Finding.of(reason, answers.everything());
    }
}
