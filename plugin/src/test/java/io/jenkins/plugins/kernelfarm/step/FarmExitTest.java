package io.jenkins.plugins.kernelfarm.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FarmExitTest {
    @Test
    void zeroIsSuccess() {
        assertThat(FarmExit.of(0).result(KernelFailure.FAILURE)).isSameAs(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void failedKernelAndWrongUsageAreFailures(int code) {
        assertThat(FarmExit.of(code).result(KernelFailure.FAILURE)).isSameAs(Result.FAILURE);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 127, 130, 137, 143, 255, -1})
    void whateverElseEndsTheProgramIsNoVerdictOnTheKernel(int code) {
        assertThat(FarmExit.of(code).result(KernelFailure.FAILURE)).isSameAs(Result.NOT_BUILT);
    }

    @Test
    void aJobMayTakeAFailedKernelForUnstableAndNothingElse() {
        assertThat(FarmExit.of(1).result(KernelFailure.UNSTABLE)).isSameAs(Result.UNSTABLE);
        assertThat(FarmExit.of(2).result(KernelFailure.UNSTABLE)).isSameAs(Result.FAILURE);
        assertThat(FarmExit.of(3).result(KernelFailure.UNSTABLE)).isSameAs(Result.NOT_BUILT);
    }

    @Test
    void failedKernelAndWrongUsageAreToldApartInTheLog() {
        assertThat(FarmExit.of(1).meaning())
                .contains("the kernel failed")
                .isNotEqualTo(FarmExit.of(2).meaning());
    }
}
