package hudson.model;

import java.io.File;

public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> implements Item {
    Job() {}

    public File getBuildDir() {
        throw new UnsupportedOperationException();
    }
}
