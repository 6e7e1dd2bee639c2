package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * What a call of a program cost, with all the programs that it called.
 *
 * @param wallSeconds from start to end
 * @param cpuSeconds of all processors together, in user and in system mode
 * @param peakMib the most memory that one of its processes had resident
 */
public record Cost(double wallSeconds, double cpuSeconds, long peakMib) {

    /** The cheapest in time of some tries: what else the machine does only ever adds. */
    static final Comparator<Cost> FASTEST = Comparator.comparingDouble(Cost::wallSeconds);

    /** What a call said, and what it cost. */
    record Measured(Cost cost, String output) {}

    /**
     * Runs {@code command} under GNU time.
     *
     * @throws FarmException the farm's fault, if it fails
     */
    static Measured measure(Command command, Path scratch) throws IOException {
        Path file = Files.createTempFile(scratch, "cost-", null);
        String output =
                command.by("time", "--format=%e %U %S %M", "--output=" + file).output();
        String[] numbers = Files.readString(file).strip().split(" ", 4);
        Files.delete(file);
        return new Measured(
                new Cost(
                        Double.parseDouble(numbers[0]),
                        Double.parseDouble(numbers[1]) + Double.parseDouble(numbers[2]),
                        Long.parseLong(numbers[3]) / 1024),
                output);
    }

    /** Of this and then the other. */
    Cost then(Cost other) {
        return new Cost(
                wallSeconds + other.wallSeconds, cpuSeconds + other.cpuSeconds, Math.max(peakMib, other.peakMib));
    }
}
