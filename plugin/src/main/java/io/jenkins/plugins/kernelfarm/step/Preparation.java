package io.jenkins.plugins.kernelfarm.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.kernelfarm.program.FarmProgram;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** What is done on an agent before the program starts there, and undone afterwards. Kept with a running Pipeline. */
final class Preparation implements Serializable {
    private static final long serialVersionUID = 1;

    private final FarmCall call;
    private final String launcher;
    private final TreeMap<String, String> variables;
    private final SecretMask mask;

    private Preparation(FarmCall call, String launcher, Map<String, String> variables, SecretMask mask) {
        this.call = call;
        this.launcher = launcher;
        this.variables = new TreeMap<>(variables);
        this.mask = mask;
    }

    /**
     * Puts the program and the secrets on the agent of a workspace. Talks to the agent, so it takes its time.
     *
     * @throws AbortException if the job or the agent is not as it has to be; one sentence
     * @throws IOException if the connection or a disk fails
     */
    static Preparation of(FarmCall call, Run<?, ?> run, FilePath workspace, TaskListener log)
            throws IOException, InterruptedException {
        Secrets secrets = Secrets.of(call, run);
        String launcher = call.program();
        Map<String, String> variables = new TreeMap<>();
        if (launcher.isEmpty()) {
            FarmProgram.Installation installation = FarmProgram.shipped().installOn(agentRoot(workspace), log);
            launcher = installation.launcher();
            if (!installation.java().isEmpty()) {
                variables.put("KERNEL_FARM_JAVA", installation.java());
            }
        }
        if (!secrets.files().isEmpty()) {
            SecretFolder folder = SecretFolder.of(call, workspace);
            folder.write(secrets.files());
            variables.putAll(folder.variables(secrets.files().keySet()));
        }
        return new Preparation(call, launcher, variables, secrets.mask());
    }

    /** Removes the secrets. Does nothing if there are none. */
    static void undo(FarmCall call, FilePath workspace) throws IOException, InterruptedException {
        if (!call.signingKey().isEmpty() || !call.secrets().isEmpty()) {
            SecretFolder.of(call, workspace).remove();
        }
    }

    private static FilePath agentRoot(FilePath workspace) throws AbortException {
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        if (root == null) {
            throw new AbortException("The agent of the workspace " + workspace.getRemote()
                    + " is gone; run the build again when it is back.");
        }
        return root;
    }

    FarmCall call() {
        return call;
    }

    /** Path or name of the program on the agent. */
    String launcher() {
        return launcher;
    }

    /** What the program's environment has besides the build's. */
    Map<String, String> variables() {
        return variables;
    }

    SecretMask mask() {
        return mask;
    }
}
