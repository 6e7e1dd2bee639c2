package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This machine's memory. */
public final class Memory {

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]+) kB$");

    private Memory() {}

    /**
     * Bytes that programs could take without others being paged out, as the kernel estimates them (proc_meminfo(5)).
     *
     * @throws IOException if it does not say
     */
    public static long availableBytes() throws IOException {
        Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
        if (!matcher.find()) {
            throw new IOException("/proc/meminfo does not say how much memory is available");
        }
        return Long.parseLong(matcher.group(1)) * 1024;
    }
}
