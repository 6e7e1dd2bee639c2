package io.kernelfarm.bootmatrix.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ToolsTest {

    @Test
    void aProgramThatFailsIsToldWithItsLastWords() {
        assertThatThrownBy(() -> Tools.run("sh", "-c", "echo first; echo 'disk full' >&2; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sh -c ")
                .hasMessageEndingWith(" ended with status 3: disk full");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Tools.run("no-such-program-of-the-farm"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program-of-the-farm");
    }

    @Test
    void aProgramThatAsksGetsNoAnswer() throws IOException {
        Tools.run("sh", "-c", "! read -r answer");
    }

    @Test
    void anInterruptedCallerStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Tools.run("true"))
                .isInstanceOf(IOException.class)
                .hasMessage("interrupted while running true");
        assertThat(Thread.interrupted()).isTrue();
    }
}
