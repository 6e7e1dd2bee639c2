package io.jenkins.plugins.kernelfarm.collect;

import hudson.remoting.VirtualChannel;
import java.io.File;
import jenkins.MasterToSlaveFileCallable;

/** What time it is on the agent, in milliseconds since 1970. */
final class AgentClock extends MasterToSlaveFileCallable<Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long invoke(File workspace, VirtualChannel channel) {
        return System.currentTimeMillis();
    }
}
