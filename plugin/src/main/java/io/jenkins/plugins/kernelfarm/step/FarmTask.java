package io.jenkins.plugins.kernelfarm.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.durabletask.BourneShellScript;
import org.jenkinsci.plugins.durabletask.Controller;
import org.jenkinsci.plugins.durabletask.DurableTask;

/** The program as a task that outlives the controller and the connection to the agent. */
final class FarmTask extends DurableTask {
    private final BourneShellScript script;

    FarmTask(List<String> command) {
        script = new BourneShellScript(script(command));
    }

    /**
     * A script that is nothing but the program. A first line of its own keeps Jenkins from echoing the command, and exec
     * makes the program the process that is asked to stop.
     */
    static String script(List<String> command) {
        return "#!/bin/sh\nexec "
                + command.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "))
                + "\n";
    }

    @Override
    public Controller launch(EnvVars env, FilePath workspace, Launcher launcher, TaskListener listener)
            throws IOException, InterruptedException {
        return script.launch(env, workspace, launcher, listener);
    }

    @Override
    public void captureOutput() {
        script.captureOutput();
    }

    @Override
    public void charset(Charset charset) {
        script.charset(charset);
    }

    @Override
    public void defaultCharset() {
        script.defaultCharset();
    }
}
