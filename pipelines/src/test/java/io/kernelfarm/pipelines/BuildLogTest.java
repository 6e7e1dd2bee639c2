package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogTest {

    @TempDir
    private Path folder;

    @Test
    void warningsAreCountedByFileAndTheLogIsKeptCompressed() throws IOException {
        Path source = folder.resolve("linux");
        Files.createDirectories(source.resolve("lib"));
        Files.writeString(
                source.resolve("lib/sum.c"),
                "static int unused;\nint sum(int a) { int b; return a + b; }\nint twice(int a) { int c; return c; }\n");
        Path plain = folder.resolve("build.log");
        Path kept = folder.resolve("build.log.gz");

        try (BuildLog log = new BuildLog(plain, source)) {
            log.add("  CC      lib/sum.o");
            Command.of("gcc", "-Wall", "-O2", "-c", source.resolve("lib/sum.c").toString(), "-o", "/dev/null")
                    .each(log::add)
                    .output();
            assertThat(plain).as("people follow it").content().contains("CC      lib/sum.o");
            log.add(
                    "WARNING: modpost: vmlinux.o: section mismatch in reference: f (section: .text) -> g (section: .init.text)");
            log.add("vmlinux.o: warning: objtool: f()+0x1: unreachable instruction");
            log.add("that there is a warning: is no warning");
            log.compressTo(kept);

            assertThat(log.warnings()).isEqualTo(Map.of("lib/sum.c", 3, "vmlinux.o", 2));
        }

        assertThat(plain).doesNotExist();
        assertThat(Command.of("zcat", kept.toString()).output())
                .contains("CC      lib/sum.o", "[-Wunused-variable]", "[-Wuninitialized]");
    }
}
