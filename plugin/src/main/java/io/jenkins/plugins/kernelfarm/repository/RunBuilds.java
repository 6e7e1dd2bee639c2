package io.jenkins.plugins.kernelfarm.repository;

import hudson.model.Job;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which builds have published a run, so that it can be withdrawn when they are deleted: a file of the run's name, with a build a line as
 * {@code folder/job#5}. A run whose builds are all gone has an empty file. What an agent has left does not count here.
 *
 * @param folder with the files
 */
record RunBuilds(Path folder) {
    /** Builds are deleted while others are published. */
    private static final Object LOCK = new Object();

    static String name(Job<?, ?> job, int build) {
        return job.getFullName() + "#" + build;
    }

    private Path file(String run) {
        return folder.resolve(run);
    }

    void add(String run, String build) throws IOException {
        synchronized (LOCK) {
            Files.createDirectories(folder);
            List<String> builds = new ArrayList<>();
            if (Files.exists(file(run))) {
                builds.addAll(Files.readAllLines(file(run)));
            }
            if (!builds.contains(build)) {
                builds.add(build);
                write(run, builds);
            }
        }
    }

    /**
     * Notes that a build is being deleted.
     *
     * @param runs that are kept with it
     * @return whether a run has no build any more
     */
    boolean buildDeleted(Collection<String> runs, String build) throws IOException {
        return change(runs, line -> line.equals(build) ? "" : line);
    }

    /**
     * Notes that a job was deleted, with its builds.
     *
     * @return whether a run has no build any more
     */
    boolean jobDeleted(String job) throws IOException {
        return change(all(), line -> line.startsWith(job + "#") ? "" : line);
    }

    void jobMoved(String from, String to) throws IOException {
        change(all(), line -> line.startsWith(from + "#") ? to + line.substring(from.length()) : line);
    }

    /** Forgets a run that is not published. */
    void forget(String run) throws IOException {
        synchronized (LOCK) {
            Files.deleteIfExists(file(run));
        }
    }

    /** The runs whose builds are all deleted. */
    List<String> orphans() throws IOException {
        List<String> orphans = new ArrayList<>();
        for (String run : all()) {
            if (Files.size(file(run)) == 0) {
                orphans.add(run);
            }
        }
        return orphans;
    }

    private boolean change(Collection<String> runs, UnaryOperator<String> build) throws IOException {
        boolean orphaned = false;
        synchronized (LOCK) {
            for (String run : runs) {
                if (Files.exists(file(run))) {
                    List<String> before = Files.readAllLines(file(run));
                    List<String> after = before.stream()
                            .map(build)
                            .filter(line -> !line.isEmpty())
                            .toList();
                    if (!after.equals(before)) {
                        write(run, after);
                        orphaned |= after.isEmpty();
                    }
                }
            }
        }
        return orphaned;
    }

    private void write(String run, List<String> builds) throws IOException {
        StringBuilder text = new StringBuilder();
        builds.forEach(build -> text.append(build).append('\n'));
        AtomicFile.write(file(run), text.toString());
    }

    private List<String> all() throws IOException {
        List<String> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    if (TakenRun.isId(file.getFileName().toString())) {
                        all.add(file.getFileName().toString());
                    }
                }
            }
        }
        return all;
    }
}
