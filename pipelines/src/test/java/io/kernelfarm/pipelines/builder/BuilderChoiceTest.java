package io.kernelfarm.pipelines.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Dockerd.Shared.class)
class BuilderChoiceTest {

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @Test
    void withoutAnEngineThisHostCompilesAndTheLogSaysWhy() throws IOException {
        assertThat(choose(BuilderChoice.AUTO, noEngine())).isInstanceOf(HostBuilder.class);

        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).startsWith("no container engine answers on this machine (" + folder);
        assertThat(notes.get(1)).isEqualTo("builder: this host");
    }

    @Test
    void whoWantsAContainerIsToldThatThereIsNoEngine() {
        FarmException refused =
                catchThrowableOfType(FarmException.class, () -> choose(BuilderChoice.CONTAINER, noEngine()));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(refused.getMessage()).startsWith("no container engine answers on this machine (" + folder);
    }

    @Test
    void whereAnEngineAnswersAContainerCompilesUnlessTheHostIsWanted(Dockerd dockerd) throws IOException {
        assertThat(choose(BuilderChoice.AUTO, dockerd.environment())).isInstanceOf(ContainerBuilder.class);
        assertThat(notes)
                .last()
                .asString()
                .matches("builder: a container of kernel-farm-build-x86_64:[0-9a-f]{12}, by the engine at "
                        + dockerd.socket());
        assertThat(choose(BuilderChoice.HOST, dockerd.environment())).isInstanceOf(HostBuilder.class);
    }

    private Map<String, String> noEngine() {
        return Map.of("DOCKER_HOST", "unix://" + folder.resolve("docker.sock"));
    }

    private Builder choose(BuilderChoice choice, Map<String, String> environment) throws IOException {
        return choice.choose(Target.X86_64, "a-run", CacheLayout.standard(), environment, new Progress() {
            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }

            @Override
            public void at(double fraction, String detail) {}
        });
    }
}
