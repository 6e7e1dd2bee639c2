package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                .contains("run, test, config");
    }

    @Test
    void missingVerbIsAskedFor() {
        assertThat(FarmVerbs.complaint(" ").orElseThrow()).startsWith("A verb is needed; use one of run,");
    }
}
