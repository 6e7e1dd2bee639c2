package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.Job;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.repository.RemoteRun;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.OverviewPages;
import io.kernelfarm.bootmatrix.dashboard.Page;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The kernels of a job: {@code job/X/boot-matrix}. URLs below are those of a {@link DashboardLayout}; those of a run lead on to its build.
 */
@ExportedBean
public final class JobMatrixAction extends MatrixAction {
    /** It has no folder: pages are made when they are asked for. */
    private static final DashboardLayout LAYOUT = new DashboardLayout(Path.of("/" + KeptLayout.URL_NAME));

    /** Rows of the small history on the job's own page. */
    private static final int GLANCES = 10;

    private final Job<?, ?> job;

    JobMatrixAction(Job<?, ?> job) {
        this.job = job;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    @Override
    Job<?, ?> job() {
        return job;
    }

    @Override
    public boolean isVisible() {
        return super.isVisible() && JobRuns.of(job).latest().isPresent();
    }

    /** The newest runs, for the job's own page. */
    public List<RunGlance> getGlances() {
        if (!isVisible()) {
            return List.of();
        }
        List<RunSummary> runs = JobRuns.of(job).newestFirst();
        return runs.subList(0, Math.min(GLANCES, runs.size())).stream()
                .map(run -> new RunGlance(run, KeptLayout.URL_NAME + "/"))
                .toList();
    }

    // Remote API

    /** The newest run with a matrix. */
    @Exported(inline = true)
    public RemoteRun getLatest() {
        return JobRuns.of(job).latest().flatMap(this::remote).orElse(null);
    }

    /** How many runs there are. */
    @Exported
    public int getCount() {
        return JobRuns.of(job).places().size();
    }

    /**
     * All runs, the newest first, each read when it is written: {@code tree=runs[…]{0,100}} asks for some of them. They are many, so they
     * are shown only if they are asked for.
     */
    @Exported(visibility = -1)
    public List<RemoteRun> getRuns() {
        List<JobRuns.Place> places = JobRuns.of(job).places();
        return new AbstractList<>() {
            @Override
            public RemoteRun get(int index) {
                return remote(places.get(index)).orElse(null);
            }

            @Override
            public int size() {
                return places.size();
            }
        };
    }

    private Optional<RemoteRun> remote(JobRuns.Place place) {
        JobRuns runs = JobRuns.of(job);
        return runs.summary(place)
                .map(summary -> new RemoteRun(summary, job, place.build(), runs.layout(place.build())));
    }

    // Pages

    /** Pages over the job's runs; those of one run are its build's. */
    @Override
    void answer(PageRequest request) throws IOException, ServletException {
        JobRuns runs = JobRuns.of(job);
        Optional<Path> asked = request.file(LAYOUT.root());
        if (asked.isEmpty()) {
            request.nothing();
            return;
        }
        Path file = asked.get();
        OverviewPages pages = new OverviewPages(LAYOUT, runs.newestFirst());
        if (file.equals(LAYOUT.root()) || file.equals(LAYOUT.home())) {
            // Jenkins marks the way to the folder as the one that is open, and not the way to index.html.
            request.page(pages.home(latest(runs)), LAYOUT, job);
        } else if (file.equals(LAYOUT.root().resolve(BadgePicture.NAME))) {
            request.badge(BadgePicture.of(
                    runs.latest().flatMap(runs::summary).stream().toList()));
        } else {
            Optional<Page> page = pages.page(file);
            Optional<String> data = page.isPresent() ? Optional.empty() : pages.data(file);
            Optional<JobRuns.Place> place = runs.find(Asked.part(LAYOUT.root().resolve("runs"), file));
            if (page.isPresent()) {
                request.page(page.get(), LAYOUT, job);
            } else if (data.isPresent()) {
                request.text(data.get(), file);
            } else if (place.isPresent()) {
                request.elsewhere(job.getUrl() + place.get().build() + "/");
            } else {
                request.nothing();
            }
        }
    }

    private static Optional<DashboardRun> latest(JobRuns runs) throws IOException {
        Optional<JobRuns.Place> latest = runs.latest();
        return latest.isPresent()
                ? Optional.of(runs.read(latest.get()))
                        .filter(run -> run.matrix().isPresent())
                : Optional.empty();
    }
}
