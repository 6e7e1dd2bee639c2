package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.repository.ChannelView.Target;
import io.kernelfarm.pipelines.ChannelContents.Kernel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChannelViewTest {
    private static Kernel kernel(String run) {
        return new Kernel(run, "6.1.192-farm1", "", "kernel", "", null);
    }

    @Test
    void whatIsInAChannelIsOfferedToBeTakenOutOfItAndNotToBePromotedToIt() {
        List<ChannelView> all = ChannelView.all(
                List.of("testing", "stable", "lts"),
                new TreeMap<>(Map.of(
                        "testing", List.of(kernel("b"), kernel("a")),
                        "stable", List.of(kernel("a")),
                        "gone", List.of(kernel("c")))),
                "");

        assertThat(all).extracting(ChannelView::getName).containsExactly("testing", "stable", "lts", "gone");
        assertThat(all).extracting(ChannelView::isPromotable).containsExactly(false, true, true, false);
        assertThat(all.get(0).getKernels())
                .extracting(ChannelView.KernelView::getTargets)
                .containsExactly(
                        List.of(new Target("stable", false), new Target("lts", false)),
                        List.of(new Target("stable", true), new Target("lts", false)));
        assertThat(all.get(1).getKernels().get(0).getTargets()).containsExactly(new Target("stable", true));
        assertThat(all.get(2).getKernels()).isEmpty();
        assertThat(all.get(3).getKernels().get(0).getTargets())
                .containsExactly(new Target("stable", false), new Target("lts", false));
    }
}
