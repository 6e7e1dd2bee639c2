package io.jenkins.plugins.kernelfarm.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptLayoutTest {
    private final KeptLayout layout = KeptLayout.ofBuild(Path.of("/x/builds/5"));

    @Test
    void aRunSaysWhenItBegan() {
        assertThat(KeptLayout.began("20260131T120000Z-3fa9c1")).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(layout.run("20260131T120000Z-3fa9c1"))
                .hasToString("/x/builds/5/kernel-farm/20260131T120000Z-3fa9c1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "runs",
                "index.html",
                "20260131T120000Z",
                "20260131T120000Z-../../x",
                "20269931T120000Z-3fa9c1",
                "20260131T120000Z-XYZ",
                " 20260131T120000Z-3fa9c1"
            })
    void nothingElseIsAFoldersName(String name) {
        assertThat(KeptLayout.isRunId(name)).isFalse();
        assertThatThrownBy(() -> layout.run(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
