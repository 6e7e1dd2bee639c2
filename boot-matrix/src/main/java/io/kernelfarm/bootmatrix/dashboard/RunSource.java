package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;

/**
 * A run that the dashboard can read when it has to.
 *
 * @param id the run's name
 * @param fingerprint another one whenever {@code reader} would come back with something else, and cheap to find out
 */
public record RunSource(String id, String fingerprint, Reader reader) {

    /** Reads all of the run. */
    public interface Reader {
        DashboardRun read() throws IOException;
    }

    /** The same, but keeps what it has read. */
    RunSource readOnce() {
        return new RunSource(id, fingerprint, new Reader() {
            private DashboardRun run;

            @Override
            public DashboardRun read() throws IOException {
                if (run == null) {
                    run = reader.read();
                }
                return run;
            }
        });
    }
}
