package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.provenance.ProvenanceLayout;
import io.kernelfarm.artifacts.repository.ClientConfiguration;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of what the farm leaves to people. Nothing else knows them.
 *
 * <pre>
 * runs/RUN-ID/        one folder for each run, see {@link RunLayout}
 * bisects/BISECT-ID/  one folder for each bisection, see {@link BisectLayout}
 * latest              symbolic link to the newest run
 * repository/apt      the published repositories, and beside them
 * repository/dnf
 * repository/provenance/RUN-ID/   where packages come from, see {@link ProvenanceLayout}
 * dashboard/          the static dashboard over all runs
 * </pre>
 */
public record OutLayout(Path root) {

    public OutLayout {
        root = root.toAbsolutePath().normalize();
    }

    public RunLayout run(String id) {
        return new RunLayout(runs().resolve(id));
    }

    public BisectLayout bisect(String id) {
        return new BisectLayout(root.resolve("bisects").resolve(id));
    }

    public Path runs() {
        return root.resolve("runs");
    }

    public Path latest() {
        return root.resolve("latest");
    }

    /** All that is published. */
    public Path repository() {
        return root.resolve("repository");
    }

    /** The key that everything published is signed with, for OpenPGP. */
    public Path publicKey() {
        return repository().resolve(ClientConfiguration.PUBLIC_KEY);
    }

    /** The same key for programs that know no OpenPGP, such as openssl. */
    public Path publicKeyPem() {
        return repository().resolve("kernel-farm.pem");
    }

    /** Who promoted which kernel, when, and on which evidence. */
    public Path promotions() {
        return repository().resolve("promotions.jsonl");
    }

    /** A promotion that is on its way. */
    Path promotionBegun() {
        return repository().resolve(".promotion.json");
    }

    public Path aptRepository() {
        return repository().resolve("apt");
    }

    public Path dnfRepository() {
        return repository().resolve("dnf");
    }

    /** The published provenance of the run called {@code id}. */
    public ProvenanceLayout provenance(String id) {
        // A run's record may be somebody else's.
        if (!id.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
            throw FarmException.usage("'" + id + "' is no name of a run");
        }
        return new ProvenanceLayout(repository().resolve("provenance").resolve(id));
    }

    public DashboardLayout dashboard() {
        return new DashboardLayout(root.resolve("dashboard"));
    }

    /**
     * The run that {@code name} means: a run's id, {@code latest}, or the path of a run's folder.
     *
     * @throws FarmException wrong usage, if there is no such run
     */
    public RunLayout find(String name) {
        Path path = Path.of(name);
        for (Path candidate : List.of(runs().resolve(path), root.resolve(path), path)) {
            RunLayout run = new RunLayout(candidate);
            if (Files.isRegularFile(run.record())) {
                try {
                    return new RunLayout(candidate.toRealPath());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        List<RunLayout> all = all();
        throw FarmException.usage("there is no run '" + name + "' in " + root + "; "
                + (all.isEmpty()
                        ? "there is none yet: make one with './farm run'"
                        : "the newest is " + all.get(all.size() - 1).id()));
    }

    /**
     * The bisection that {@code name} means: its id, the path of its folder, or {@code latest}.
     *
     * @throws FarmException wrong usage, if there is no such one
     */
    public BisectLayout findBisect(String name) {
        List<BisectLayout> all = bisects();
        if (all.isEmpty()) {
            throw FarmException.usage(
                    "there is no bisection in " + root + " yet; './farm bisect --help' shows how to" + " begin one");
        }
        BisectLayout newest = all.get(all.size() - 1);
        if (name.equals("latest")) {
            return newest;
        }
        for (BisectLayout candidate : List.of(bisect(name), new BisectLayout(Path.of(name)))) {
            if (Files.isRegularFile(candidate.journal())) {
                return candidate;
            }
        }
        throw FarmException.usage("there is no bisection '" + name + "' in " + root + "; the newest is " + newest.id());
    }

    /** All bisections, the oldest first. */
    private List<BisectLayout> bisects() {
        Path bisects = root.resolve("bisects");
        if (!Files.isDirectory(bisects)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(bisects)) {
            return folders.map(BisectLayout::new)
                    .filter(bisect -> Files.isRegularFile(bisect.journal()))
                    .sorted(Comparator.comparing(BisectLayout::id))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All runs, the oldest first. */
    public List<RunLayout> all() {
        if (!Files.isDirectory(runs())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(runs())) {
            return folders.map(RunLayout::new)
                    .filter(run -> Files.isRegularFile(run.record()))
                    .sorted(Comparator.comparing(RunLayout::id))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Points {@link #latest} at {@code run}; at no moment is there no link. */
    void setLatest(RunLayout run) throws IOException {
        Path link = root.resolve(".latest." + ProcessHandle.current().pid());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, root.relativize(run.root()));
        Files.move(link, latest(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
