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
}
