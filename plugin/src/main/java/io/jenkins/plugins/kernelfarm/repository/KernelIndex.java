package io.jenkins.plugins.kernelfarm.repository;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which builds of a job have kept runs, as their folders say. A job's are looked up when somebody first asks for them, and then
 * followed; no build is loaded for it, and none of what is kept is read.
 */
final class KernelIndex {
    /** Of the newest builds of a job; who has more has them on disk, and on the job's own pages. */
    static final int MOST_BUILDS = 20_000;

    private static final KernelIndex INSTANCE = new KernelIndex();

    private final Map<Path, List<Kept>> jobs = new ConcurrentHashMap<>();

    private KernelIndex() {}

    static KernelIndex get() {
        return INSTANCE;
    }

    /**
     * A run that is kept with a build.
     *
     * @param builds the folder with the builds of the job
     */
    record Kept(Path builds, int build, String run) {
        Path buildFolder() {
            return builds.resolve(Integer.toString(build));
        }
    }

    /** Those of a job's builds, in no order. */
    List<Kept> of(Job<?, ?> job) {
        return jobs.computeIfAbsent(builds(job), KernelIndex::read);
    }

    static Path builds(Job<?, ?> job) {
        return job.getBuildDir().toPath();
    }

    static List<Kept> read(Path builds) {
        List<Integer> numbers = new ArrayList<>();
        for (String name : names(builds)) {
            if (name.matches("[1-9][0-9]{0,8}")) {
                numbers.add(Integer.valueOf(name));
            }
        }
        numbers.sort(Comparator.reverseOrder());
        List<Kept> kept = new ArrayList<>();
        for (int number : numbers.subList(0, Math.min(MOST_BUILDS, numbers.size()))) {
            kept.addAll(read(builds, number));
        }
        return Collections.unmodifiableList(kept);
    }

    /** Those of one build. */
    static List<Kept> read(Path builds, int number) {
        return names(KeptLayout.ofBuild(builds.resolve(Integer.toString(number)))
                        .folder())
                .stream()
                .filter(KeptLayout::isRunId)
                .map(run -> new Kept(builds, number, run))
                .toList();
    }

    private static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(one -> names.add(one.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // A build without results, or one that went away.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Looks at one build again; a job that nobody has asked for stays unknown. */
    void renew(Path builds, int number) {
        jobs.computeIfPresent(builds, (folder, before) -> {
            List<Kept> kept = new ArrayList<>(before);
            kept.removeIf(one -> one.build() == number);
            kept.addAll(read(folder, number));
            return Collections.unmodifiableList(kept);
        });
    }

    /** Leaves out a build that is being deleted; its folder is still there. */
    void drop(Path builds, int number) {
        jobs.computeIfPresent(builds, (folder, before) -> before.stream()
                .filter(one -> one.build() != number)
                .toList());
    }

    void forget() {
        jobs.clear();
    }

    /** Follows builds. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Builds extends RunListener<Run> {
        @Override
        public void onFinalized(Run run) {
            Run<?, ?> build = run;
            get().renew(builds(build.getParent()), build.getNumber());
        }

        @Override
        public void onDeleted(Run run) {
            Run<?, ?> build = run;
            get().drop(builds(build.getParent()), build.getNumber());
        }
    }

    /** Follows jobs. */
    @Extension
    public static final class Jobs extends ItemListener {
        @Override
        public void onDeleted(Item item) {
            get().forget();
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().forget();
        }
    }
}
