package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job with ten thousand builds of thirty cells. What it takes is written to {@code target/page-times.txt}, not judged. */
@Tag("jenkins")
class ScaleOnJenkinsTest {
    private static final int BUILDS = Integer.getInteger("scale.builds", 10_000);
    private static final int CELLS = 30;
    private static final int TIMES = 15;

    private static final DateTimeFormatter LOGGED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSZ", Locale.ROOT);

    private static final Path FIGURES = Path.of("target", "page-times.txt");

    @Test
    void pagesOfAJobWithManyBuilds() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare().start()) {
            Files.deleteIfExists(FIGURES);
            double empty = restartSeconds(jenkins);
            ManyBuilds.write(jenkins.home(), "many", BUILDS, CELLS);
            double full = restartSeconds(jenkins);
            note("restart, no builds: %.1f s; with %d builds of %d cells: %.1f s", empty, BUILDS, CELLS, full);

            assertThat(jenkins.admin()
                            .json("job/many/boot-matrix/api/json")
                            .get("count")
                            .asInt())
                    .isEqualTo(BUILDS);
            // A password is checked slowly, on purpose.
            JenkinsClient client = jenkins.admin().withToken();
            note(
                    "%-90s",
                    "load of the machine: "
                            + Files.readString(Path.of("/proc/loadavg")).strip());
            for (String page : List.of(
                    "api/json?tree=mode",
                    "job/many/",
                    "job/many/boot-matrix/index.html",
                    "job/many/boot-matrix/history.html",
                    "job/many/boot-matrix/compare.html",
                    "job/many/boot-matrix/archive/1.html",
                    "job/many/boot-matrix/badge.svg",
                    "job/many/" + BUILDS + "/",
                    "job/many/" + BUILDS + "/boot-matrix/index.html",
                    "job/many/boot-matrix/api/json?tree=runs[id,verdict,cells[id,verdict]]%7B0,100%7D")) {
                times(client, page);
            }
            assertThat(jenkins.complaints()).isEmpty();
            note(
                    "heap in use after a collection: %s MB",
                    jenkins.script("System.gc(); def r = Runtime.getRuntime();"
                            + " print((r.totalMemory() - r.freeMemory()).intdiv(1000000))"));
        }
    }

    /** From the start of its process until it says that it is up. */
    private static double restartSeconds(RealJenkins jenkins) throws Exception {
        jenkins.restart();
        String line = jenkins.log()
                .lines()
                .filter(one -> one.contains("Jenkins is fully up and running"))
                .reduce((first, second) -> second)
                .orElseThrow();
        Instant up = OffsetDateTime.parse(line.substring(0, line.indexOf('[')).strip(), LOGGED)
                .toInstant();
        long begun =
                Long.parseLong(jenkins.script("print java.lang.management.ManagementFactory.runtimeMXBean.startTime"));
        return (up.toEpochMilli() - begun) / 1000.0;
    }

    private static void times(JenkinsClient client, String page) throws Exception {
        double[] millis = new double[TIMES];
        String path =
                page.endsWith("index.html") && page.contains("/" + BUILDS + "/") ? redirected(client, page) : page;
        for (int i = 0; i < TIMES; i++) {
            long begun = System.nanoTime();
            client.get(path).expect(200);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        double first = millis[0];
        Arrays.sort(millis);
        note(
                "%-90s first %6.0f ms, median %5.0f ms, slowest %5.0f ms",
                page, first, millis[TIMES / 2], millis[TIMES - 1]);
    }

    private static String redirected(JenkinsClient client, String page) throws Exception {
        String to = client.get(page).expect(302).header("Location").orElseThrow();
        return to.substring(to.indexOf("job/"));
    }

    private static void note(String format, Object... values) throws IOException {
        Files.writeString(
                FIGURES,
                String.format(Locale.ROOT, format, values) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
