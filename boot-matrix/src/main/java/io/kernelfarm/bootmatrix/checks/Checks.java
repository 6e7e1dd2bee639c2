package io.kernelfarm.bootmatrix.checks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** All checks that there are, in the order in which they are asked. */
public final class Checks {
    public static final List<Check> ALL = List.of(
            new DiskCheck(),
            new NetworkCheck(),
            new ClockCheck(),
            new ModulesCheck(),
            new BalloonCheck(),
            new VcpuCheck(),
            new MoveCheck("save-restore"),
            new MoveCheck("migrate"),
            new SoakCheck(),
            // What comes after it is asked of a guest that has just booted.
            new RebootCheck(),
            // Nothing comes after it.
            new ShutdownCheck(),
            new BackendsCheck(),
            new XlInfoCheck(),
            new LeaksCheck());

    private Checks() {}

    /**
     * The check called {@code name}.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Check of(String name) {
        Optional<Check> found =
                ALL.stream().filter(check -> check.name().equals(name)).findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("unknown check '" + name + "'; there are "
                + ALL.stream().map(Check::name).collect(Collectors.joining(", "))));
    }
}
