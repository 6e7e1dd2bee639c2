package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BuildBenchTest {

    @Test
    void cpuTimesAreCompared() {
        BuildBench bench = bench(100, 102, 1.5, 25.5);

        assertThat(bench.overhead()).isEqualTo(1.02, within(1e-9));
        assertThat(bench.share(bench.changed().get("DUMMY=m"))).isEqualTo(0.25, within(1e-9));
        assertThat(bench.missed()).isEmpty();
    }

    @Test
    void whatIsMissedIsSaid() {
        assertThat(bench(100, 103, 2.5, 27).missed())
                .containsExactly(
                        "a clean build is to take at most 1.02 of plain make's CPU time",
                        "the same again is to be ready in 2 s",
                        "a changed option is to take at most 0.25 of a clean build's CPU time");
    }

    private static BuildBench bench(double make, double clean, double again, double changed) {
        return new BuildBench(
                "6.1.0",
                2,
                new Cost(1, make, 0),
                new Cost(1, clean, 0),
                new TreeMap<>(),
                new Cost(again, 1, 0),
                new TreeMap<>(Map.of("DUMMY=m", new Cost(1, changed, 0))));
    }
}
