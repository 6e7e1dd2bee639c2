package io.jenkins.plugins.kernelfarm.collect;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.junit.JUnitResultArchiver;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.JunitXml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.model.Jenkins;

/** Makes test results of a matrix's cells, where the junit plugin is installed. Without that, this class is never used. */
final class JunitRecorder {

    private JunitRecorder() {}

    static boolean isThere() {
        return Jenkins.get().getPlugin("junit") != null;
    }

    /** The report is made here, from the matrix that was read; the agent's own is not taken. The verdict sets the build's result. */
    static void record(MatrixResult matrix, Run<?, ?> run, Launcher launcher, TaskListener listener)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("kernel-farm");
        try {
            JunitXml.write(matrix, folder.resolve(JunitXml.FILE_NAME));
            JUnitResultArchiver archiver = new JUnitResultArchiver(JunitXml.FILE_NAME);
            archiver.setSkipMarkingBuildUnstable(true);
            archiver.setSkipPublishingChecks(true);
            archiver.perform(run, new FilePath(folder.toFile()), launcher, listener);
        } finally {
            FileTrees.delete(folder);
        }
    }
}
