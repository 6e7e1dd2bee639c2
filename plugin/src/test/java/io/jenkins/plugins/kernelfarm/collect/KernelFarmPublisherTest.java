package io.jenkins.plugins.kernelfarm.collect;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFarmPublisherTest {
    @Test
    void aKernelThatFailsIsWhatTheJobSays() {
        assertThat(KernelFarmPublisher.result(Verdict.FAIL, "FAILURE")).contains(Result.FAILURE);
        assertThat(KernelFarmPublisher.result(Verdict.FAIL, "UNSTABLE")).contains(Result.UNSTABLE);
    }

    @Test
    void aFaultOfTheFarmIsNeverAKernelsFailure() {
        for (String kernelFailure : new String[] {"FAILURE", "UNSTABLE"}) {
            assertThat(KernelFarmPublisher.result(Verdict.ERROR, kernelFailure)).contains(Result.NOT_BUILT);
            assertThat(KernelFarmPublisher.result(Verdict.MISS, kernelFailure)).contains(Result.NOT_BUILT);
            assertThat(KernelFarmPublisher.result(Verdict.PASS, kernelFailure)).isEqualTo(Optional.empty());
            assertThat(KernelFarmPublisher.result(Verdict.SKIP, kernelFailure)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void defaultsAreWhatIsUsual() {
        KernelFarmPublisher publisher = new KernelFarmPublisher();

        assertThat(publisher.getRuns()).isEqualTo("out/runs/*");
        assertThat(publisher.getKernelFailure()).isEqualTo("FAILURE");
        assertThat(publisher.isArchivePackages()).isTrue();
        assertThat(publisher.isJunit()).isTrue();
        assertThat(publisher.isArchiveConsoles()).isFalse();
        assertThat(publisher.isPublish()).isFalse();
        assertThat(publisher.isAllowEmpty()).isFalse();
    }

    @Test
    void emptiedFieldsGoBackToTheirDefaults() {
        KernelFarmPublisher publisher = new KernelFarmPublisher();
        publisher.setRuns("a/*");
        publisher.setRuns(" ");
        publisher.setKernelFailure("UNSTABLE");
        publisher.setKernelFailure("whatever");

        assertThat(publisher.getRuns()).isEqualTo("out/runs/*");
        assertThat(publisher.getKernelFailure()).isEqualTo("FAILURE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out/runs/*", "a b/out/runs/20260131T120000Z-3fa9c1", "$RUNS", "x/?"})
    void patternsBelowTheWorkspaceAreGood(String pattern) {
        assertThat(RunPatterns.complaint(pattern)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc", "../x", "a/../../b", "a\\b", "C:x", "a\nb", "a{b,c}"})
    void othersAreRefusedWithASentence(String pattern) {
        assertThat(RunPatterns.complaint(pattern).orElseThrow()).endsWith(".");
    }
}
