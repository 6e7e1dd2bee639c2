package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.Api;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptRun;
import io.jenkins.plugins.kernelfarm.repository.ControllerRepository;
import io.jenkins.plugins.kernelfarm.repository.Standing;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.Page;
import io.kernelfarm.bootmatrix.dashboard.RunPages;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jenkins.model.RunAction2;
import jenkins.util.VirtualFile;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The runs of a build: {@code job/X/5/kernel-farm}. {@code build.xml} has no more of them than their names and the worst verdict; the rest
 * is read from {@link KeptLayout} when somebody looks. URLs below are those of a {@link DashboardLayout}, and of {@link KeptLayout} for what
 * its pages link to.
 */
@ExportedBean
public final class BootMatrixAction implements RunAction2, BuildBadgeAction, StaplerProxy {
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

    /** Whether whoever asks may see anything of this. */
    public boolean isVisible() {
        return build.getParent().hasPermission(KernelFarmPermissions.VIEW);
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
        build.getParent().checkPermission(KernelFarmPermissions.VIEW);
        return this;
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
                        .map(run -> new RunGlance(run, KeptLayout.NAME + "/"))
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

    public Api getApi() {
        return new Api(this);
    }

    @Exported(name = "verdict", visibility = 2)
    public String getVerdictName() {
        return isVisible() ? verdict : null;
    }

    @Exported(name = "runIds", visibility = 2)
    public List<String> getRunIds() {
        return isVisible() ? runIds() : List.of();
    }

    /** All that is known of the runs. Because it is read from files, what is above this shows it only if it is asked for. */
    @Exported(name = "runs")
    public List<RemoteRun> getRuns() throws IOException {
        List<RemoteRun> all = new ArrayList<>();
        if (isVisible()) {
            for (RunSummary summary : summaries()) {
                all.add(new RemoteRun(
                        summary, build.getNumber(), build.getParent().getUrl(), layout()));
            }
        }
        return all;
    }

    // Pages

    /** Everything else below this URL: pages, what they load, and what they link to. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.sendError(StaplerResponse2.SC_METHOD_NOT_ALLOWED);
            return;
        }
        KeptLayout layout = layout();
        Optional<Path> asked = Asked.path(layout.folder(), request.getRestOfPath());
        if (asked.isEmpty()) {
            response.sendError(StaplerResponse2.SC_NOT_FOUND);
            return;
        }
        Path file = asked.get();
        if (file.equals(layout.folder()) || file.equals(layout.dashboard().home())) {
            String first = layout.folder()
                    .relativize(layout.dashboard().run(runIds().get(0)))
                    .toString();
            response.sendRedirect(rootOf(request) + first);
        } else if (file.equals(layout.folder().resolve("badge.svg"))) {
            BadgePicture.of(summaries()).send(request, response);
        } else if (file.startsWith(layout.summaries())) {
            String runId = Asked.part(layout.summaries(), file);
            if (runIds().contains(runId)) {
                page(layout, runId, file, request, response);
            } else {
                elsewhere(request, response);
            }
        } else if (runIds().contains(Asked.part(layout.folder(), file))) {
            file(layout, Asked.part(layout.folder(), file), file, request, response);
        } else {
            elsewhere(request, response);
        }
    }

    private void page(KeptLayout layout, String runId, Path file, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        KeptRun kept = new KeptRun(layout, runId);
        Standing standing = ControllerRepository.get().standing(runId, kept.image());
        DashboardRun run = kept.read(standing.channels(), standing.install(), standing.promotions());
        RunPages pages = new RunPages(
                layout.dashboard(), run, JobRuns.of(build.getParent()).before(runId, build));
        Optional<Page> page;
        Optional<String> data;
        Optional<Path> part;
        synchronized (WRITING[Math.floorMod(layout.hashCode(), WRITING.length)]) {
            page = pages.page(file);
            data = page.isPresent() ? Optional.empty() : pages.data(file);
            part = page.isPresent() || data.isPresent() ? Optional.empty() : pages.consolePart(file);
        }
        if (page.isPresent()) {
            new FramedPage(page.get(), layout.dashboard(), build).send(request, response);
        } else if (data.isPresent()) {
            Sent.text(data.get(), file, request, response);
        } else if (part.isPresent()) {
            Sent.file(part.get(), request, response);
        } else {
            response.sendError(StaplerResponse2.SC_NOT_FOUND);
        }
    }

    /** A file of a run: what pages link to. */
    private void file(KeptLayout layout, String runId, Path file, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        Path packages = layout.packageFile(runId, "x").getParent();
        if (packages.equals(file.getParent())) {
            build.getParent().checkPermission(KernelFarmPermissions.DOWNLOAD);
            VirtualFile archived = build.getArtifactManager()
                    .root()
                    .child(KeptLayout.archived(runId, file.getFileName().toString()));
            Sent.archived(archived, request, response);
        } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Sent.file(file, request, response);
        } else {
            response.sendError(StaplerResponse2.SC_NOT_FOUND);
        }
    }

    /** Pages over many runs, and runs of other builds, belong to the job. */
    private void elsewhere(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        String query = request.getQueryString();
        response.sendRedirect(request.getContextPath() + "/" + build.getParent().getUrl() + KeptLayout.NAME
                + Asked.encoded(request.getRestOfPath())
                + (query == null ? "" : "?" + query));
    }

    private String rootOf(StaplerRequest2 request) {
        return request.getContextPath() + "/" + build.getUrl() + KeptLayout.NAME + "/";
    }
}
