package io.jenkins.plugins.kernelfarm.pages;

import hudson.Extension;
import hudson.model.Job;
import hudson.views.ListViewColumn;
import hudson.views.ListViewColumnDescriptor;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** A column of a list of jobs: how the latest kernel of each fared. */
public final class KernelFarmColumn extends ListViewColumn {
    /** Nothing to set. */
    @DataBoundConstructor
    public KernelFarmColumn() {}

    /** The latest run of a job, or null: for a job that has none, for what is no job, and for who may not see it. */
    public RunGlance glance(Object item) {
        if (!(item instanceof Job<?, ?> job) || !job.hasPermission(KernelFarmPermissions.VIEW)) {
            return null;
        }
        JobRuns runs = JobRuns.of(job);
        return Optional.of(runs)
                .flatMap(JobRuns::latest)
                .flatMap(runs::summary)
                .map(run -> new RunGlance(run, job.getShortUrl() + KeptLayout.URL_NAME + "/"))
                .orElse(null);
    }

    /** What Jenkins knows about the column. */
    @Extension
    @Symbol("kernelFarmColumn")
    public static final class DescriptorImpl extends ListViewColumnDescriptor {
        @Override
        public String getDisplayName() {
            return "Boot matrix";
        }

        @Override
        public boolean shownByDefault() {
            return false;
        }
    }
}
