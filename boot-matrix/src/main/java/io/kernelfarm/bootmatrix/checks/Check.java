package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/**
 * One question asked inside a cell. It has a script {@code initramfs/checks/NAME.sh}, which the booted system runs and which
 * says what it sees by {@code answer KEY=VALUE}; and, if dom0 has to do something for it, {@code initramfs/host/NAME.sh}, which
 * runs there whenever the first script calls {@code dom0 WORD…}. What the answers mean is said here.
 */
public interface Check {
    /** Its name in matrix files and reports, and of its scripts: small letters and hyphens. */
    String name();

    /** Why it is not asked in {@code mode}, in a few words; empty if it is. */
    default Optional<String> senselessIn(Mode mode) {
        return Optional.empty();
    }

    /** When a dom0 is asked. */
    enum Turn {
        /** Before the toolstack starts. */
        BEFORE_GUESTS,
        /** While dom0 has guests: for what waits more than it works. */
        BESIDE_GUESTS,
        /** Once its guests are gone; the script has the toolstack then. */
        AFTER_GUESTS
    }

    /** When a dom0 is asked; in other modes checks are asked one after another. */
    default Turn turn() {
        return Turn.BEFORE_GUESTS;
    }

    /** Says what the answers mean. */
    Finding judge(Answers answers);
}
