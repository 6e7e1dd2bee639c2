package io.jenkins.plugins.kernelfarm.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FarmBuilderTest {
    @Test
    void onlyTheVerbIsNeeded() {
        FarmBuilder builder = new FarmBuilder("run");

        assertThat(builder.getVerb()).isEqualTo("run");
        assertThat(builder.getArgs()).isEmpty();
        assertThat(builder.getProgram()).isEmpty();
        assertThat(builder.getKernelFailure()).isEqualTo("FAILURE");
        assertThat(builder.getSigningKey()).isEmpty();
        assertThat(builder.getSecrets()).isEmpty();
    }

    @Test
    void anUnknownResultIsRefused() {
        FarmBuilder builder = new FarmBuilder("run");
        builder.setKernelFailure("unstable");

        assertThat(builder.getKernelFailure()).isEqualTo("UNSTABLE");
        assertThatThrownBy(() -> builder.setKernelFailure("green"))
                .hasMessage("A kernel that failed cannot make a build 'green'; use FAILURE or UNSTABLE.");
    }

    @Test
    void blanksAroundWhatWasTypedAreDropped() {
        FarmBuilder builder = new FarmBuilder(" boot ");
        builder.setArgs(" --machine rack1 ");
        builder.setProgram(" ./farm ");

        assertThat(builder.getVerb()).isEqualTo("boot");
        assertThat(builder.getArgs()).isEqualTo("--machine rack1");
        assertThat(builder.getProgram()).isEqualTo("./farm");
    }

    @Test
    void emptiedFieldsGoBackToTheirDefaults() {
        FarmBuilder builder = new FarmBuilder("run");
        builder.setArgs("--json");
        builder.setArgs("  ");
        builder.setProgram("./farm");
        builder.setProgram("");

        assertThat(builder.getArgs()).isEmpty();
        assertThat(builder.getProgram()).isEmpty();
    }
}
