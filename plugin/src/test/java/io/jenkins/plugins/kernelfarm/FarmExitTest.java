package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FarmExitTest {
    @Test
    void zeroIsSuccess() {
        assertThat(FarmExit.of(0).result()).isSameAs(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void failedKernelAndWrongUsageAreFailures(int code) {
        assertThat(FarmExit.of(code).result()).isSameAs(Result.FAILURE);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 127, 130, 137, 143, 255, -1})
    void whateverElseEndsTheProgramIsNoVerdictOnTheKernel(int code) {
        assertThat(FarmExit.of(code).result()).isSameAs(Result.NOT_BUILT);
    }

    @Test
    void failedKernelAndWrongUsageAreToldApartInTheLog() {
        assertThat(FarmExit.of(1).meaning())
                .contains("the kernel failed")
                .isNotEqualTo(FarmExit.of(2).meaning());
    }
}
