package io.jenkins.plugins.kernelfarm.step;

import com.google.common.util.concurrent.ListenableFuture;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What the durable task of a {@link FarmStep} sees of the Pipeline: an environment with what was prepared, a log without secrets;
 * and what the Pipeline hears of the task: a result in place of an exit code. Saved with the Pipeline, so it holds over restarts.
 */
final class FarmContext extends StepContext {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(FarmContext.class.getName());

    /** What a durable task that returns its output says of an exit code other than 0. */
    private static final Pattern EXIT = Pattern.compile("script returned exit code (-?\\d+)");

    private final StepContext pipeline;
    private final Preparation preparation;
    private final boolean raw;

    private transient MaskedLog log;

    /** @param raw whether the Pipeline itself wants the exit code, or the output */
    FarmContext(StepContext pipeline, Preparation preparation, boolean raw) {
        this.pipeline = pipeline;
        this.preparation = preparation;
        this.raw = raw;
    }

    @Override
    public <T> T get(Class<T> key) throws IOException, InterruptedException {
        T value = pipeline.get(key);
        if (value instanceof EnvVars variables && !preparation.variables().isEmpty()) {
            EnvVars more = new EnvVars(variables);
            more.putAll(preparation.variables());
            return key.cast(more);
        }
        if (key == TaskListener.class && value != null && !preparation.mask().isEmpty()) {
            return key.cast(masked((TaskListener) value));
        }
        return value;
    }

    private synchronized TaskListener masked(TaskListener listener) {
        if (log == null) {
            log = new MaskedLog(listener, preparation.mask().secrets());
        }
        return log;
    }

    @Override
    public void onSuccess(Object outcome) {
        finish(() -> {
            if (raw || !(outcome instanceof Integer code)) {
                pipeline.onSuccess(outcome);
            } else {
                exited(code);
            }
        });
    }

    @Override
    public void onFailure(Throwable cause) {
        finish(() -> {
            Matcher exit = EXIT.matcher(cause instanceof AbortException ? cause.getMessage() : "");
            if (exit.matches()) {
                exited(Integer.parseInt(exit.group(1)));
            } else {
                pipeline.onFailure(cause);
            }
        });
    }

    private void exited(int code) throws IOException, InterruptedException {
        FarmExit exit = FarmExit.of(code);
        Result result = exit.result(preparation.call().kernelFailure());
        if (result == Result.SUCCESS) {
            pipeline.onSuccess(null);
        } else if (result == Result.UNSTABLE) {
            pipeline.get(TaskListener.class).getLogger().println(FarmExit.sentence(code));
            pipeline.get(FlowNode.class)
                    .addAction(new WarningAction(Result.UNSTABLE).withMessage(FarmExit.sentence(code)));
            pipeline.get(Run.class).setResult(Result.UNSTABLE);
            pipeline.onSuccess(null);
        } else if (result == Result.NOT_BUILT) {
            pipeline.onFailure(
                    new FlowInterruptedException(Result.NOT_BUILT, false, new FarmFault(FarmExit.sentence(code))));
        } else {
            pipeline.onFailure(new AbortException(FarmExit.sentence(code)));
        }
    }

    private interface Telling {
        void tell() throws IOException, InterruptedException;
    }

    /** Cleans up on the agent, which may take a while, and then tells the Pipeline, whatever becomes of the cleaning. */
    private void finish(Telling outcome) {
        if (preparation.mask().isEmpty()) {
            tell(outcome);
        } else {
            Computer.threadPoolForRemoting.execute(() -> {
                cleanUp();
                tell(outcome);
            });
        }
    }

    private void tell(Telling outcome) {
        try {
            outcome.tell();
        } catch (IOException | InterruptedException | RuntimeException e) {
            pipeline.onFailure(e);
        }
    }

    private void cleanUp() {
        try {
            synchronized (this) {
                if (log != null) {
                    log.end();
                }
            }
            FilePath workspace = pipeline.get(FilePath.class);
            if (workspace == null) {
                throw new IOException("the agent is not connected");
            }
            Preparation.undo(preparation.call(), workspace);
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "secrets of a build may be left on an agent", e);
        }
    }

    @Override
    public boolean isReady() {
        return pipeline.isReady();
    }

    @Override
    public ListenableFuture<Void> saveState() {
        return pipeline.saveState();
    }

    @Override
    public void setResult(Result result) {
        pipeline.setResult(result);
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        return pipeline.newBodyInvoker();
    }

    @Override
    public boolean hasBody() {
        return pipeline.hasBody();
    }

    @Override
    public boolean equals(Object other) {
        return pipeline.equals(other instanceof FarmContext farm ? farm.pipeline : other);
    }

    @Override
    public int hashCode() {
        return pipeline.hashCode();
    }
}
