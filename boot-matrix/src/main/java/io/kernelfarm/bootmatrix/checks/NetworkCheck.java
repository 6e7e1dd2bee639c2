package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** Packets between a guest and dom0, both ways, through the mode's own driver. */
final class NetworkCheck implements Check {
    /** As busybox' ping ends: three packets out, three back. */
    private static final String ALL_CAME = "3 packets transmitted, 3 packets received, 0% packet loss";

    static final String NAME = "network";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.only(mode);
    }

    static String driver(Mode mode) {
        return mode == Mode.HVM ? "e1000" : "vif";
    }

    @Override
    public Finding judge(Answers answers) {
        String expected = driver(answers.mode());
        String driver = answers.get("driver").orElse("");
        String reason = "";
        if (!driver.equals(expected)) {
            reason = "the network card's driver is '" + driver + "' instead of '" + expected + "'";
        } else if (!answers.get("out").orElse("").equals(ALL_CAME)) {
            reason = "packets from the guest to dom0 were lost: "
                    + answers.get("out").orElse("");
        } else if (!answers.dom0("in").orElse("").equals(ALL_CAME)) {
            reason = "packets from dom0 to the guest were lost: "
                    + answers.dom0("in").orElse("");
        }
        return Finding.of(reason, answers.everything());
    }
}
