package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.configs.ConfigDiff.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotConfigTest {
    @Test
    void whatIsNotSetIsN() {
        DotConfig config = DotConfig.parse("""
                CONFIG_XEN=y
                # CONFIG_XEN_DOM0 is not set
                CONFIG_LOCALVERSION="-a=b"
                """);

        assertThat(config.values()).containsOnlyKeys("LOCALVERSION", "XEN");
        assertThat(config.value("LOCALVERSION")).isEqualTo("\"-a=b\"");
        assertThat(config.value("XEN_DOM0")).isEqualTo("n");
        assertThat(config.isOn("XEN")).isTrue();
        assertThat(config.isOn("NEVER_HEARD_OF")).isFalse();
    }

    @Test
    void saysWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> DotConfig.read(folder.resolve("absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("absent; give the path of a kernel's .config file");
        Path text = Files.writeString(folder.resolve("letter.txt"), "Dear kernel,\n");
        assertThatThrownBy(() -> DotConfig.read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("letter.txt is no kernel configuration: it has no line CONFIG_NAME=value");
    }

    @Test
    void diffHasWhatCameWhatWentAndWhatChanged() {
        DotConfig before = DotConfig.parse("CONFIG_A=y\nCONFIG_B=y\nCONFIG_D=y\n# CONFIG_E is not set\n");
        DotConfig after = DotConfig.parse("CONFIG_B=m\nCONFIG_C=\"x\"\nCONFIG_D=y\n");

        assertThat(ConfigDiff.between(before, after))
                .containsExactly(new Change("A", "y", "n"), new Change("B", "y", "m"), new Change("C", "n", "\"x\""));
        assertThat(ConfigDiff.between(before, before)).isEmpty();
    }
}
