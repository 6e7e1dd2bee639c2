package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** What checks that need a dom0 have in common. */
final class Guests {
    private Guests() {}

    /** {@link Check#senselessIn} of a check of a dom0 itself. */
    static Optional<String> onlyDom0(Mode mode) {
        return mode.isDom0() ? Optional.empty() : Optional.of("only a dom0 has guests and a toolstack");
    }

    /** {@link Check#senselessIn} of a check that needs a dom0 on the other side. */
    static Optional<String> only(Mode mode) {
        return mode.isGuest() ? Optional.empty() : Optional.of("there is no dom0 to do its part");
    }

    /**
     * Why an order of dom0's was not obeyed; empty if it was.
     *
     * @param asked what dom0 asked for, in words
     * @param order what the guest's kernel has to make of it: the name of the program that it runs
     * @param shutdown the reason with which the domain has to come down
     */
    static String disobedience(Answers answers, String asked, String order, String shutdown) {
        String heard = answers.get("order").orElse("none");
        String reason = answers.dom0("reason").orElse("none");
        if (!heard.equals(order)) {
            return "asked by dom0 to " + asked + ", the guest heard " + heard;
        }
        return reason.equals(shutdown)
                ? ""
                : "asked by dom0 to " + asked + ", the guest came down with reason " + reason + " instead of "
                        + shutdown;
    }

    /** {@link #only}, of what a kernel without PV drivers does not know. */
    static Optional<String> onlyWithPvDrivers(Mode mode) {
        return mode == Mode.HVM ? Optional.of("a kernel without PV drivers does not hear its dom0") : only(mode);
    }
}
