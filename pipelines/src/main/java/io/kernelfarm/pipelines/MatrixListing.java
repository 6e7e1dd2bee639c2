package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a matrix comes to before anything is booted.
 *
 * @param cells that are to be booted
 * @param skipped that are not
 * @param soak seconds that the check of this name lasts
 * @param ignored lines of kernels' logs that fail no cell
 */
public record MatrixListing(List<Wanted> cells, List<Skipped> skipped, long soak, List<MatrixSpec.Ignored> ignored) {

    /**
     * A cell that is to be booted.
     *
     * @param cell its name in reports
     * @param required whether promotion needs a PASS of it
     * @param checks names of its checks, beside those that every cell has
     * @param obstacle why it will be {@code ERROR} on this machine, whatever the kernel; empty if nothing is known to be
     *     in its way
     */
    public record Wanted(
            String cell,
            Mode mode,
            String hypervisor,
            String firmware,
            String machine,
            boolean required,
            List<String> checks,
            String obstacle) {}

    /** A cell that is not booted, and why. */
    public record Skipped(String cell, Mode mode, String hypervisor, String firmware, String machine, String reason) {}

    /**
     * Lists {@code matrix} for this machine and kernels of {@code target}. Where there is no emulator, that is the obstacle of the cells that want it.
     */
    public static MatrixListing of(MatrixSpec matrix, Target target, FarmRun.Places places) {
        return places.guard(() -> {
            MatrixSpec there = matrix.on(places.machines()).on(target);
            try {
                Optional<? extends Machine> emulator = BootStage.emulator(there, target);
                return of(there, cell -> emulator.flatMap(machine -> machine.obstacle(cell)));
            } catch (IOException e) {
                return of(there, cell -> Optional.of("the emulator does not run: " + e.getMessage()));
            }
        });
    }

    /** @param obstacle of a cell that wants the emulator */
    private static MatrixListing of(MatrixSpec matrix, Function<Cell, Optional<String>> obstacle) {
        return new MatrixListing(
                matrix.cells().stream()
                        .map(cell -> wanted(cell, matrix, obstacle))
                        .toList(),
                matrix.excluded().entrySet().stream()
                        .map(excluded -> skipped(excluded.getKey(), excluded.getValue()))
                        .toList(),
                matrix.plan().soak().toSeconds(),
                matrix.ignore());
    }

    private static Wanted wanted(Cell cell, MatrixSpec matrix, Function<Cell, Optional<String>> obstacle) {
        return new Wanted(
                cell.id(),
                cell.mode(),
                cell.hypervisor(),
                cell.firmware(),
                cell.machine(),
                cell.required(),
                matrix.plan().in(cell.mode()).stream().map(Check::name).toList(),
                cell.machine().equals(MachinesPlace.EMULATOR)
                        ? obstacle.apply(cell).orElse("")
                        : "");
    }

    private static Skipped skipped(Cell cell, String reason) {
        return new Skipped(cell.id(), cell.mode(), cell.hypervisor(), cell.firmware(), cell.machine(), reason);
    }
}
