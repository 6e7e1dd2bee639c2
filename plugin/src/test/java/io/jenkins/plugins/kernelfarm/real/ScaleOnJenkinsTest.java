package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final List<String> figures = new ArrayList<>();

    @Test
    void pagesOfAJobWithManyBuilds() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare().start()) {
            double empty = restartSeconds(jenkins);
            ManyBuilds.write(jenkins.home(), "many", BUILDS, CELLS);
            double full = restartSeconds(jenkins);
            note("restart, no builds: %.1f s; with %d builds of %d cells: %.1f s", empty, BUILDS, CELLS, full);

            assertThat(jenkins.admin()
                            .json("job/many/kernel-farm/api/json")
                            .get("count")
                            .asInt())
                    .isEqualTo(BUILDS);
            for (String page : List.of(
                    "job/many/",
                    "job/many/kernel-farm/index.html",
                    "job/many/kernel-farm/history.html",
                    "job/many/kernel-farm/compare.html",
                    "job/many/kernel-farm/archive/1.html",
                    "job/many/kernel-farm/badge.svg",
                    "job/many/" + BUILDS + "/",
                    "job/many/" + BUILDS + "/kernel-farm/index.html",
                    "job/many/kernel-farm/api/json?tree=runs[id,verdict,cells[id,verdict]]%7B0,100%7D")) {
                times(jenkins, page);
            }
            assertThat(jenkins.complaints()).isEmpty();
            note(
                    "heap in use after a collection: %s MB",
                    jenkins.script("System.gc(); def r = Runtime.getRuntime();"
                            + " print((r.totalMemory() - r.freeMemory()).intdiv(1000000))"));
        } finally {
            Files.write(Path.of("target", "page-times.txt"), figures);
        }
    }

    private static double restartSeconds(RealJenkins jenkins) throws Exception {
        jenkins.restart();
        String line = jenkins.log()
                .lines()
                .filter(one -> one.contains("Jenkins is fully up and running"))
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(line).isNotEmpty();
        return Double.parseDouble(
                jenkins.script(
                        "print((java.lang.management.ManagementFactory.runtimeMXBean.uptime - 0) / 1000.0"
                                + " - (System.currentTimeMillis() - hudson.model.Computer.currentComputer().connectTime) / 1000.0)"));
    }

    private void times(RealJenkins jenkins, String page) throws Exception {
        double[] millis = new double[TIMES];
        String path =
                page.endsWith("index.html") && page.contains("/" + BUILDS + "/") ? redirected(jenkins, page) : page;
        for (int i = 0; i < TIMES; i++) {
            long begun = System.nanoTime();
            jenkins.admin().get(path).expect(200);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        double first = millis[0];
        Arrays.sort(millis);
        note(
                "%-90s first %6.0f ms, median %5.0f ms, slowest %5.0f ms",
                page, first, millis[TIMES / 2], millis[TIMES - 1]);
    }

    private static String redirected(RealJenkins jenkins, String page) throws Exception {
        String to = jenkins.admin().get(page).expect(302).header("Location").orElseThrow();
        return to.substring(to.indexOf("job/"));
    }

    private void note(String format, Object... values) {
        figures.add(String.format(Locale.ROOT, format, values));
    }
}
