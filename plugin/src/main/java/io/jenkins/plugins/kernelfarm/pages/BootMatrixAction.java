package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.BuildBadgeAction;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptRun;
import io.jenkins.plugins.kernelfarm.repository.ControllerRepository;
import io.jenkins.plugins.kernelfarm.repository.RemoteRun;
import io.jenkins.plugins.kernelfarm.repository.Standing;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.Page;
import io.kernelfarm.bootmatrix.dashboard.RunPages;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The runs of a build: {@code job/X/5/boot-matrix}. {@code build.xml} has no more of them than their names and the worst verdict; the rest
 * is read from {@link KeptLayout} when somebody looks. URLs below are those of a {@link DashboardLayout}, and of {@link KeptLayout} for what
 * its pages link to.
 */
@ExportedBean
public final class BootMatrixAction extends MatrixAction implements RunAction2, BuildBadgeAction {
    /** Pages write pieces of consoles as they need them, and two requests must not write the same. */
    private static final Object[] WRITING = new Object[16];

    static {
        Arrays.setAll(WRITING, i -> new Object());
    }

    private final List<String> runs = new ArrayList<>();
    private String verdict;
    private boolean fake;
    private transient Run<?, ?> build;

    private BootMatrixAction() {}

    /** Notes that {@code build} has the run called {@code runId}, or that there is more of it now. */
    public static void add(Run<?, ?> build, String runId) throws IOException {
        synchronized (WRITING) {
            BootMatrixAction action = build.getAction(BootMatrixAction.class);
            boolean begins = action == null;
            if (begins) {
                action = new BootMatrixAction();
                action.build = build;
            }
            action.note(runId);
            if (begins) {
                build.addAction(action);
            }
        }
        build.save();
    }

    private synchronized void note(String runId) throws IOException {
        if (!runs.contains(runId)) {
            runs.add(runId);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (RunSummary summary : summaries()) {
            verdicts.add(summary.verdict());
            fake |= summary.isFake();
        }
        verdict = Verdict.worst(verdicts).name();
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        build = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        build = r;
    }

    /** The build that the runs belong to. */
    public Run<?, ?> getBuild() {
        return build;
    }

    /** Names of the runs, in the order in which they came. */
    public synchronized List<String> runIds() {
        return List.copyOf(runs);
    }

    /** The worst of the runs' verdicts. */
    public Verdict verdict() {
        return Verdict.valueOf(verdict);
    }

    /** The folder of a run, as far as it is kept. */
    public Path folder(String runId) {
        return layout().run(runId);
    }

    private KeptLayout layout() {
        return KeptLayout.ofBuild(build.getRootDir().toPath());
    }

    @Override
    Job<?, ?> job() {
        return build.getParent();
    }

    // For summary.jelly and badge.jelly

    /** What pages over many runs show of these; a run that cannot be read is left out. */
    public List<RunSummary> summaries() throws IOException {
        List<RunSummary> summaries = new ArrayList<>();
        for (String runId : runIds()) {
            RunSummary.read(layout().dashboard().summary(runId)).ifPresent(summaries::add);
        }
        return summaries;
    }

    public List<RunGlance> getGlances() throws IOException {
        return isVisible()
                ? summaries().stream()
                        .map(run -> new RunGlance(run, KeptLayout.URL_NAME + "/"))
                        .toList()
                : List.of();
    }

    public String getVerdictWord() {
        return verdict().name() + (fake ? ", on a fake machine" : "");
    }

    /** The name of the verdict's colour in the stylesheet; what a fake machine played has no colour of its own. */
    public String getVerdictClass() {
        return "kernel-farm-" + (fake ? Verdict.SKIP : verdict()).name().toLowerCase(Locale.ROOT);
    }

    // Remote API

    @Exported(name = "verdict", visibility = 2)
    public String getVerdictName() {
        return isVisible() ? verdict : null;
    }

    @Exported(name = "runIds", visibility = 2)
    public List<String> getRunIds() {
        return isVisible() ? runIds() : List.of();
    }

    /** All that is known of the runs. Because it is read from files, what is above this shows it only if it is asked for. */
    @Exported(name = "runs", inline = true)
    public List<RemoteRun> getRuns() throws IOException {
        List<RemoteRun> all = new ArrayList<>();
        if (isVisible()) {
            for (RunSummary summary : summaries()) {
                all.add(new RemoteRun(summary, job(), build.getNumber(), layout()));
            }
        }
        return all;
    }

    // Pages

    @Override
    void answer(PageRequest request) throws IOException, ServletException {
        KeptLayout layout = layout();
        Optional<Path> asked = request.file(layout.folder());
        if (asked.isEmpty()) {
            request.nothing();
            return;
        }
        Path file = asked.get();
        String runId = Asked.part(layout.folder(), file);
        String paged = Asked.part(layout.summaries(), file);
        if (file.equals(layout.folder()) || file.equals(layout.dashboard().home())) {
            Path first = layout.dashboard().run(runIds().get(0));
            request.elsewhere(build.getUrl(), "/" + layout.folder().relativize(first));
        } else if (file.equals(layout.folder().resolve(BadgePicture.NAME))) {
            request.badge(BadgePicture.of(summaries()));
        } else if (runIds().contains(paged)) {
            page(layout, paged, file, request);
        } else if (runIds().contains(runId)) {
            file(layout, runId, file, request);
        } else {
            // Pages over many runs, and runs of other builds, belong to the job.
            request.elsewhere(job().getUrl());
        }
    }

    private void page(KeptLayout layout, String runId, Path file, PageRequest request)
            throws IOException, ServletException {
        KeptRun kept = new KeptRun(layout, runId);
        Standing standing = ControllerRepository.get().standing(runId, kept.image());
        DashboardRun run = kept.read(standing.channels(), standing.install(), standing.promotions());
        RunPages pages = new RunPages(layout.dashboard(), run, JobRuns.of(job()).before(runId, build));
        Optional<Page> page;
        Optional<String> data;
        Optional<Path> part;
        synchronized (WRITING[Math.floorMod(layout.hashCode(), WRITING.length)]) {
            page = pages.page(file);
            data = page.isPresent() ? Optional.empty() : pages.data(file);
            part = page.isPresent() || data.isPresent() ? Optional.empty() : pages.consolePart(file);
        }
        if (page.isPresent()) {
            request.page(page.get(), layout.dashboard(), build);
        } else if (data.isPresent()) {
            request.text(data.get(), file);
        } else if (part.isPresent()) {
            request.send(part.get());
        } else {
            request.nothing();
        }
    }

    /** A file of a run: what pages link to. */
    private void file(KeptLayout layout, String runId, Path file, PageRequest request)
            throws IOException, ServletException {
        Path packages = layout.packageFile(runId, "x").getParent();
        if (packages.equals(file.getParent())) {
            job().checkPermission(KernelFarmPermissions.DOWNLOAD);
            request.archived(build.getArtifactManager()
                    .root()
                    .child(KeptLayout.archived(runId, file.getFileName().toString())));
        } else {
            request.send(file);
        }
    }
}
