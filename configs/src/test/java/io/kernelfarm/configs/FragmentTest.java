package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentTest {
    @Test
    void knowsTheLineOfEveryWish() {
        String text = """
                # Purpose: a test

                CONFIG_XEN=y
                # CONFIG_DEBUG_INFO is not set
                  CONFIG_XENFS=m
                # CONFIG_COMMENTED=y
                CONFIG_NR_CPUS=64
                CONFIG_PHYSICAL_START=0x1000000
                CONFIG_LOCALVERSION="-farm \\"1\\""
                CONFIG_OFF=n
                """;

        assertThat(Fragment.parse("t", text).wishes())
                .containsExactly(
                        new Wish("XEN", "y", "t", 3),
                        new Wish("DEBUG_INFO", "n", "t", 4),
                        new Wish("XENFS", "m", "t", 5),
                        new Wish("NR_CPUS", "64", "t", 7),
                        new Wish("PHYSICAL_START", "0x1000000", "t", 8),
                        new Wish("LOCALVERSION", "\"-farm \\\"1\\\"\"", "t", 9),
                        new Wish("OFF", "n", "t", 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XEN=y", "CONFIG_XEN", "CONFIG_XEN y", "config XEN", "CONFIG_=y"})
    void refusesALineThatIsNoWish(String line) {
        assertThatThrownBy(() -> Fragment.parse("broken", "# Purpose: a test\n" + line + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("broken.config:2: cannot read '" + line + "'; write CONFIG_NAME=value, "
                        + "'# CONFIG_NAME is not set', or a comment that begins with #");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Y", "yes", "y # because", "\"open", "12k", "-farm"})
    void refusesAValueThatTheKernelsToolWouldMisread(String value) {
        assertThatThrownBy(() -> Fragment.parse("broken", "CONFIG_XEN=" + value))
                .isInstanceOf(ConfigException.class)
                .hasMessage("broken.config:1: CONFIG_XEN cannot be '" + value
                        + "'; a value is y, m, n, a number, or a string in double quotes, and nothing may follow it");
    }

    @Test
    void refusesAnOptionThatIsSetTwice() {
        assertThatThrownBy(() -> Fragment.parse("twice", "CONFIG_XEN=y\n# CONFIG_XEN is not set\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("twice.config:2: CONFIG_XEN was already set on line 1; keep one of the two");
    }

    @Test
    void isNamedAfterItsFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my-own.config"), "CONFIG_XEN=y\n");

        assertThat(Fragment.read(file)).isEqualTo(Fragment.parse("my-own", "CONFIG_XEN=y\n"));
        assertThatThrownBy(() -> Fragment.read(folder.resolve("my-own.cfg")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("my-own.cfg is no fragment: its name must end with .config");
    }

    @ParameterizedTest
    @CsvSource({"XEN_DOM0", "CONFIG_XEN_DOM0"})
    void takesTheSpecsOptionsWithOrWithoutPrefix(String option) {
        Fragment spec = Fragment.ofSpec(Map.of(option, "n"));

        assertThat(spec.wishes()).containsExactly(new Wish("XEN_DOM0", "n", "spec", 0));
        assertThat(spec.wishes().get(0).place()).isEqualTo("spec");
    }

    @Test
    void refusesMalformedOptionsOfTheSpec() {
        assertThatThrownBy(() -> Fragment.ofSpec(Map.of("XEN DOM0", "n")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("options: 'XEN DOM0' is no option; write its name, for example XEN_DOM0");
        assertThatThrownBy(() -> Fragment.ofSpec(Map.of("XEN", "false")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("spec: CONFIG_XEN cannot be 'false'");
    }
}
