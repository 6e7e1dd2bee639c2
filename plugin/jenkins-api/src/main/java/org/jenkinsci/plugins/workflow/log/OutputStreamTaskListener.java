package org.jenkinsci.plugins.workflow.log;

import hudson.model.TaskListener;
import java.io.OutputStream;
import java.io.PrintStream;

public interface OutputStreamTaskListener extends TaskListener {
    OutputStream getOutputStream();

    static OutputStream getOutputStream(TaskListener listener) {
        throw new UnsupportedOperationException();
    }

    abstract class Default implements OutputStreamTaskListener {
        @Override
        public synchronized PrintStream getLogger() {
            throw new UnsupportedOperationException();
        }
    }
}
