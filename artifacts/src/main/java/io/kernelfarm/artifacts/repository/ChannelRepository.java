package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.SideBySide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What repositories of both families do with channels; a family says how packages are read and how its lists look. */
public abstract class ChannelRepository implements Repository {
    private final Path root;
    private final List<ListFormat> formats;
    private final ChannelStates states;

    /**
     * A repository.
     *
     * @param links the directory in which clients find a channel under its name
     */
    protected ChannelRepository(Path root, Path links, List<ListFormat> formats, RepositorySettings settings) {
        this.root = root;
        this.formats = List.copyOf(formats);
        this.states = new ChannelStates(root, links, settings.superseded());
    }

    /** A package that was read and found whole. */
    protected interface Candidate {
        /**
         * Where it goes, from the repository's root: alone in a directory whose name tells these bytes from all others, so
         * that another build of the same version never takes the place of one that a client is just fetching.
         */
        String path();

        /** Copies it there, under a temporary name. */
        void copy(Path part) throws IOException;

        /**
         * What the lists say of it.
         *
         * @param place where it lies now
         * @param release as in {@link ListedPackage#release}
         */
        NewPackage describe(Path place, long release) throws IOException;
    }

    /** Reads a package. */
    protected abstract Candidate read(Path file) throws IOException;

    /** The shelf on which a package stands: packages of one shelf have lists of their own. */
    protected abstract String shelf(ListedPackage listed);

    /** Where a list goes, from the state's root. */
    protected abstract String path(String shelf, ListFormat format, Packing packing, String sha256);

    /**
     * Writes what names the lists, and signs it.
     *
     * @param state the directory of the new state
     * @param number tells it from all other states of the channel
     * @param lists of each shelf
     * @return files that clients ask for by what these files tell, from the state's root; they stay when it is superseded
     */
    protected abstract List<String> seal(
            Path state, String channel, long number, SortedMap<String, List<ListFile>> lists) throws IOException;

    /** The packages' paths, from the repository's root, that a state's lists name. */
    protected abstract List<String> named(Path state) throws IOException;

    @Override
    public final List<PublishedPackage> publish(List<Path> packages, String channel) throws IOException {
        ChannelName.checked(channel);
        Map<String, Candidate> places = new LinkedHashMap<>();
        for (Candidate one : SideBySide.map(packages, this::read)) {
            places.putIfAbsent(one.path(), one);
        }
        Collection<Candidate> candidates = places.values();
        return RepositoryLock.hold(root, () -> {
            Channel before = open(channel);
            long number = states.next(channel);
            Path state = states.begin(channel, number, places.keySet());
            try {
                Map<String, NewPackage> added = new LinkedHashMap<>();
                for (NewPackage one :
                        SideBySide.map(candidates, candidate -> candidate.describe(pool(candidate), number))) {
                    added.put(one.listed().key(), one);
                }
                List<PublishedPackage> published = new ArrayList<>();
                for (NewPackage one : added.values()) {
                    published.add(published(one.listed(), channel));
                }
                show(state, channel, number, before, Set.of(), added.values());
                return published;
            } catch (IOException | RuntimeException e) {
                states.abandon(state);
                throw e;
            }
        });
    }

    private Path pool(Candidate candidate) throws IOException {
        Path place = root.resolve(candidate.path());
        if (!Files.exists(place)) {
            Files.createDirectories(place.getParent());
            AtomicFile.write(place, candidate::copy);
        }
        return place;
    }

    @Override
    public final List<PublishedPackage> promote(Collection<String> sha256s, String from, String to) throws IOException {
        ChannelName.checked(from);
        ChannelName.checked(to);
        return RepositoryLock.hold(root, () -> {
            Channel source = open(from);
            List<ListedPackage> wanted = source.require(sha256s, from);
            Channel before = open(to);
            long number = states.next(to);
            List<NewPackage> added = new ArrayList<>();
            for (ListedPackage one : wanted) {
                added.add(new NewPackage(
                        one.broughtBy(number), source.shelves().get(shelf(one)).texts(one)));
            }
            change(to, number, before, Set.of(), added);
            return added.stream().map(one -> published(one.listed(), to)).toList();
        });
    }

    @Override
    public final void withdraw(Collection<String> sha256s, String channel) throws IOException {
        ChannelName.checked(channel);
        RepositoryLock.hold(root, () -> {
            Channel before = open(channel);
            before.require(sha256s, channel);
            change(channel, states.next(channel), before, new HashSet<>(sha256s), List.of());
            return null;
        });
    }

