package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.artifacts.apt.AptLayout;
import io.kernelfarm.artifacts.apt.AptRepository;
import io.kernelfarm.artifacts.dnf.DnfRepository;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.Repository;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The farm's two repositories, with what clients need beside them. */
final class Repositories {

    private final OutLayout out;
    private final SigningKey key;
    private final RepositorySettings settings;
    private final Repository apt;
    private final Repository dnf;

    private Repositories(OutLayout out, SigningKey key, RepositorySettings settings) {
        this.out = out;
        this.key = key;
        this.settings = settings;
        this.apt = new AptRepository(out.aptRepository(), key, settings);
        this.dnf = new DnfRepository(out.dnfRepository(), key, settings);
    }

    /**
     * @throws FarmException wrong usage, if what is published there is signed with another key, which clients have
     */
    static Repositories of(OutLayout out, SigningKey key, Spec spec) throws IOException {
        Path published = out.publicKey();
        if (Files.isRegularFile(published) && !Files.readString(published).equals(key.publicKey())) {
            throw FarmException.usage("the repositories in " + out.repository() + " are signed with another key than "
                    + key.fingerprint() + "; name that one with --key, or remove " + published
                    + " to go on with this one, which each client then has to be given");
        }
        return new Repositories(
                out, key, RepositorySettings.of(URI.create(spec.repository().url())));
    }

    /** The one for debs, or the one for rpms. */
    Repository of(boolean debs) {
        return debs ? apt : dnf;
    }

    /** Adds packages to both, at once. */
    List<PublishedPackage> publish(List<Path> debs, List<Path> rpms, String channel) throws IOException {
        return publish(apt, debs, dnf, rpms, channel);
    }

    static List<PublishedPackage> publish(
            Repository apt, List<Path> debs, Repository dnf, List<Path> rpms, String channel) throws IOException {
        return SideBySide.map(
                        List.of(true, false), isApt -> isApt ? apt.publish(debs, channel) : dnf.publish(rpms, channel))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Writes how clients come to {@code channel}. */
    void describe(String channel) throws IOException {
        ClientConfiguration.write(
                out.repository(),
                settings.url(),
                channel,
                channel.equals(Promoter.REHEARSAL) ? "A rehearsal: nothing in this channel was proved to boot." : "",
                key);
    }

    /** Dates and signs channels anew whose time is half over: nothing may come into them for longer than apt believes them. */
    void renew() throws IOException {
        AptLayout layout = new AptLayout(out.aptRepository());
        Instant half = Instant.now().minus(settings.validFor().dividedBy(2));
        List<Path> channels;
        try (Stream<Path> all = Files.list(layout.channels())) {
            channels = all.toList();
        }
        for (Path channel : channels) {
            String name = channel.getFileName().toString();
            Path dated = layout.signedRelease(name);
            if (Files.isRegularFile(dated)
                    && Files.getLastModifiedTime(dated).toInstant().isBefore(half)) {
                apt.publish(List.of(), name);
            }
        }
    }

    /** Takes all but the newest releases out of {@code channel}, if the spec says how many there are to be. */
    void retain(String channel, Spec spec) throws IOException {
        Integer keep = spec.keep().get(channel);
        if (keep != null) {
            apt.retain(channel, keep);
            dnf.retain(channel, keep);
        }
    }

    /** Those of {@code sha256s} that {@code channel} has in one of the repositories. */
    Set<String> had(boolean debs, String channel, Collection<String> sha256s) throws IOException {
        List<String> there = of(debs).packages(channel).stream()
                .map(PublishedPackage::sha256)
                .toList();
        Set<String> had = new HashSet<>(sha256s);
        had.retainAll(there);
        return had;
    }
}
