package io.jenkins.plugins.kernelfarm.collect;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.BuildStepMonitor;
import hudson.tasks.Publisher;
import hudson.tasks.Recorder;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.kernelfarm.pages.BootMatrixAction;
import io.jenkins.plugins.kernelfarm.pages.JobRuns;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.Wording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.tasks.SimpleBuildStep;
import jenkins.util.BuildListenerAdapter;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The post-build action and pipeline step {@code kernelFarm}: collects the runs that the farm has left in the workspace, keeps what pages
 * show of them with the build, archives packages, and makes the verdict the build's result.
 */
@SuppressWarnings("unchecked") // Jenkins' own two ways to the descriptor differ in their generics.
public final class KernelFarmPublisher extends Recorder implements SimpleBuildStep {
    static final String DEFAULT_RUNS = "out/runs/*";
    private static final String FAILURE = "FAILURE";
    private static final String UNSTABLE = "UNSTABLE";

    /** More runs in one step are a mistake in the pattern. */
    private static final int RUNS = 100;

    /** Clocks are compared over a connection, and a run's name has whole seconds. */
    private static final long SLACK_MILLIS = 5_000;

    private String runs;
    private String kernelFailure;
    private boolean withoutPackages;
    private boolean archiveConsoles;
    private boolean withoutJunit;
    private boolean allowEmpty;
    private boolean publish;

    /** With all settings at their defaults. */
    @DataBoundConstructor
    public KernelFarmPublisher() {}

    /** Folders of runs in the workspace, separated by commas; by default those below {@code out/runs} that the build began itself. */
    public String getRuns() {
        return runs == null ? DEFAULT_RUNS : runs;
    }

    @DataBoundSetter
    public void setRuns(String runs) {
        String stripped = runs.strip();
        this.runs = stripped.isEmpty() || stripped.equals(DEFAULT_RUNS) ? null : stripped;
    }

    /** What a kernel that fails makes of the build: {@code FAILURE}, which is the default, or {@code UNSTABLE}. */
    public String getKernelFailure() {
        return kernelFailure == null ? FAILURE : kernelFailure;
    }

    @DataBoundSetter
    public void setKernelFailure(String kernelFailure) {
        this.kernelFailure = UNSTABLE.equals(kernelFailure) ? UNSTABLE : null;
    }

    /** Whether packages are archived; they are by default. */
    public boolean isArchivePackages() {
        return !withoutPackages;
    }

    @DataBoundSetter
    public void setArchivePackages(boolean archivePackages) {
        this.withoutPackages = !archivePackages;
    }

    /** Whether consoles are archived as well; pages show them in any case. */
    public boolean isArchiveConsoles() {
        return archiveConsoles;
    }

    @DataBoundSetter
    public void setArchiveConsoles(boolean archiveConsoles) {
        this.archiveConsoles = archiveConsoles;
    }

    /** Whether cells become test results; they do by default, if the junit plugin is there. */
    public boolean isJunit() {
        return !withoutJunit;
    }

    @DataBoundSetter
    public void setJunit(boolean junit) {
        this.withoutJunit = !junit;
    }

    /** Whether it is all right that there is no run. */
    public boolean isAllowEmpty() {
        return allowEmpty;
    }

    @DataBoundSetter
    public void setAllowEmpty(boolean allowEmpty) {
        this.allowEmpty = allowEmpty;
    }

    /** Whether the packages go to the repositories that this Jenkins serves. */
    public boolean isPublish() {
        return publish;
    }

