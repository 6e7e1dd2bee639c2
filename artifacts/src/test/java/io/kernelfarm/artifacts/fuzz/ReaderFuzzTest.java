package io.kernelfarm.artifacts.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Tools;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dfuzz.rounds=} and {@code -Dfuzz.seed=} make it longer and another one. */
class ReaderFuzzTest {
    /** Decoders may take 80 MiB for a dictionary, and a header of an rpm 32 MiB several times over. */
    private static final String HEAP = "-Xmx256m";

    /** The heap, zstd's window of at most 128 MiB, and Java itself. */
    private static final long MAX_RESIDENT_KIB = 640 << 10;

    @Test
    void noReaderHangsCrashesOrFillsTheMemory(@TempDir Path directory) {
        String said = Tools.must(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                ReaderFuzz.class.getName(),
                directory.toString(),
                System.getProperty("fuzz.seed", "20260102"),
                System.getProperty("fuzz.rounds", "400"));
        System.out.print(said);
        Matcher resident = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(said);
        assertThat(resident.find()).isTrue();
        assertThat(Long.parseLong(resident.group(1))).isLessThan(MAX_RESIDENT_KIB);
    }
}
