package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.jenkins.ManyBuilds;
import io.kernelfarm.pipelines.jenkins.PageTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job with ten thousand builds of thirty cells. What it takes is written to {@code target/page-times.txt}, not judged. */
@Tag("jenkins")
class ScaleOnJenkinsTest {
    private static final ManyBuilds JOB = new ManyBuilds("many", Integer.getInteger("scale.builds", 10_000), 30);
    private static final int TIMES = 15;

    private static final DateTimeFormatter LOGGED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSZ", Locale.ROOT);

    private static final Path FIGURES = Path.of("target", "page-times.txt");

    @Test
    void pagesOfAJobWithManyBuilds() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare().start()) {
            Files.deleteIfExists(FIGURES);
            double empty = restartSeconds(jenkins);
            JOB.write(jenkins.home());
            double full = restartSeconds(jenkins);
            note(
                    "restart, no builds: %.1f s; with %d builds of %d cells: %.1f s",
                    empty, JOB.builds(), JOB.cells(), full);

            assertThat(jenkins.admin()
                            .json("job/many/boot-matrix/api/json")
                            .get("count")
                            .asInt())
                    .isEqualTo(JOB.builds());
            note(
                    "%-90s",
                    "load of the machine: "
                            + Files.readString(Path.of("/proc/loadavg")).strip());
            for (PageTime page :
                    PageTime.measure(URI.create(jenkins.url()), "admin", jenkins.password("admin"), JOB, TIMES)) {
                note(
                        "%-90s first %6.0f ms, median %5.0f ms, slowest %5.0f ms",
                        page.page(), page.first(), page.median(), page.slowest());
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

    private static void note(String format, Object... values) throws IOException {
        Files.writeString(
                FIGURES,
                String.format(Locale.ROOT, format, values) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
