package io.jenkins.plugins.kernelfarm.collect;

import java.io.Serializable;

/**
 * A file in a run's folder on the agent, as the agent says.
 *
 * @param path relative to the run's folder, with slashes
 * @param size in bytes
 * @param modified when it was written last, in milliseconds since 1970 by the agent's clock
 */
record AgentFile(String path, long size, long modified) implements Serializable {}
