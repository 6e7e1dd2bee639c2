package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the step {@code farm} costs beside a plain {@code sh} step that runs the same command, on an agent of a real Jenkins.
 *
 * @param command that both ran
 * @param sh seconds of each {@code sh} step
 * @param farm seconds of each {@code farm} step
 */
public record JenkinsBench(String jenkins, String command, List<Double> sh, List<Double> farm) {

    private static final String JOB = "kernel-farm-bench";
    private static final Pattern TOOK = Pattern.compile("took (sh|farm) (\\d+)");

    public JenkinsBench {
        sh = List.copyOf(sh);
        farm = List.copyOf(farm);
    }

    /** How much longer the step takes, one median over the other. */
    public double ratio() {
        return median(farm) / median(sh);
    }

    static double median(List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double medianSh() {
        return median(sh);
    }

    public double medianFarm() {
        return median(farm);
    }

    /**
     * Measures on {@code farm}, each way {@code times} times, in turn.
     *
     * @throws FarmException the farm's fault, if a step fails
     */
    public static JenkinsBench measure(JenkinsFarm farm, String version, int times, Progress progress)
            throws IOException, InterruptedException {
        String arguments = "planning --cells 150000 --over 500";
        JenkinsHttp http = farm.http();
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
            http.post("job/" + JOB + "/build", "application/x-www-form-urlencoded", "");
            String build = "job/" + JOB + "/1/";
            await(http, build);
            String console = http.get(build + "consoleText");
            if (!http.json(build + "api/json").path("result").asText().equals("SUCCESS")) {
                throw FarmException.farm("the steps that were to be measured failed: "
                        + console.strip().lines().reduce("", (before, line) -> line));
            }
            return new JenkinsBench(
                    version, "farm bench " + arguments, took(console, "sh"::equals), took(console, "farm"::equals));
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

    private static List<Double> took(String console, Predicate<String> step) {
        List<Double> seconds = new ArrayList<>();
        Matcher lines = TOOK.matcher(console);
        while (lines.find()) {
            if (step.test(lines.group(1))) {
                seconds.add(Long.parseLong(lines.group(2)) / 1e3);
            }
        }
        return seconds;
    }
}
