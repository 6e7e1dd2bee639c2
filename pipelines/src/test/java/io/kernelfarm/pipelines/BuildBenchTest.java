package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BuildBenchTest {

    @Test
    void bothSidesAreComparedOverAllTurns() {
        BuildBench bench = bench(List.of(100.0, 110.0), List.of(104.0, 108.0), 1.5, 26);

        assertThat(bench.overhead()).isEqualTo(212.0 / 210, within(1e-9));
        assertThat(bench.share(bench.changed().get("DUMMY=m"))).isEqualTo(26.0 / 106, within(1e-9));
        assertThat(bench.missed()).isEmpty();
    }

    @Test
    void whatIsMissedIsSaid() {
        assertThat(bench(List.of(100.0), List.of(103.0), 2.5, 27).missed())
                .containsExactly(
                        "a clean build is to take at most 1.02 of plain make's CPU time",
                        "the same again is to be ready in 2 s",
                        "a changed option is to take at most 0.25 of a clean build's CPU time");
    }

    private static BuildBench bench(List<Double> make, List<Double> clean, double again, double changed) {
        return new BuildBench(
                "6.1.0",
                2,
                costs(make),
                costs(clean),
                new TreeMap<>(),
                new Cost(again, 1, 0),
                new TreeMap<>(Map.of("DUMMY=m", new Cost(1, changed, 0))));
    }

    private static List<Cost> costs(List<Double> cpuSeconds) {
        return cpuSeconds.stream().map(seconds -> new Cost(1, seconds, 0)).toList();
    }
}
