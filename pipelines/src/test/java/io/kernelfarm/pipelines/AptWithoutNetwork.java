package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An apt configuration whose only archive is a port of this machine at which nobody listens. */
public final class AptWithoutNetwork {

    private AptWithoutNetwork() {}

    /** Writes it into {@code folder}; what is returned belongs into the environment (apt.conf(5)). */
    public static Map<String, String> in(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("state/lists/partial"));
        Files.createDirectories(folder.resolve("cache/archives/partial"));
        Path status = Files.writeString(folder.resolve("status"), "");
        // Port 9 is "discard", which no Debian machine serves unless asked to.
        Path sources = Files.writeString(
                folder.resolve("sources.list"), "deb [trusted=yes] http://127.0.0.1:9/debian stable main\n");
        Path configuration = Files.writeString(
                folder.resolve("apt.conf"),
                String.join(
                        "\n",
                        "Dir::State \"" + folder.resolve("state") + "\";",
                        "Dir::State::status \"" + status + "\";",
                        "Dir::Cache \"" + folder.resolve("cache") + "\";",
                        "Dir::Etc::sourcelist \"" + sources + "\";",
                        "Dir::Etc::sourceparts \"-\";",
                        "Acquire::Retries \"0\";",
                        "APT::Sandbox::User \"root\";",
                        ""));
        return Map.of("APT_CONFIG", configuration.toString());
    }
}
