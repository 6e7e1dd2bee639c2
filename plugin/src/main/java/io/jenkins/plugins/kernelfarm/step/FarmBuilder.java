package io.jenkins.plugins.kernelfarm.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Result;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The build step "Kernel Farm" of a freestyle job: runs the {@code farm} program in the workspace, on the agent, and turns its exit code
 * into the result of the build ({@link FarmExit}).
 */
public final class FarmBuilder extends Builder {
    /** How long the program has to end its own children, switch off machines and so on. */
    private static final long SECONDS_TO_STOP = 20;

    private final String verb;
    // What is left out by a form, by Job DSL, or by an older configuration, is null.
    private String args;
    private String program;
    private String kernelFailure;
    private String signingKey;
    private List<FarmSecret> secrets;

    /**
     * @param verb the verb of the {@code farm} program, such as {@code run}; variables of the build are expanded
     */
    @DataBoundConstructor
    public FarmBuilder(String verb) {
        this.verb = verb.strip();
    }

    public String getVerb() {
        return verb;
    }

    /** What follows the verb, as in a shell: blanks separate, quotes keep together. Empty by default. */
    public String getArgs() {
        return args == null ? "" : args;
    }

    @DataBoundSetter
    public void setArgs(String args) {
        this.args = orNull(args);
    }

    /**
     * A program on the agent, in place of the one that the plugin brings: its path, or relative to the workspace, or a name found by the
     * agent's PATH. Empty by default.
     */
    public String getProgram() {
        return program == null ? "" : program;
    }

    @DataBoundSetter
    public void setProgram(String program) {
        this.program = orNull(program);
    }

    /** What a kernel that failed makes of the build: {@code FAILURE}, the default, or {@code UNSTABLE}. */
    public String getKernelFailure() {
        return KernelFailure.of(kernelFailure).name();
    }

    @DataBoundSetter
    public void setKernelFailure(String kernelFailure) {
        this.kernelFailure =
                KernelFailure.of(kernelFailure) == KernelFailure.FAILURE ? null : KernelFailure.UNSTABLE.name();
    }

    /** Id of the credential that signs what is published; empty to have the farm use the key of its own user. */
    public String getSigningKey() {
        return signingKey == null ? "" : signingKey;
    }

    @DataBoundSetter
    public void setSigningKey(String signingKey) {
        this.signingKey = orNull(signingKey);
    }

    /** Passwords and keys of machines. */
    public List<FarmSecret> getSecrets() {
        return secrets == null ? List.of() : secrets;
    }

    @DataBoundSetter
    public void setSecrets(List<FarmSecret> secrets) {
        this.secrets = secrets.isEmpty() ? null : new ArrayList<>(secrets);
    }

    private static String orNull(String text) {
        return text.isBlank() ? null : text.strip();
    }

    /**
     * Runs the program and sets the result of the build. A build step that throws would make every build a failure, so
     * this says what went wrong in the log and answers no.
     *
     * @return whether the next build step shall run
     * @throws InterruptedException if the build is aborted; the program has ended then, or its time is over
     */
    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        EnvVars variables = build.getEnvironment(listener);
        FarmCall call = FarmCall.of(this, variables);
        FilePath workspace = build.getWorkspace();
        try {
            int code = run(call, variables, build, launcher, listener);
            Result result = FarmExit.of(code).result(call.kernelFailure());
            if (result != Result.SUCCESS) {
                listener.error(FarmExit.sentence(code));
                build.setResult(result);
            }
            return result == Result.SUCCESS || result == Result.UNSTABLE;
        } catch (AbortException e) {
            listener.error(e.getMessage());
            build.setResult(Result.FAILURE);
            return false;
        } catch (IOException e) {
            listener.error(
                    "The farm did not run to its end on this agent (" + e.getMessage()
                            + "); see that the agent stays connected, that its disk has room, and that a program of its own is there.");
            build.setResult(Result.NOT_BUILT);
            return false;
        } finally {
            Preparation.undo(call, workspace);
        }
    }

    private static int run(
            FarmCall call, EnvVars variables, AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        FilePath workspace = build.getWorkspace();
        Preparation preparation = Preparation.of(call, build, workspace, listener);
        variables.putAll(preparation.variables());
        SecretMask.Filter log = preparation.mask().over(listener.getLogger());
        Proc program = launcher.launch()
                .cmds(call.command(preparation.launcher()))
                .envs(variables)
                .pwd(workspace)
                .stdout(log)
                .start();
        try {
            return program.join();
        } catch (InterruptedException e) {
            launcher.kill(build.getCharacteristicEnvVars());
            for (long i = 0; i < SECONDS_TO_STOP * 10 && program.isAlive(); i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            throw e;
        } finally {
            log.end();
        }
    }

    /** What Jenkins knows about the build step: its name, where it fits, and how to check its form. */
    @Extension
    @Symbol("farm")
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> implements FarmCallForm {
        @Override
        public String getDisplayName() {
            return "Kernel Farm";
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }
    }
}
