package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.Curl;
import io.kernelfarm.pipelines.FarmProcess;
import io.kernelfarm.pipelines.SampleRun;
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
    void saysHowClientsComeToEachChannelAndWhereTheyAreSentElsewhere() throws IOException, InterruptedException {
        SampleRun.published(SampleRun.places(folder), "20260102T030405Z-abcdef", "6.1.192-farm1", 1, "");
        FarmProcess farm = FarmProcess.start(folder, Map.of(), Farm.class, "serve", "--port", "0");
        String url = url(farm);

        assertThat(Curl.get(url + "/kernel-farm-testing.repo").body()).startsWith("[kernel-farm-testing]\n");
        farm.handle().destroy();

        assertThat(farm.result().out())
                .contains("Channel testing (debs: 1):\n    curl -fsS " + url + "/kernel-farm-testing.sources |");
        assertThat(farm.result().err())
                .isEqualTo("farm: clients are told to come to http://127.0.0.1:8600; for this server, publish with"
                        + " 'repository: {url: " + url + "}' in the spec\n");
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
