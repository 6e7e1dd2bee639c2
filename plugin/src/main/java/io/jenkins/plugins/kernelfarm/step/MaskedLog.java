package io.jenkins.plugins.kernelfarm.step;

import hudson.model.TaskListener;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.log.OutputStreamTaskListener;

/** The log of a Pipeline's step without secrets. It may go to an agent, which has them anyway. */
final class MaskedLog extends OutputStreamTaskListener.Default {
    private static final long serialVersionUID = 1;
    private final TaskListener log;
    private final ArrayList<byte[]> secrets;
    private transient SecretMask.Filter filter;

    MaskedLog(TaskListener log, List<byte[]> secrets) {
        this.log = log;
        this.secrets = new ArrayList<>(secrets);
    }

    @Override
    public synchronized OutputStream getOutputStream() {
        if (filter == null) {
            filter = new SecretMask.Filter(OutputStreamTaskListener.getOutputStream(log), secrets);
        }
        return filter;
    }

    /** Prints what was held back because it might have become a secret. */
    synchronized void end() throws IOException {
        if (filter != null) {
            filter.end();
        }
    }
}
