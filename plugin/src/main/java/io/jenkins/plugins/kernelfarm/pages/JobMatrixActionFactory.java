package io.jenkins.plugins.kernelfarm.pages;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Gives every job its {@link JobMatrixAction}, which shows itself once the job has runs. Jenkins asks often, so nothing is read here. */
@Extension
@SuppressWarnings("rawtypes")
public final class JobMatrixActionFactory extends TransientActionFactory<Job> {
    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return JobMatrixAction.class;
    }

    @Override
    public Collection<? extends Action> createFor(Job job) {
        return List.of(new JobMatrixAction((Job<?, ?>) job));
    }
}