    @Override
    public final List<PublishedPackage> retain(String channel, int keepReleases) throws IOException {
        ChannelName.checked(channel);
        if (keepReleases < 1) {
            throw new IllegalArgumentException("a channel keeps at least 1 release, not " + keepReleases);
        }
        return RepositoryLock.hold(root, () -> {
            Channel before = open(channel);
            TreeSet<Long> releases = new TreeSet<>();
            before.packages().forEach(one -> releases.add(one.release()));
            while (releases.size() > keepReleases) {
                releases.pollFirst();
            }
            List<ListedPackage> old = before.packages().stream()
                    .filter(one -> !releases.contains(one.release()))
                    .toList();
            if (!old.isEmpty()) {
                Set<String> removed = new HashSet<>();
                old.forEach(one -> removed.add(one.sha256()));
                change(channel, states.next(channel), before, removed, List.of());
            }
            return old.stream().map(one -> published(one, channel)).toList();
        });
    }

    @Override
    public final List<PublishedPackage> packages(String channel) throws IOException {
        ChannelName.checked(channel);
        return RepositoryLock.hold(root, () -> open(channel).packages().stream()
                .map(one -> published(one, channel))
                .toList());
    }

    private PublishedPackage published(ListedPackage one, String channel) {
        return new PublishedPackage(
                root.resolve(one.path()),
                one.sha256(),
                one.given(),
                one.size(),
                one.name(),
                one.version(),
                one.architecture(),
                channel);
    }

    /** What a channel has now. */
    private record Channel(SortedMap<String, Shelf> shelves) {
        List<ListedPackage> packages() {
            return shelves.values().stream()
                    .flatMap(shelf -> shelf.packages().stream())
                    .toList();
        }

        List<ListedPackage> require(Collection<String> sha256s, String channel) {
            Map<String, ListedPackage> here = new HashMap<>();
            packages().forEach(one -> here.put(one.sha256(), one));
            return sha256s.stream()
                    .map(sha256 -> Optional.ofNullable(here.get(sha256))
                            .orElseThrow(() -> new IllegalArgumentException("channel " + channel
                                    + " has no package with the SHA-256 " + sha256 + "; nothing was changed")))
                    .toList();
        }
    }

    private Channel open(String channel) throws IOException {
        states.removeUnfinished();
        SortedMap<String, Shelf> shelves = new TreeMap<>();
        Optional<Path> state = states.current(channel);
        if (state.isPresent() && !states.isRecorded(state.get())) {
            recordAnew(channel, state.get());
            state = states.current(channel);
        }
        if (state.isPresent()) {
            for (String shelf : states.shelves(state.get())) {
                shelves.put(shelf, Shelf.read(formats, state.get(), states.record(state.get(), shelf)));
            }
        }
        return new Channel(shelves);
    }

    /** Makes a state of the packages that one without records names, by reading them again; they count as one release. */
    private void recordAnew(String channel, Path lost) throws IOException {
        long number = states.next(channel);
        List<NewPackage> packages = new ArrayList<>();
        for (String path : named(lost)) {
            packages.add(read(root.resolve(path)).describe(root.resolve(path), number));
        }
        change(channel, number, new Channel(new TreeMap<>()), Set.of(), packages);
    }

    private void change(String channel, long number, Channel before, Set<String> removed, Collection<NewPackage> added)
            throws IOException {
        Path state = states.begin(channel, number, List.of());
        try {
            show(state, channel, number, before, removed, added);
        } catch (IOException | RuntimeException e) {
            states.abandon(state);
            throw e;
        }
    }

    private void show(
            Path state, String channel, long number, Channel before, Set<String> removed, Collection<NewPackage> added)
            throws IOException {
        Map<String, ListedPackage> present = new HashMap<>();
        before.packages().forEach(one -> present.put(one.key(), one));
        Set<String> out = new HashSet<>(removed);
        SortedMap<String, List<NewPackage>> in = new TreeMap<>();
        before.shelves().keySet().forEach(shelf -> in.put(shelf, new ArrayList<>()));
        for (NewPackage one : added) {
            ListedPackage same = present.get(one.listed().key());
            if (same == null || !same.sha256().equals(one.listed().sha256())) {
                in.computeIfAbsent(shelf(one.listed()), key -> new ArrayList<>())
                        .add(one);
                if (same != null) {
                    out.add(same.sha256());
                }
            }
        }
        SortedMap<String, List<ListFile>> lists = new TreeMap<>();
        for (Map.Entry<String, List<NewPackage>> one : in.entrySet()) {
            String shelf = one.getKey();
            lists.put(
                    shelf,
                    before.shelves()
                            .getOrDefault(shelf, Shelf.empty(formats))
                            .write(
                                    state,
                                    states.record(state, shelf),
                                    out,
                                    one.getValue(),
                                    (format, packing, sha256) -> path(shelf, format, packing, sha256)));
        }
        List<String> lasting = seal(state, channel, number, lists);
        List<String> dropped = before.packages().stream()
                .filter(one -> out.contains(one.sha256()))
                .map(ListedPackage::path)
                .toList();
        states.show(state, channel, lasting, dropped);
        states.removeExpired(channel);
    }
}
