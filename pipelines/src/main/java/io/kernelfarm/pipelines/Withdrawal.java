package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes back what runs have published: their packages leave the channel that takes every build, and their provenance goes. A run that is
 * promoted stays as it is, for whoever has it from the other channel. If a farm is killed in between, the next withdrawal of the same runs
 * does the rest.
 */
public final class Withdrawal {
    private final OutLayout out;
    private final SigningKey key;
    private final Terms terms;

    private Withdrawal(OutLayout out, SigningKey key, Terms terms) {
        this.out = out;
        this.key = key;
        this.terms = terms;
    }

    /**
     * What became of a run.
     *
     * @param channel that it left; empty if it stays, or had published nothing
     * @param promoted the channels for whose sake it stays
     */
    public record Outcome(String run, String channel, Set<String> promoted) {}

    /** Withdraws {@code runs}, with one change of each channel whatever their number. */
    public static List<Outcome> of(Collection<RunLayout> runs, Terms terms, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            Withdrawal withdrawal = new Withdrawal(places.out(), places.key().key(progress), terms);
            return FolderLock.holding(places.out().repository(), progress, () -> withdrawal.carryOut(runs));
        });
    }

    private List<Outcome> carryOut(Collection<RunLayout> runs) throws IOException {
        Map<String, SortedSet<String>> promoted = promoted();
        List<Outcome> outcomes = new ArrayList<>();
        SortedMap<String, Map<RunLayout, Publication>> leaving = new TreeMap<>();
        for (RunLayout run : byId(runs).values()) {
            SortedSet<String> channels = promoted.getOrDefault(run.id(), new TreeSet<>());
            Optional<Publication> publication = channels.isEmpty() ? ReportStage.publication(run) : Optional.empty();
            publication.ifPresent(one -> leaving.computeIfAbsent(one.channel(), channel -> new LinkedHashMap<>())
                    .put(run, one));
            outcomes.add(
                    new Outcome(run.id(), publication.map(Publication::channel).orElse(""), channels));
        }
        for (Map.Entry<String, Map<RunLayout, Publication>> one : leaving.entrySet()) {
            withdraw(one.getKey(), one.getValue());
        }
        return outcomes;
    }

    private static SortedMap<String, RunLayout> byId(Collection<RunLayout> runs) {
        SortedMap<String, RunLayout> byId = new TreeMap<>();
        runs.forEach(run -> byId.put(run.id(), run));
        return byId;
    }

    /** The channels that runs are promoted to, or are on their way to. */
    private Map<String, SortedSet<String>> promoted() throws IOException {
        Promotions promotions = new Promotions(out);
        Set<String> channels = new HashSet<>();
        promotions.all().forEach(one -> channels.add(one.to()));
        List<Promotion> standing = new ArrayList<>();
        promotions.begun().ifPresent(standing::add);
        for (String channel : channels) {
            standing.addAll(promotions.standing(channel));
        }
        Map<String, SortedSet<String>> promoted = new TreeMap<>();
        standing.forEach(one ->
                promoted.computeIfAbsent(one.run(), run -> new TreeSet<>()).add(one.to()));
        return promoted;
    }

    private void withdraw(String channel, Map<RunLayout, Publication> runs) throws IOException {
        Set<String> needed = neededByOthers(channel, byId(runs.keySet()).keySet());
        RunLayout any = runs.keySet().iterator().next();
        Repositories repositories = Repositories.of(
                out, key, terms.over(Json.read(any.record(), RunRecord.class).spec()));
        for (boolean debs : new boolean[] {true, false}) {
            Set<String> sha256s = new HashSet<>();
            for (Publication publication : runs.values()) {
                publication.packages().stream()
                        .filter(item -> item.isDeb() == debs)
                        .forEach(item -> sha256s.add(item.sha256()));
            }
            sha256s.removeAll(needed);
            Set<String> had = repositories.had(debs, channel, sha256s);
            if (!had.isEmpty()) {
                repositories.of(debs).withdraw(had, channel);
            }
        }
        for (RunLayout run : runs.keySet()) {
            FileTrees.delete(out.provenance(run.id()).root());
            // Comes last: a run without it has nothing left to withdraw.
            Files.deleteIfExists(run.publication());
        }
    }

    /** Two runs of the same build have the same packages. */
    private Set<String> neededByOthers(String channel, Set<String> leaving) throws IOException {
        Set<String> needed = new HashSet<>();
        for (RunLayout run : out.all()) {
            if (!leaving.contains(run.id())) {
                ReportStage.publication(run)
                        .filter(one -> one.channel().equals(channel))
                        .ifPresent(one -> one.packages().forEach(item -> needed.add(item.sha256())));
            }
        }
        return needed;
    }
}
