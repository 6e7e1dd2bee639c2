package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** What checks that need a dom0 have in common. */
final class Guests {
    private Guests() {}

    /** {@link Check#senselessIn} of a check that needs a dom0 on the other side. */
    static Optional<String> only(Mode mode) {
        return mode.isGuest() ? Optional.empty() : Optional.of("there is no dom0 to do its part");
    }

    /** The same, of what a kernel without PV drivers does not know. */
    static Optional<String> onlyWithPvDrivers(Mode mode) {
        return mode == Mode.HVM ? Optional.of("a kernel without PV drivers does not hear its dom0") : only(mode);
    }
}
