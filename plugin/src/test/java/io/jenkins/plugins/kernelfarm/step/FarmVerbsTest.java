package io.jenkins.plugins.kernelfarm.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.cli.Farm;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FarmVerbsTest {
    @ParameterizedTest
    @ValueSource(strings = {"run", " boot ", "$VERB", "${VERB}"})
    void verbsAndVariablesAreGood(String verb) {
        assertThat(FarmVerbs.complaint(verb)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnu", "RUN", "run boot", "serve"})
    void unknownVerbIsNamedWithTheOnesThereAre(String verb) {
        assertThat(FarmVerbs.complaint(verb).orElseThrow())
                .contains("'" + verb + "'")
                .contains("run, config, build");
    }

    /** All that the program has, but for those that run until they are stopped. */
    @Test
    void theVerbsAreThoseOfTheProgram() {
        Set<String> verbs =
                new TreeSet<>(new CommandLine(new Farm()).getSubcommands().keySet());
        verbs.remove("serve");
        verbs.remove("jenkins");

        assertThat(FarmVerbs.NAMES).containsExactlyInAnyOrderElementsOf(verbs);
    }

    @Test
    void missingVerbIsAskedFor() {
        assertThat(FarmVerbs.complaint(" ").orElseThrow()).startsWith("A verb is needed; use one of run,");
    }
}
