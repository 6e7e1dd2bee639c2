package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A real client of either family, that asks the repository anew each time. */
interface Client {
    /** Names and versions of all packages; fails if the client complains of anything. */
    List<String> asks() throws IOException;

    /**
     * A client of the channel {@code testing}.
     *
     * @param repositories where {@link ClientConfiguration} wrote
     */
    static Client of(Family family, Path directory, Path repositories) throws IOException {
        Path configuration = repositories.resolve("kernel-farm-testing." + (family == Family.APT ? "sources" : "repo"));
        if (family == Family.APT) {
            AptClient apt = new AptClient(directory, configuration);
            return () -> {
                apt.must("update");
                return apt.known();
            };
        }
        return new DnfClient(directory, configuration)::known;
    }
}
