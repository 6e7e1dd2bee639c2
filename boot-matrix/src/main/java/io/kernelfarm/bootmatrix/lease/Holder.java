package io.kernelfarm.bootmatrix.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The process that has a machine. A process id alone is given out again; with the boot of this host and the time at which
 * the process started in it, it names one process for ever.
 *
 * @param startTicks clock ticks from the host's boot to the start of the process (proc(5), stat, field 22)
 * @param boot identity of the host's boot (random(4), boot_id)
 * @param since when the machine was taken
 */
public record Holder(long pid, long startTicks, String boot, Instant since) {

    /** This process. */
    public static Holder self(Instant since) throws IOException {
        long pid = ProcessHandle.current().pid();
        return new Holder(pid, startTicks(pid), currentBoot(), since);
    }

    /** Whether the process still runs. */
    public boolean alive() throws IOException {
        return boot.equals(currentBoot()) && startTicks == startTicks(pid);
    }

    private static String currentBoot() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    /** -1 where there is no such process, or only what its parent has not yet taken note of. */
    private static long startTicks(long pid) {
        try {
            // The second field is a name in parentheses that may hold anything; the third is the state.
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Long.parseLong(fields[22 - 3]);
        } catch (IOException e) {
            return -1;
        }
    }
}
