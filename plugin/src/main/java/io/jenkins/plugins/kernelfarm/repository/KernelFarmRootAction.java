package io.jenkins.plugins.kernelfarm.repository;

import hudson.Extension;
import hudson.model.Api;
import hudson.model.Descriptor.FormException;
import hudson.model.Job;
import hudson.model.UnprotectedRootAction;
import hudson.security.Permission;
import io.jenkins.plugins.kernelfarm.ChannelSettings;
import io.jenkins.plugins.kernelfarm.KernelFarmConfiguration;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunStrip;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * "Kernel Farm" in the side panel: kernels over all jobs, the channels, promotion, and below it the repositories. Jenkins lets
 * everybody through to here, because apt and dnf may be anybody; so each URL checks for itself.
 */
@Extension
@ExportedBean
public final class KernelFarmRootAction implements UnprotectedRootAction, StaplerProxy {
    static final String URL_NAME = "kernel-farm";
    static final String REPOSITORY = "repository";

    /** So many on a page, and in the remote API. */
    static final int ROWS = 50;

    /** Whoever wants to go further back goes to the job. */
    private static final int MOST_PAGES = 1_000;

    private final SummaryCache summaries = new SummaryCache();

    @Override
    public String getIconFileName() {
        return Jenkins.get().hasPermission(KernelFarmPermissions.VIEW) ? "symbol-cube" : null;
    }

    @Override
    public String getDisplayName() {
        return "Kernel Farm";
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /** All but the repositories is for those who may look; the repositories ask by themselves. */
    @Override
    public Object getTarget() {
        String rest = Stapler.getCurrentRequest2().getRestOfPath();
        if (!rest.startsWith("/" + REPOSITORY + "/")) {
            Jenkins.get().checkPermission(Jenkins.READ);
            Jenkins.get().checkPermission(KernelFarmPermissions.VIEW);
        }
        return this;
    }

    public Api getApi() {
        return new Api(this);
    }

    /** The repositories' files. */
    public RepositoryFiles getRepository() {
        return new RepositoryFiles(ControllerRepository.get().repository());
    }

    /** All channels, those of the settings first. */
    @Exported(visibility = 1)
    public List<ChannelView> getChannels() throws IOException {
        ControllerRepository repository = ControllerRepository.get();
        return ChannelView.all(
                repository.channels().stream().map(ChannelSettings::getName).toList(),
                repository.contents(),
                RepositoryUrl.get().orElse(""));
    }

    /** The kernels on a page of the list over all jobs that one may see, the newest first. */
    @Exported(visibility = 1)
    public List<RemoteRun> getKernels() throws IOException {
        return getPage().rows().stream().map(KernelRow::getRun).toList();
    }

    /** The page that the request asks for with {@code page}. */
    public KernelPage getPage() throws IOException {
        return page(number(Stapler.getCurrentRequest2().getParameter("page")));
    }

    private static int number(String page) {
        return page != null && page.matches("[1-9][0-9]{0,3}") ? Math.min(Integer.parseInt(page), MOST_PAGES) : 1;
    }

    @SuppressWarnings("rawtypes")
    private KernelPage page(int number) throws IOException {
        Map<Path, Job<?, ?>> jobs = new HashMap<>();
        List<KernelIndex.Kept> all = new ArrayList<>();
        // Only jobs that one may see.
        for (Job one : Jenkins.get().allItems(Job.class)) {
            Job<?, ?> job = one;
            if (job.hasPermission(KernelFarmPermissions.VIEW)) {
                List<KernelIndex.Kept> kept = KernelIndex.get().of(job);
                if (!kept.isEmpty()) {
                    jobs.put(kept.get(0).builds(), job);
                    all.addAll(kept);
                }
            }
        }
        return KernelPage.of(all, number, ROWS, kept -> row(kept, jobs.get(kept.builds())));
    }

    private Optional<KernelRow> row(KernelIndex.Kept kept, Job<?, ?> job) throws IOException {
        return summaries
                .read(kept)
                .map(summary -> new KernelRow(
                        summary, new RemoteRun(summary, job, kept.build(), KeptLayout.ofBuild(kept.buildFolder()))));
    }

    public boolean isPromoter() {
        return Jenkins.get().hasPermission(KernelFarmPermissions.PROMOTE);
    }

    public boolean isConfigurer() {
        return Jenkins.get().hasPermission(KernelFarmPermissions.CONFIGURE);
    }

    /** Asked for by the page with the settings. */
    public Permission getConfigurePermission() {
        return KernelFarmPermissions.CONFIGURE;
    }

    /** Whether the repositories ask nobody who they are. */
    public boolean isOpen() {
        return KernelFarmConfiguration.get().getAnonymousDownload();
    }

    public KernelFarmConfiguration getConfiguration() {
        return KernelFarmConfiguration.get();
    }

    /** Brings a run's kernel into a channel. */
    @RequirePOST
    public void doPromote(
            StaplerRequest2 req, StaplerResponse2 rsp, @QueryParameter String run, @QueryParameter String channel)
            throws IOException, InterruptedException, ServletException {
        Jenkins.get().checkPermission(KernelFarmPermissions.PROMOTE);
        show(req, rsp, run, ControllerRepository.get().promote(run, channel, who()));
    }

    /** Takes a run's kernel out of a channel. */
    @RequirePOST
    public void doUndo(
            StaplerRequest2 req, StaplerResponse2 rsp, @QueryParameter String run, @QueryParameter String channel)
            throws IOException, InterruptedException, ServletException {
        Jenkins.get().checkPermission(KernelFarmPermissions.PROMOTE);
        show(req, rsp, run, ControllerRepository.get().undo(run, channel, who()));
    }

    private static String who() {
        return Jenkins.getAuthentication2().getName();
    }

    private void show(StaplerRequest2 req, StaplerResponse2 rsp, String run, Decision decision)
            throws IOException, ServletException {
        if (!decision.done()) {
            rsp.setStatus(HttpServletResponse.SC_CONFLICT);
        }
        req.setAttribute("decision", decision);
        req.setAttribute("cells", decision.kernel() ? lacking(run) : List.of());
        req.getView(this, "decision").forward(req, rsp);
    }

    /** A required cell that does not prove the kernel. */
    public record Lacking(String cell, String badge, String reason) {
        public String getCell() {
            return cell;
        }

        public String getBadge() {
            return badge;
        }

        public String getReason() {
            return reason;
        }
    }

    private static List<Lacking> lacking(String run) throws IOException {
        Optional<Path> matrix = ControllerRepository.get().matrix(run);
        if (matrix.isEmpty()) {
            return List.of();
        }
        MatrixResult result = MatrixJson.read(matrix.get());
        return result.cells().stream()
                .filter(cell ->
                        cell.cell().required() && cell.verdict() != Verdict.PASS && cell.verdict() != Verdict.SKIP)
                .map(cell -> new Lacking(cell.cell().toString(), RunStrip.badge(cell.verdict()), cell.reason()))
                .toList();
    }

    /** Keeps the settings; for those who may change these and nothing else of Jenkins. */
    @RequirePOST
    public void doConfigSubmit(StaplerRequest2 req, StaplerResponse2 rsp)
            throws IOException, ServletException, FormException {
        Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
        KernelFarmConfiguration.get().configure(req, req.getSubmittedForm());
        rsp.sendRedirect2(".");
    }
}
