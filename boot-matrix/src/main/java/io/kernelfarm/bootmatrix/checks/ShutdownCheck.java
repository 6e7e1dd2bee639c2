package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** A shutdown that dom0 asks for is obeyed. It is the last check: the guest is gone afterwards. */
final class ShutdownCheck implements Check {
    @Override
    public String name() {
        return "shutdown";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        String order = answers.get("order").orElse("none");
        return Finding.of(
                order.equals("poweroff") ? "" : "asked by dom0 to shut down, the guest heard " + order,
                answers.everything());
    }
}
