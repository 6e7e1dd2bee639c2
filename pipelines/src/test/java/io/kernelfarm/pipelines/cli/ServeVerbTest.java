package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.Curl;
import io.kernelfarm.pipelines.FarmProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code farm serve} in a process of its own. */
class ServeVerbTest {

    private static final Pattern URL = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+)/");

    @TempDir
    private Path folder;

    @Test
    void servesTheDashboardUntilTerm() throws IOException, InterruptedException {
        FarmProcess farm = FarmProcess.start(folder, Map.of(), Farm.class, "serve", "--port", "0");
        String url = url(farm);
        assertThat(Curl.get(url + "/").body()).contains("No kernel has been farmed yet.");

        farm.handle().destroy();

        assertThat(farm.endsWithin(10)).isTrue();
        assertThat(farm.result().err()).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsWrongUsage() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0)) {
            FarmProcess.Result result =
                    FarmProcess.run(folder, Map.of(), "serve", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(result.exit()).isEqualTo(2);
            assertThat(result.err())
                    .startsWith("farm: nobody can listen on port " + taken.getLocalPort())
                    .hasLineCount(1);
        }
    }

    private String url(FarmProcess farm) throws IOException, InterruptedException {
        while (true) {
            Matcher matcher = URL.matcher(Files.readString(folder.resolve("stdout.txt")));
            if (matcher.find()) {
                return matcher.group(1);
            }
            assertThat(farm.handle().isAlive()).isTrue();
            Thread.sleep(50);
        }
    }
}