    @DataBoundSetter
    public void setPublish(boolean publish) {
        this.publish = publish;
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    /**
     * Collects the runs, and sets the build's result.
     *
     * @throws AbortException in one sentence, if there is nothing to collect or what there is cannot be taken
     */
    @Override
    public void perform(Run<?, ?> run, FilePath workspace, EnvVars env, Launcher launcher, TaskListener listener)
            throws InterruptedException, IOException {
        KeptLayout layout = KeptLayout.ofBuild(run.getRootDir().toPath());
        RunCollector collector = new RunCollector(layout, workspace::act, listener);
        List<Verdict> verdicts = new ArrayList<>();
        for (String folder : folders(run, workspace, env, listener)) {
            RunCollector.Collected collected;
            try {
                collected = collector.collect(folder);
            } catch (IOException e) {
                run.setResult(Result.NOT_BUILT);
                throw new AbortException("Kernel Farm could not collect " + folder + ": " + e.getMessage());
            }
            BootMatrixAction.add(run, collected.id());
            JobRuns.changed(run);
            archive(run, workspace, launcher, listener, folder, collected, layout);
            if (isJunit() && collected.matrix().isPresent() && JunitRecorder.isThere()) {
                JunitRecorder.record(collected.matrix().get(), run, launcher, listener);
            }
            if (publish && !collected.packages().isEmpty()) {
                new RunPublication(layout, collector, folder).publish(collected, run, listener);
                JobRuns.changed(run);
            }
            Verdict verdict = collected.run().verdict();
            verdicts.add(verdict);
            listener.getLogger()
                    .println("Kernel Farm: run " + collected.id() + ": "
                            + collected.matrix().map(Wording::headline).orElse(verdict.name()));
        }
        if (!verdicts.isEmpty()) {
            Optional<Result> result = result(Verdict.worst(verdicts), getKernelFailure());
            result.ifPresent(run::setResult);
            if (result.isPresent() && result.get() == Result.NOT_BUILT) {
                listener.getLogger()
                        .println(
                                "Kernel Farm: the farm itself failed, which says nothing about the kernel; the build counts as"
                                        + " not built");
            }
        }
    }

    /** What a verdict makes of a build; nothing if all is well. The farm's own faults are never a kernel's failure. */
    static Optional<Result> result(Verdict verdict, String kernelFailure) {
        return switch (verdict) {
            case FAIL -> Optional.of(kernelFailure.equals(UNSTABLE) ? Result.UNSTABLE : Result.FAILURE);
            case ERROR, MISS -> Optional.of(Result.NOT_BUILT);
            case PASS, SKIP -> Optional.empty();
        };
    }

    private List<String> folders(Run<?, ?> run, FilePath workspace, EnvVars env, TaskListener listener)
            throws IOException, InterruptedException {
        List<String> patterns = new ArrayList<>();
        for (String pattern : env.expand(getRuns()).split(",", -1)) {
            Optional<String> complaint = RunPatterns.complaint(pattern.strip());
            if (complaint.isPresent()) {
                throw new AbortException(complaint.get());
            }
            patterns.add(pattern.strip());
        }
        List<String> found = workspace.act(new AgentRuns(patterns));
        List<String> folders = new ArrayList<>();
        if (runs == null) {
            long begun = run.getStartTimeInMillis() + workspace.act(new AgentClock()) - System.currentTimeMillis();
            for (String folder : found) {
                String id = folder.substring(folder.lastIndexOf('/') + 1);
                if (KeptLayout.isRunId(id) && KeptLayout.began(id).toEpochMilli() >= begun - SLACK_MILLIS) {
                    folders.add(folder);
                }
            }
            if (folders.size() < found.size()) {
                listener.getLogger()
                        .println(
                                "Kernel Farm: " + (found.size() - folders.size()) + " of " + found.size()
                                        + " runs in the workspace are of earlier builds; name them in 'runs' to collect them as well");
            }
        } else {
            folders.addAll(found);
        }
        if (folders.size() > RUNS) {
            throw new AbortException("'" + getRuns() + "' finds " + folders.size()
                    + " runs, and one step takes at most " + RUNS + "; name fewer");
        }
        if (folders.isEmpty()) {
            String none = "there is no run of this build in '" + getRuns()
                    + "' of the workspace; run the farm before, or" + " say where it left its runs";
            if (!allowEmpty) {
                run.setResult(Result.NOT_BUILT);
                throw new AbortException("Kernel Farm: " + none);
            }
            listener.getLogger().println("Kernel Farm: " + none);
        }
        return folders;
    }

    private void archive(
            Run<?, ?> run,
            FilePath workspace,
            Launcher launcher,
            TaskListener listener,
            String folder,
            RunCollector.Collected collected,
            KeptLayout layout)
            throws IOException, InterruptedException {
        Map<String, String> packages = new HashMap<>();
        if (isArchivePackages()) {
            for (KeptPackage one : collected.packages()) {
                packages.put(KeptLayout.archived(collected.id(), one.name()), folder + "/packages/" + one.name());
            }
        }
        if (!packages.isEmpty()) {
            run.pickArtifactManager().archive(workspace, launcher, BuildListenerAdapter.wrap(listener), packages);
        }
        if (archiveConsoles) {
            Map<String, String> consoles = layout.consoles(collected.id());
            if (!consoles.isEmpty()) {
                run.pickArtifactManager()
                        .archive(
                                new FilePath(layout.run(collected.id()).toFile()),
                                launcher,
                                BuildListenerAdapter.wrap(listener),
                                consoles);
            }
        }
    }

    /** What Jenkins knows about the step. */
    @Extension
    @Symbol("kernelFarm")
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> {
        @Override
        public String getDisplayName() {
            return "Kernel Farm results";
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        /** Answers while somebody types. It reads nothing and changes nothing, so it needs no permission. */
        @POST
        public FormValidation doCheckRuns(@QueryParameter String value) {
            for (String pattern : value.split(",", -1)) {
                Optional<String> complaint = RunPatterns.complaint(pattern.strip());
                if (!value.isBlank() && complaint.isPresent()) {
                    return FormValidation.error(complaint.get());
                }
            }
            return FormValidation.ok();
        }

        /** The results that a kernel that fails may give. */
        @POST
        public ListBoxModel doFillKernelFailureItems() {
            ListBoxModel items = new ListBoxModel();
            items.add("the build fails", FAILURE);
            items.add("the build is unstable", UNSTABLE);
            return items;
        }
    }
}
