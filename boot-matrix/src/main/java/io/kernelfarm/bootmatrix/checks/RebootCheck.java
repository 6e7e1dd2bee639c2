package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** A reboot that dom0 asks for is obeyed, and the guest comes again: what is asked after it, is asked in the guest's second life. */
final class RebootCheck implements Check {
    /** SHUTDOWN_reboot of Xen's public/sched.h. */
    private static final String REBOOT = "1";

    @Override
    public String name() {
        return "reboot";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        String reason = Guests.disobedience(answers, "reboot", "reboot", REBOOT);
        if (reason.isEmpty() && answers.get("again").isEmpty()) {
            reason = "the guest rebooted, and did not come again";
        }
        return Finding.of(reason, answers.everything());
    }
}
