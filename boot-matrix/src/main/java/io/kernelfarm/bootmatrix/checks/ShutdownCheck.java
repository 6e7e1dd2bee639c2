package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** A shutdown that dom0 asks for is obeyed. It is the last check: the guest is gone afterwards. */
public final class ShutdownCheck implements Check {
    public static final String NAME = "shutdown";

    /** Under this key dom0 says last how the guest came down; see {@code host/shutdown.sh}. */
    public static final String LAST_WORD = NAME + ".reason";

    /** SHUTDOWN_poweroff of Xen's public/sched.h. */
    private static final String POWER_OFF = "0";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        return Finding.of(Guests.disobedience(answers, "shut down", "poweroff", POWER_OFF), answers.everything());
    }
}
