package io.jenkins.plugins.kernelfarm.collect;

import hudson.FilePath;
import java.io.IOException;

/** A workspace on an agent, which answers questions about its files, and may answer anything. */
@FunctionalInterface
interface Workspace {
    <T> T ask(FilePath.FileCallable<T> question) throws IOException, InterruptedException;
}
