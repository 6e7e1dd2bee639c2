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

    /**
     * Whether it is asked of a dom0 once its guests are gone, and then its script has the toolstack. Others are asked before the
     * toolstack starts.
     */
    default boolean comesAfterGuests() {
        return false;
    }

    /** Says what the answers mean. */
    Finding judge(Answers answers);
}
