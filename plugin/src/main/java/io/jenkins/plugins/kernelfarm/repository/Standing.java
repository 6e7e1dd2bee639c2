package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.pipelines.ChannelContents;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * How a run's kernel stands in the repositories.
 *
 * @param channels that have it, in the order of the settings
 * @param install from the last of these
 * @param promotions what was decided on it, the oldest first
 */
public record Standing(
        List<String> channels, List<DashboardRun.Snippet> install, List<DashboardRun.Promotion> promotions) {

    /** Of a kernel that nobody published. */
    static final Standing NONE = new Standing(List.of(), List.of(), List.of());

    /**
     * Looks it up. A run's name alone proves nothing, because an agent chose it: it has to be of the same image.
     *
     * @param names of the channels in the settings
     * @param url of the repositories; empty if nobody knows it
     */
    static Standing of(
            List<String> names,
            SortedMap<String, List<ChannelContents.Kernel>> contents,
            Map<String, List<ChannelContents.Decided>> decisions,
            String url,
            String run,
            String image) {
        Set<String> channels = new LinkedHashSet<>(names);
        channels.addAll(contents.keySet());
        channels.removeIf(channel ->
                kernel(contents.getOrDefault(channel, List.of()), run, image).isEmpty());
        List<DashboardRun.Snippet> install = List.of();
        if (!url.isEmpty() && !channels.isEmpty()) {
            String best = channels.stream().reduce("", (before, channel) -> channel);
            ChannelContents.Kernel kernel =
                    kernel(contents.get(best), run, image).orElseThrow();
            install = List.of(
                    new DashboardRun.Snippet("Debian, Ubuntu (apt)", Snippets.apt(url, best, kernel)),
                    new DashboardRun.Snippet("Fedora, RHEL (dnf)", Snippets.dnf(url, best, kernel)));
        }
        return new Standing(
                List.copyOf(channels),
                install,
                decisions.getOrDefault(run, List.of()).stream()
                        .filter(one -> one.image().equals(image))
                        .map(ChannelContents.Decided::promotion)
                        .toList());
    }

    private static Optional<ChannelContents.Kernel> kernel(
            List<ChannelContents.Kernel> kernels, String run, String image) {
        return kernels.stream()
                .filter(one -> one.run().equals(run) && one.image().equals(image))
                .findFirst();
    }
}
