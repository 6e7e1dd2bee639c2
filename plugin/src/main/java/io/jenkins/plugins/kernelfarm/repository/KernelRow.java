package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.bootmatrix.dashboard.RunStrip;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;

/** A kernel of some job, as the page of all kernels shows it. */
public final class KernelRow {
    private final RunSummary summary;
    private final RemoteRun run;

    KernelRow(RunSummary summary, RemoteRun run) {
        this.summary = summary;
        this.run = run;
    }

    /** What the remote API has of it. */
    public RemoteRun getRun() {
        return run;
    }

    public String getName() {
        return summary.name();
    }

    /** In ISO 8601, for {@code time} in HTML. */
    public String getDate() {
        return summary.started().toString();
    }

    /** For people. */
    public String getWhen() {
        return Dates.text(summary.started());
    }

    /** The verdict in the dashboard's markup. */
    public String getBadge() {
        return RunStrip.badge(summary);
    }

    /**
     * The modes in the dashboard's markup.
     *
     * @param root URL of Jenkins as the page sees it
     */
    public String strip(String root) {
        return summary.hasMatrix() ? RunStrip.modes(summary, root + "/" + run.getPages()) : "";
    }
}
