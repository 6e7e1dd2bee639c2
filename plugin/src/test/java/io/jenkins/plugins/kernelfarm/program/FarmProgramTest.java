package io.jenkins.plugins.kernelfarm.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FarmProgramTest {
    private static final String SUM = "0".repeat(64);

    @TempDir
    private Path folder;

    @Test
    void isWhatItsListSays() throws IOException {
        Files.writeString(folder.resolve("SHA256SUMS"), SUM + "  farm\n" + SUM + "  lib/a_b-1.0+x.jar\n");

        FarmProgram program = FarmProgram.in(folder);

        assertThat(program.sums()).containsOnlyKeys("farm", "lib/a_b-1.0+x.jar").containsValue(SUM);
        assertThat(program.jar()).isEqualTo(folder.resolve("farm.jar"));
        assertThat(program.sha256()).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../farm", "lib/../../x", "/etc/x", "lib/.hidden", "a/b", "a b", ""})
    void aNameThatLeadsElsewhereIsRefused(String name) throws IOException {
        Files.writeString(folder.resolve("SHA256SUMS"), SUM + "  " + name + "\n");

        assertThatThrownBy(() -> FarmProgram.in(folder)).hasMessageContaining("which is not a sum and a name");
    }

    @Test
    void aDamagedPluginIsAnError() {
        assertThatThrownBy(() -> FarmProgram.in(folder)).isInstanceOf(IOException.class);
    }
}
