package io.jenkins.plugins.kernelfarm.step;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FarmTaskTest {
    @TempDir
    private Path folder;

    /** A shell takes it as it was meant, whatever is in it. */
    @Test
    void wordsReachTheProgramAsTheyAre() throws Exception {
        List<String> words =
                List.of("it's", "$(touch x)", "`touch x`", "a  b", "", "\\", "\"", "; touch x", "-n", "a\nb");
        Path script = Files.writeString(
                folder.resolve("script"),
                FarmTask.script(Stream.concat(Stream.of("/usr/bin/printf", "<%s>"), words.stream())
                        .toList()));

        Process shell = new ProcessBuilder("sh", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo("<" + String.join("><", words) + ">");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void theProgramTakesTheScriptsPlace() {
        assertThat(FarmTask.script(List.of("/opt/farm", "run"))).isEqualTo("#!/bin/sh\nexec '/opt/farm' 'run'\n");
    }
}
