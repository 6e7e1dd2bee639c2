package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptRun;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All runs of a job, found in the folders of its builds. No build is loaded for that, and no index is kept on the disk that could say
 * otherwise than the folders: with a build its runs are gone. What was found is remembered as long as memory is not needed for something else;
 * summaries only of so many runs as a page shows.
 */
public final class JobRuns {
    /** Jobs that are remembered. */
    private static final int JOBS = 64;

    /** Summaries that are remembered of a job: somewhat more than the history shows. */
    private static final int SUMMARIES = 640;

    /** Builds that are looked at for the latest run; a job that had none for so long has none. */
    private static final int LOOK = 200;

    private static final Map<Path, SoftReference<JobRuns>> ALL = bounded(JOBS);

    private final Path builds;
    private final Map<Integer, List<String>> runs = new HashMap<>();
    private final Map<String, RunSummary> summaries = bounded(SUMMARIES);
    private int[] numbers = {};
    private FileTime listed = FileTime.fromMillis(0);
    private List<Place> places;

    JobRuns(Path builds) {
        this.builds = builds;
    }

    /** Where a run is. */
    public record Place(int build, String runId) {}

    /** The runs of {@code job}. */
    public static JobRuns of(Job<?, ?> job) {
        return of(job.getBuildDir().toPath());
    }

    private static JobRuns of(Path builds) {
        synchronized (ALL) {
            SoftReference<JobRuns> known = ALL.get(builds);
            JobRuns runs = known == null ? null : known.get();
            if (runs == null) {
                runs = new JobRuns(builds);
                ALL.put(builds, new SoftReference<>(runs));
            }
            return runs;
        }
    }

    /** Has what is remembered of a build read anew. */
    public static void changed(Run<?, ?> build) {
        of(build.getParent()).forget(build.getNumber());
    }

    synchronized void forget(int build) {
        List<String> known = runs.remove(build);
        if (known != null) {
            known.forEach(id -> summaries.remove(key(build, id)));
        }
        places = null;
    }

    /** The newest run with a matrix, or else the newest one. */
    public Optional<Place> latest() {
        Optional<Place> newest = Optional.empty();
        for (int number : newest(Integer.MAX_VALUE)) {
            for (String id : runsOf(number)) {
                Place place = new Place(number, id);
                if (summary(place).filter(RunSummary::hasMatrix).isPresent()) {
                    return Optional.of(place);
                }
                newest = newest.or(() -> summary(place).map(summary -> place));
            }
        }
        return newest;
    }

    /** The last kernel before a run, from the same source, that came as far as a matrix. */
    public Optional<DashboardRun> before(String runId, Run<?, ?> build) throws IOException {
        Optional<RunSummary> self = summary(new Place(build.getNumber(), runId));
        for (int number : newest(build.getNumber())) {
            for (String id : runsOf(number)) {
                Place place = new Place(number, id);
                if (self.isPresent()
                        && summary(place)
                                .filter(one -> isBefore(one, self.get()))
                                .isPresent()) {
                    return Optional.of(read(place));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isBefore(RunSummary one, RunSummary self) {
        return one.hasMatrix()
                && one.line().equals(self.line())
                && one.started().isBefore(self.started());
    }

    /** Numbers of the newest builds up to {@code build}, as many as are looked at. */
    private int[] newest(int build) {
        return Arrays.stream(numbers())
                .filter(number -> number <= build)
                .limit(LOOK)
                .toArray();
    }

    /** All of a run. */
    public DashboardRun read(Place place) throws IOException {
        return new KeptRun(layout(place.build()), place.runId()).read();
    }

    /** Where all runs are, those of the newest build first. */
    public List<Place> places() {
        int[] all = numbers();
        synchronized (this) {
            if (places != null) {
                return places;
            }
        }
        List<Place> found = new ArrayList<>();
        for (int number : all) {
            runsOf(number).forEach(id -> found.add(new Place(number, id)));
        }
        synchronized (this) {
            places = List.copyOf(found);
            return places;
        }
    }

    /** The build that has the run called {@code runId}; the newest, if it was brought to several. */
    public Optional<Place> find(String runId) {
        return places().stream().filter(place -> place.runId().equals(runId)).findFirst();
    }

    /** Summaries of all runs, each read when it is asked for. */
    public List<RunSummary> newestFirst() {
        List<Place> all = places();
        return new AbstractList<>() {
            @Override
            public RunSummary get(int index) {
                return summary(all.get(index))
                        .orElseGet(() -> unreadable(all.get(index).runId()));
            }

            @Override
            public int size() {
                return all.size();
            }
        };
    }

    /** What pages over many runs show of one. */
    public Optional<RunSummary> summary(Place place) {
        String key = key(place.build(), place.runId());
        synchronized (this) {
            RunSummary known = summaries.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            Optional<RunSummary> read =
                    RunSummary.read(layout(place.build()).dashboard().summary(place.runId()));
            synchronized (this) {
                read.ifPresent(summary -> summaries.put(key, summary));
            }
            return read;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What stands for a run whose summary was lost, or deleted just now. */
    private static RunSummary unreadable(String runId) {
        return new RunSummary(
                "",
                runId,
                "",
                "",
                KeptLayout.began(runId),
                0,
                List.of(),
                Verdict.MISS,
                "What was kept of this run cannot be read.",
                List.of(),
                List.of());
    }

    /** What is kept with a build of the job. */
    public KeptLayout layout(int build) {
        return KeptLayout.ofBuild(builds.resolve(Integer.toString(build)));
    }

    private static String key(int build, String runId) {
        return build + "/" + runId;
    }

    /** Ids of a build's runs, the newest first. */
    private List<String> runsOf(int build) {
        synchronized (this) {
            List<String> known = runs.get(build);
            if (known != null) {
                return known;
            }
        }
        String[] names = layout(build).summaries().toFile().list();
        List<String> found = names == null
                ? List.of()
                : Arrays.stream(names)
                        .filter(KeptLayout::isRunId)
                        .sorted(Comparator.reverseOrder())
                        .toList();
        synchronized (this) {
            runs.put(build, found);
        }
        return found;
    }

    /** Numbers of the builds there are, the newest first. */
    private synchronized int[] numbers() {
        try {
            FileTime now = Files.getLastModifiedTime(builds);
            // Two changes may come within one tick of the clock that the file system has.
            if (!now.equals(listed) || now.toMillis() > System.currentTimeMillis() - 2_000) {
                try (Stream<Path> all = Files.list(builds)) {
                    numbers = all.map(build -> build.getFileName().toString())
                            .filter(name -> name.matches("[0-9]{1,9}"))
                            .mapToInt(Integer::parseInt)
                            .map(number -> -number)
                            .sorted()
                            .map(number -> -number)
                            .toArray();
                }
                listed = now;
                places = null;
                runs.keySet().retainAll(Arrays.stream(numbers).boxed().toList());
            }
            return numbers;
        } catch (IOException e) {
            return new int[0];
        } catch (UncheckedIOException e) {
            return numbers;
        }
    }

    private static <K, V> Map<K, V> bounded(int size) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > size;
            }
        };
    }
}
