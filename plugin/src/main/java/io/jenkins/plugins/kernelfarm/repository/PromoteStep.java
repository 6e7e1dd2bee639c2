package io.jenkins.plugins.kernelfarm.repository;

import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The Pipeline step {@code kernelFarmPromote}: brings a published run into a channel, on behalf of whoever approved the last {@code input}
 * before it. Who writes a pipeline may not promote by that alone: it is the approving person who needs the permission.
 */
public final class PromoteStep extends Step {
    private final String run;
    private String to = "";

    /** @param run the name of the run, which is published */
    @DataBoundConstructor
    public PromoteStep(String run) {
        this.run = run.strip();
    }

    public String getRun() {
        return run;
    }

    /** The channel; empty for the first one that kernels are promoted to. */
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(String to) {
        this.to = to.strip();
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, run, to);
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Void> {
        private static final long serialVersionUID = 1;

        private final String run;
        private final String to;

        Execution(StepContext context, String run, String to) {
            super(context);
            this.run = run;
            this.to = to;
        }

        @Override
        protected Void run() throws Exception {
            Optional<String> who = Approval.of(getContext().get(Run.class));
            if (who.isEmpty()) {
                throw new AbortException("Nobody has approved this promotion; put an 'input' step before"
                        + " 'kernelFarmPromote', so that somebody decides.");
            }
            if (!Approval.may(who.get(), KernelFarmPermissions.PROMOTE)) {
                throw new AbortException("The promotion was approved by " + who.get()
                        + ", who does not have the permission Kernel Farm/Promote.");
            }
            ControllerRepository repository = ControllerRepository.get();
            List<String> channels = repository.promotable();
            String channel = to.isEmpty() && !channels.isEmpty() ? channels.get(0) : to;
            Decision decision = repository.promote(run, channel, who.get());
            if (!decision.done()) {
                throw new AbortException(decision.sentence());
            }
            getContext().get(TaskListener.class).getLogger().println("Kernel Farm: " + decision.sentence());
            return null;
        }
    }

    /** What Jenkins knows about the step. Pipelines are an optional part of Jenkins. */
    @Extension(optional = true)
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "kernelFarmPromote";
        }

        @Override
        public String getDisplayName() {
            return "Kernel Farm: promote a kernel that somebody approved";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }
    }
}
