package io.jenkins.plugins.kernelfarm;

import hudson.EnvVars;
import hudson.Extension;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;

/**
 * The build step "Kernel Farm" of a freestyle job: runs the {@code farm} program in the workspace, on the agent, and turns its exit code
 * into the result of the build ({@link FarmExit}).
 */
public final class FarmBuilder extends Builder {
    private static final String DEFAULT_PROGRAM = "farm";

    private final String verb;
    private String args;
    private String program;

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
        this.args = args.isBlank() ? null : args.strip();
    }

    /** The program's path on the agent, or relative to the workspace, or a name found by the agent's PATH. */
    public String getProgram() {
        return program == null ? DEFAULT_PROGRAM : program;
    }

    @DataBoundSetter
    public void setProgram(String program) {
        String path = program.strip();
        this.program = path.isEmpty() || path.equals(DEFAULT_PROGRAM) ? null : path;
    }

    /**
     * Runs the program and sets the result of the build. A build step that throws would make every build a failure, so
     * this says what went wrong in the log and answers no.
     *
     * @return whether the next build step shall run
     * @throws InterruptedException if the build is aborted; Jenkins then ends the program
     */
    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        EnvVars env = build.getEnvironment(listener);
        FarmExit exit;
        try {
            int code = launcher.launch()
                    .cmds(command(env))
                    .envs(env)
                    .pwd(build.getWorkspace())
                    .stdout(listener)
                    .join();
            exit = FarmExit.of(code);
            if (exit == FarmExit.PROVED) {
                return true;
            }
            listener.error("The farm ended with " + code + ": " + exit.meaning() + ".");
        } catch (IOException e) {
            exit = FarmExit.FARM_FAULT;
            listener.error("The program '" + env.expand(getProgram()) + "' did not run to its end on this agent ("
                    + e.getMessage() + "); see that it is installed there and that the agent stays connected.");
        }
        build.setResult(exit.result());
        return false;
    }

    /** Arguments are separated before variables are expanded, so that a value cannot bring in further arguments. */
    private List<String> command(EnvVars env) {
        List<String> command = new ArrayList<>();
        command.add(env.expand(getProgram()));
        command.add(env.expand(verb));
        for (String argument : Util.tokenize(getArgs())) {
            command.add(env.expand(argument));
        }
        return command;
    }

    /** What Jenkins knows about the build step: its name, where it fits, and how to check its form. */
    @Extension
    @Symbol("farm")
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
        @Override
        public String getDisplayName() {
            return "Kernel Farm";
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        /** Answers while somebody types the verb. It reads nothing and changes nothing, so it needs no permission. */
        public FormValidation doCheckVerb(@QueryParameter String value) {
            return FarmVerbs.complaint(value).map(FormValidation::error).orElseGet(FormValidation::ok);
        }
    }
}
