package io.jenkins.plugins.kernelfarm.repository;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.kernelfarm.bootmatrix.dashboard.RunStrip;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A kernel of some job, as the page of all kernels and the remote API show it. */
@ExportedBean(defaultVisibility = 2)
public final class KernelRow {
    private final RunSummary run;
    private final String job;
    private final int build;
    private final String buildUrl;
    private final List<String> channels;

    /**
     * @param buildUrl of the build, below Jenkins' own, with a slash at its end
     * @param channels that have the kernel
     */
    KernelRow(RunSummary run, String job, int build, String buildUrl, List<String> channels) {
        this.run = run;
        this.job = job;
        this.build = build;
        this.buildUrl = buildUrl;
        this.channels = List.copyOf(channels);
    }

    @Exported
    public String getRun() {
        return run.id();
    }

    /** As {@code uname -r} prints it; empty while nobody knows. */
    @Exported
    public String getRelease() {
        return run.release();
    }

    @Exported
    public String getSource() {
        return run.source();
    }

    @Exported
    public String getVerdict() {
        return run.verdict().name();
    }

    /** Whether a fake machine played a part of the matrix: then it proves nothing. */
    @Exported
    public boolean isFake() {
        return run.isFake();
    }

    /** Milliseconds since 1970, as Jenkins counts. */
    @Exported
    public long getStarted() {
        return run.started().toEpochMilli();
    }

    /** In ISO 8601, for {@code time} in HTML. */
    public String getDate() {
        return run.started().toString();
    }

    /** For people. */
    public String getWhen() {
        return Dates.text(run.started());
    }

    @Exported
    public double getSeconds() {
        return run.seconds();
    }

    @Exported
    public String getJob() {
        return job;
    }

    @Exported
    public int getBuild() {
        return build;
    }

    /** The run's page, below Jenkins' own URL. */
    @Exported
    public String getUrl() {
        return pages() + "runs/" + run.id() + "/index.html";
    }

    private String pages() {
        return buildUrl + KeptLayout.NAME + "/";
    }

    /** The build, below Jenkins' own URL. */
    @Exported
    public String getBuildUrl() {
        return buildUrl;
    }

    @Exported
    public List<String> getChannels() {
        return channels;
    }

    public String getName() {
        return run.name();
    }

    /** Why there is no matrix; empty when there is one. */
    @Exported
    public String getStanding() {
        return run.standing();
    }

    /** The verdict in the dashboard's markup. */
    public String getBadge() {
        return RunStrip.badge(run);
    }

    /**
     * The modes in the dashboard's markup.
     *
     * @param root URL of Jenkins as the page sees it
     */
    public String strip(String root) {
        return run.hasMatrix() ? RunStrip.modes(run, root + "/" + pages()) : "";
    }
}
