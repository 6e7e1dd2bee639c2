package io.jenkins.plugins.kernelfarm.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * One run of the step {@link FarmStep}: first the agent is prepared, in the background, because sending 25 MB would hold up every
 * Pipeline; then the durable task's own execution takes over. Both parts go on after a restart of the controller.
 */
final class FarmExecution extends StepExecution {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(FarmExecution.class.getName());

    private final FarmCall call;
    private final boolean returnStatus;
    private final boolean returnStdout;
    private final String encoding;
    private final String program;
    private final String verb;

    /** The durable task's execution. */
    private volatile StepExecution task;

    private volatile boolean launched;

    private transient volatile Future<?> preparing;
    private transient volatile Throwable stopped;

    FarmExecution(StepContext context, FarmStep step) {
        super(context);
        call = FarmCall.of(step);
        returnStatus = step.isReturnStatus();
        returnStdout = step.isReturnStdout();
        encoding = step.getEncoding();
        program = step.getProgram();
        verb = step.getVerb();
    }

    @Override
    public boolean start() {
        prepare();
        return false;
    }

    @Override
    public void onResume() {
        if (launched) {
            task.onResume();
        } else {
            prepare();
        }
    }

    private void prepare() {
        preparing = Computer.threadPoolForRemoting.submit(this::launch);
    }

    private void launch() {
        try {
            StepContext context = getContext();
            FilePath workspace = context.get(FilePath.class);
            Preparation preparation =
                    Preparation.of(call, context.get(Run.class), workspace, context.get(TaskListener.class));
            if (stopped != null) {
                Preparation.undo(call, workspace);
                return;
            }
            FarmStep step = new FarmStep(verb);
            step.setProgram(program);
            step.setEncoding(encoding);
            step.setReturnStdout(returnStdout);
            step.setReturnStatus(!returnStdout);
            task = step.durable(
                    new FarmContext(context, preparation, returnStatus || returnStdout),
                    call.command(preparation.launcher()));
            task.start();
            launched = true;
            var unused = context.saveState(); // The Pipeline itself logs what goes wrong there.
            if (stopped != null) {
                task.stop(stopped);
            }
        } catch (Exception e) {
            if (stopped == null) {
                getContext().onFailure(explained(e));
            }
            undo();
        }
    }

    /** A fault of the way to the agent is none of the job's. */
    private static Throwable explained(Exception e) {
        if (e instanceof AbortException || e instanceof InterruptedException || !(e instanceof IOException)) {
            return e;
        }
        FlowInterruptedException fault = new FlowInterruptedException(
                Result.NOT_BUILT,
                false,
                new FarmFault("The farm could not be started on the agent: " + e.getMessage()
                        + "; see that the agent stays connected and that its disk has room."));
        fault.initCause(e);
        return fault;
    }

    private void undo() {
        try {
            FilePath workspace = getContext().get(FilePath.class);
            if (workspace != null) {
                Preparation.undo(call, workspace);
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "secrets of a build may be left on an agent", e);
        }
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        stopped = cause;
        if (launched) {
            task.stop(cause);
        } else {
            Future<?> running = preparing;
            if (running != null) {
                running.cancel(true);
            }
            super.stop(cause);
        }
    }

    @Override
    public String getStatus() {
        return launched ? task.getStatus() : "putting the farm's program on the agent";
    }
}
