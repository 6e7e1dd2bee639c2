package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the plugin costs on a real Jenkins: the step {@code farm} beside a plain {@code sh} step that runs the same command on an agent, and
 * the pages over a job with many builds.
 *
 * @param jenkins its version
 * @param processors of this machine
 * @param steps of a short command and of a longer one
 * @param pages over one job with many builds
 */
public record JenkinsBench(String jenkins, int processors, List<Steps> steps, Pages pages) {

    private static final String JOB = "kernel-farm-bench";
    private static final Pattern TOOK = Pattern.compile("took (sh|farm) (\\d+)");

    /** Of one processor they take some five and some ten seconds. */
    private static final List<String> COMMANDS =
            List.of("planning --cells 60000 --over 500", "planning --cells 150000 --over 500");

    public JenkinsBench {
        steps = List.copyOf(steps);
    }

    /**
     * One command by both steps. Jenkins looks whether a step has ended at intervals that grow by a fifth each, so single times jump by
     * about as much.
     *
     * @param command that both ran
     * @param load how many processes wanted a processor in the minute before, as {@code uptime} counts them
     * @param sh seconds of each {@code sh} step
     * @param farm seconds of each {@code farm} step
     */
    public record Steps(String command, double load, List<Double> sh, List<Double> farm) {
        public Steps {
            sh = List.copyOf(sh);
            farm = List.copyOf(farm);
        }

        /** How much longer the step takes, one median over the other. */
        public double ratio() {
            return medianFarm() / medianSh();
        }

        public double medianSh() {
            return median(sh);
        }

        public double medianFarm() {
            return median(farm);
        }

        private static double median(List<Double> seconds) {
            List<Double> sorted = seconds.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }

    /**
     * The pages over one job.
     *
     * @param load how many processes wanted a processor in the minute before
     * @param times none if the job was to have no builds
     */
    public record Pages(ManyBuilds job, double load, List<PageTime> times) {
        public Pages {
            times = List.copyOf(times);
        }
    }

    /**
     * How much is measured.
     *
     * @param times how often each step runs each command
     * @param builds of the job whose pages are asked for; 0 leaves pages out
     * @param cells of each build
     * @param requests how often each page is asked for
     */
    public record Extent(int times, int builds, int cells, int requests) {}

    /**
     * Starts a Jenkins, and measures there.
     *
     * @param wish with a home of its own, which the job with many builds is written into
     * @throws FarmException the farm's fault, if a step fails or a page is not there
     */
    public static JenkinsBench measure(JenkinsFarm.Wish wish, Extent extent, Progress progress)
            throws IOException, InterruptedException {
        ManyBuilds job = new ManyBuilds("many", extent.builds(), extent.cells());
        if (extent.builds() > 0) {
            progress.note("writing a job with " + job.builds() + " builds of " + job.cells() + " cells");
            job.write(wish.home());
        }
        progress.note("starting Jenkins " + wish.distribution().version());
        try (JenkinsFarm farm = JenkinsFarm.start(wish)) {
            List<Steps> steps = new ArrayList<>();
            for (String command : COMMANDS) {
                steps.add(steps(farm.http(), command, extent.times(), progress));
            }
            return new JenkinsBench(
                    wish.distribution().version(),
                    Runtime.getRuntime().availableProcessors(),
                    steps,
                    pages(farm, job, extent.requests(), progress));
        }
    }

    private static Pages pages(JenkinsFarm farm, ManyBuilds job, int requests, Progress progress)
            throws IOException, InterruptedException {
        double load = load();
        if (job.builds() == 0) {
            return new Pages(job, load, List.of());
        }
        progress.note("asking for the pages, each " + requests + " times");
        return new Pages(job, load, PageTime.measure(farm.url(), farm.user(), farm.password(), job, requests));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static Steps steps(JenkinsHttp http, String arguments, int times, Progress progress)
            throws IOException, InterruptedException {
        http.post("createItem?name=" + JOB, "application/xml", """
                <flow-definition>
                  <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">
                    <sandbox>true</sandbox>
                    <script>
                    node('kernel-builder') {
                        // The first time brings the program to the agent.
                        farm verb: 'bench', args: '%1$s'
                        def program = sh(returnStdout: true, script: 'ls -d ../../caches/kernel-farm/*/farm').trim()
                        for (int i = 0; i &lt; %2$d; i++) {
                            long start = System.currentTimeMillis()
                            sh "#!/bin/sh\\nexec ${program} bench %1$s"
                            long middle = System.currentTimeMillis()
                            farm verb: 'bench', args: '%1$s'
                            long end = System.currentTimeMillis()
                            echo "took sh ${middle - start}"
                            echo "took farm ${end - middle}"
                        }
                    }
                    </script>
                  </definition>
                </flow-definition>
                """.formatted(arguments, times));
        try {
            progress.note("running 'farm bench " + arguments + "' on agent builder, " + times + " times by each step");
            double load = load();
            http.post("job/" + JOB + "/build", "application/x-www-form-urlencoded", "");
            String build = "job/" + JOB + "/1/";
            await(http, build);
            String console = http.get(build + "consoleText");
            if (!http.json(build + "api/json").path("result").asText().equals("SUCCESS")) {
                throw FarmException.farm("the steps that were to be measured failed: "
                        + console.strip().lines().reduce("", (before, line) -> line));
            }
            return new Steps("farm bench " + arguments, load, took(console, "sh"), took(console, "farm"));
        } finally {
            http.post("job/" + JOB + "/doDelete", "application/x-www-form-urlencoded", "");
        }
    }

    private static void await(JenkinsHttp http, String build) throws IOException, InterruptedException {
        while (true) {
            Thread.sleep(1000);
            if (http.json("job/" + JOB + "/api/json").path("lastBuild").isObject()
                    && !http.json(build + "api/json").path("building").asBoolean()) {
                return;
            }
        }
    }

    private static List<Double> took(String console, String step) {
        List<Double> seconds = new ArrayList<>();
        Matcher lines = TOOK.matcher(console);
        while (lines.find()) {
            if (lines.group(1).equals(step)) {
                seconds.add(Long.parseLong(lines.group(2)) / 1e3);
            }
        }
        return seconds;
    }
}
