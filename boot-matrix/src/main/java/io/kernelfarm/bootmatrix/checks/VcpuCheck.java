package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.Optional;

/** A second virtual processor that dom0 unplugs and plugs again. */
final class VcpuCheck implements Check {
    @Override
    public String name() {
        return "vcpu";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return mode == Mode.PVHVM
                ? Optional.of(
                        "a fully virtualized guest gets processors by ACPI from its device model, which cannot take them")
                : Guests.onlyWithPvDrivers(mode);
    }

    @Override
    public Finding judge(Answers answers) {
        String seen = answers.get("before").orElse("nothing") + ", "
                + answers.get("unplugged").orElse("nothing") + ", "
                + answers.get("plugged").orElse("nothing");
        return Finding.of(
                seen.equals("0-1, 0, 0-1")
                        ? ""
                        : "processors before, after unplugging and after plugging were " + seen
                                + " instead of 0-1, 0, 0-1",
                answers.everything());
    }
}
