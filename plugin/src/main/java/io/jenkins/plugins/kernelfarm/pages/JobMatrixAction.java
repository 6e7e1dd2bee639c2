package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Job;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
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
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The kernels of a job: {@code job/X/kernel-farm}. URLs below are those of a {@link DashboardLayout}; those of a run lead on to its build.
 */
@ExportedBean
public final class JobMatrixAction implements Action, StaplerProxy {
    /** It has no folder: pages are made when they are asked for. */
    private static final DashboardLayout LAYOUT = new DashboardLayout(Path.of("/" + KeptLayout.NAME));

    /** Rows of the small history on the job's own page. */
    private static final int GLANCES = 10;

    private final Job<?, ?> job;

    JobMatrixAction(Job<?, ?> job) {
        this.job = job;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    /** Whether there is something to see for whoever asks. */
    public boolean isVisible() {
        return job.hasPermission(KernelFarmPermissions.VIEW)
                && JobRuns.of(job).latest().isPresent();
    }

    @Override
    public String getIconFileName() {
        return isVisible() ? Icons.MATRIX : null;
    }

    @Override
    public String getDisplayName() {
        return "Boot matrix";
    }

    @Override
    public String getUrlName() {
        return KeptLayout.NAME;
    }

    /** Every URL below comes through here. */
    @Override
    public Object getTarget() {
        job.checkPermission(KernelFarmPermissions.VIEW);
        return this;
    }

    /** The newest runs, for the job's own page. */
    public List<RunGlance> getGlances() {
        if (!isVisible()) {
            return List.of();
        }
        List<RunSummary> runs = JobRuns.of(job).newestFirst();
        return runs.subList(0, Math.min(GLANCES, runs.size())).stream()
                .map(run -> new RunGlance(run, KeptLayout.NAME + "/"))
                .toList();
    }

    // Remote API

    public Api getApi() {
        return new Api(this);
    }

    /** The newest run with a matrix. */
    @Exported
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
                .map(summary -> new RemoteRun(summary, place.build(), job.getUrl(), runs.layout(place.build())));
    }

    // Pages

    /** Pages over the job's runs; those of one run are its build's. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.sendError(StaplerResponse2.SC_METHOD_NOT_ALLOWED);
            return;
        }
        JobRuns runs = JobRuns.of(job);
        Optional<Path> asked = Asked.path(LAYOUT.root(), request.getRestOfPath());
        if (asked.isEmpty()) {
            response.sendError(StaplerResponse2.SC_NOT_FOUND);
            return;
        }
        Path file = asked.get();
        OverviewPages pages = new OverviewPages(LAYOUT, runs.newestFirst());
        if (file.equals(LAYOUT.root())) {
            response.sendRedirect(request.getContextPath() + "/" + job.getUrl() + KeptLayout.NAME + "/index.html");
        } else if (file.equals(LAYOUT.home())) {
            framed(pages.home(latest(runs)), request, response);
        } else if (file.equals(LAYOUT.root().resolve("badge.svg"))) {
            BadgePicture.of(runs.latest().flatMap(runs::summary).stream().toList())
                    .send(request, response);
        } else {
            Path folder = LAYOUT.root().resolve("runs");
            Optional<Page> page = pages.page(file);
            Optional<String> data = page.isPresent() ? Optional.empty() : pages.data(file);
            Optional<JobRuns.Place> place = runs.find(Asked.part(folder, file));
            if (page.isPresent()) {
                framed(page.get(), request, response);
            } else if (data.isPresent()) {
                Sent.text(data.get(), file, request, response);
            } else if (place.isPresent()) {
                response.sendRedirect(request.getContextPath() + "/" + job.getUrl()
                        + place.get().build() + "/" + KeptLayout.NAME
                        + Asked.encoded(request.getRestOfPath()));
            } else {
                response.sendError(StaplerResponse2.SC_NOT_FOUND);
            }
        }
    }

    private void framed(Page page, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        new FramedPage(page, LAYOUT, job).send(request, response);
    }

    private static Optional<DashboardRun> latest(JobRuns runs) throws IOException {
        Optional<JobRuns.Place> latest = runs.latest();
        return latest.isPresent()
                ? Optional.of(runs.read(latest.get()))
                        .filter(run -> run.matrix().isPresent())
                : Optional.empty();
    }
}
