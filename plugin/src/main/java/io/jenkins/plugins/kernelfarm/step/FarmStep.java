package io.jenkins.plugins.kernelfarm.step;

import hudson.Extension;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.durabletask.DurableTask;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The Pipeline step {@code farm}: {@code farm 'run'}, {@code farm verb: 'boot', args: '--machine rack1'}. Runs the program in the
 * workspace as a durable task, so it survives a restart of the controller and a broken connection to the agent.
 */
public final class FarmStep extends DurableTaskStep {
    private final String verb;
    private String args = "";
    private String program = "";
    private KernelFailure kernelFailure = KernelFailure.FAILURE;
    private String signingKey = "";
    private List<FarmSecret> secrets = List.of();

    private transient List<String> command = List.of();

    /** @param verb the verb of the {@code farm} program, such as {@code run} */
    @DataBoundConstructor
    public FarmStep(String verb) {
        this.verb = verb.strip();
    }

    public String getVerb() {
        return verb;
    }

    /** What follows the verb, as in a shell: blanks separate, quotes keep together. Empty by default. */
    public String getArgs() {
        return args;
    }

    @DataBoundSetter
    public void setArgs(String args) {
        this.args = args.strip();
    }

    /** A program on the agent, in place of the one that the plugin brings; empty for that one. */
    public String getProgram() {
        return program;
    }

    @DataBoundSetter
    public void setProgram(String program) {
        this.program = program.strip();
    }

    /** What a kernel that failed makes of the build: {@code FAILURE}, the default, or {@code UNSTABLE}. */
    public String getKernelFailure() {
        return kernelFailure.name();
    }

    @DataBoundSetter
    public void setKernelFailure(String kernelFailure) {
        this.kernelFailure = KernelFailure.of(kernelFailure);
    }

    /** Id of the credential that signs what is published; empty to have the farm use the key of its own user. */
    public String getSigningKey() {
        return signingKey;
    }

    @DataBoundSetter
    public void setSigningKey(String signingKey) {
        this.signingKey = signingKey.strip();
    }

    /** Passwords and keys of machines. */
    public List<FarmSecret> getSecrets() {
        return secrets;
    }

    @DataBoundSetter
    public void setSecrets(List<FarmSecret> secrets) {
        this.secrets = new ArrayList<>(secrets);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new FarmExecution(context, this);
    }

    /** The durable task's own execution, once it is known what to start. Its outcome is the program's exit code. */
    StepExecution durable(StepContext context, List<String> command) throws Exception {
        this.command = command;
        return super.start(context);
    }

    @Override
    protected DurableTask task() {
        return new FarmTask(command);
    }

    /** What Jenkins knows about the step. Pipelines are an optional part of Jenkins. */
    @Extension(optional = true)
    public static final class DescriptorImpl extends DurableTaskStepDescriptor implements FarmCallForm {
        public DescriptorImpl() {
            for (String field : List.of("verb", "args", "program", "kernelFailure", "signingKey", "secrets")) {
                addHelpFileRedirect(field, FarmBuilder.class, field);
            }
        }

        @Override
        public String getFunctionName() {
            return "farm";
        }

        @Override
        public String getDisplayName() {
            return "Kernel Farm: build, package and boot a kernel";
        }
    }
}
