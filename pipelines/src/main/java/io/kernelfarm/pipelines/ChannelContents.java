package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which kernels lie in which channel, and how they came there, for those who show it. */
public final class ChannelContents {

    private ChannelContents() {}

    /**
     * A kernel in a channel.
     *
     * @param run that made it
     * @param image digest of its image
     * @param rpm what dnf is to be asked for
     * @param by who promoted it; empty in the channel that every build goes to
     * @param at when it was promoted; null in the channel that every build goes to
     */
    public record Kernel(String run, String release, String image, String rpm, String by, Instant at) {}

    /** Those of each channel, the newest run first. */
    public static SortedMap<String, List<Kernel>> read(OutLayout out) throws IOException {
        Map<String, Set<String>> digests = ReportStage.channels(out);
        Map<String, Map<String, Promotion>> promoted = new HashMap<>();
        Promotions promotions = new Promotions(out);
        SortedMap<String, List<Kernel>> contents = new TreeMap<>();
        for (String channel : digests.keySet()) {
            contents.put(channel, new ArrayList<>());
            Map<String, Promotion> standing = new HashMap<>();
            promotions.standing(channel).forEach(one -> standing.put(one.run(), one));
            promoted.put(channel, standing);
        }
        for (RunLayout run : out.all()) {
            Optional<Publication> publication = ReportStage.publication(run);
            Set<String> having = ReportStage.having(publication, digests);
            if (!having.isEmpty()) {
                Build build = Build.read(run.build());
                for (String channel : having) {
                    Optional<Promotion> decision =
                            Optional.ofNullable(promoted.get(channel).get(run.id()));
                    if (decision.isPresent() || channel.equals(publication.get().channel())) {
                        contents.get(channel)
                                .add(new Kernel(
                                        run.id(),
                                        build.release(),
                                        build.imageSha256(),
                                        ReportStage.rpm(run),
                                        decision.map(Promotion::by).orElse(""),
                                        decision.map(Promotion::at).orElse(null)));
                    }
                }
            }
        }
        contents.values()
                .forEach(kernels ->
                        kernels.sort(Comparator.comparing(Kernel::run).reversed()));
        return contents;
    }

    /**
     * What somebody decided on a run's kernel.
     *
     * @param image digest of the kernel's image
     */
    public record Decided(String image, DashboardRun.Promotion promotion) {}

    /** All that was ever decided, by runs, the oldest first. */
    public static Map<String, List<Decided>> decisions(OutLayout out) throws IOException {
        Map<String, List<Decided>> decisions = new HashMap<>();
        for (Promotion one : new Promotions(out).all()) {
            decisions
                    .computeIfAbsent(one.run(), run -> new ArrayList<>())
                    .add(new Decided(one.evidence().imageSha256(), ReportStage.promotion(one)));
        }
        return decisions;
    }

    /** The runs that somebody promoted or took back, whenever that was. */
    public static Set<String> decided(OutLayout out) throws IOException {
        Set<String> runs = new HashSet<>();
        new Promotions(out).all().forEach(one -> runs.add(one.run()));
        return runs;
    }

    /** The channels into which {@code run} is promoted. */
    public static Set<String> promoted(OutLayout out, String run) throws IOException {
        Map<String, Boolean> standing = new TreeMap<>();
        for (Promotion one : new Promotions(out).of(run)) {
            standing.put(one.to(), one.action() == Promotion.Action.PROMOTE);
        }
        standing.values().removeIf(Boolean.FALSE::equals);
        return Set.copyOf(standing.keySet());
    }
}
