package io.jenkins.plugins.kernelfarm.pages;

import io.kernelfarm.bootmatrix.dashboard.RunStrip;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;

/** A run on somebody else's page, in one line. */
public final class RunGlance {
    private final RunSummary run;
    private final String prefix;

    /**
     * The run as seen from a page.
     *
     * @param prefix URL of the folder with the run's pages from there, with a slash at its end
     */
    RunGlance(RunSummary run, String prefix) {
        this.run = run;
        this.prefix = prefix;
    }

    public String getName() {
        return run.name();
    }

    public String getSource() {
        return run.source();
    }

    /** Why there is no matrix; empty if there is one. */
    public String getStanding() {
        return run.standing();
    }

    public String getPage() {
        return prefix + "runs/" + run.id() + "/index.html";
    }

    /** Markup. */
    public String getBadge() {
        return RunStrip.badge(run);
    }

    /** Markup. */
    public String getModes() {
        return RunStrip.modes(run, prefix);
    }
}
