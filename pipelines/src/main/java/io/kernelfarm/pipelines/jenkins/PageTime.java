package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long Jenkins takes for a page, from the request until the last byte is here.
 *
 * @param page its path, without a slash in front
 * @param first milliseconds, the first time
 * @param median milliseconds of all requests, one after another
 * @param slowest milliseconds
 */
public record PageTime(String page, double first, double median, double slowest) {

    /** Milliseconds that a page may take when Jenkins is warm. */
    public static final double LIMIT = 300;

    /** Whether it keeps within the limit once it is warm. */
    public boolean isFast() {
        return median < LIMIT;
    }

    /**
     * Asks for the pages over the runs of a job and of all jobs.
     *
     * @param user who asks, who may see all of it
     * @param job which is there
     * @param times how often each page is asked for, at least once
     * @throws FarmException the farm's fault, if one of them is not there
     */
    public static List<PageTime> measure(URI jenkins, String user, String password, ManyBuilds job, int times)
            throws IOException, InterruptedException {
        // A password is checked slowly, on purpose.
        JenkinsHttp http = new JenkinsHttp(jenkins, user, password).withToken();
        String path = "job/" + job.name() + "/";
        String newest = path + job.builds() + "/";
        List<PageTime> measured = new ArrayList<>();
        for (String page : List.of(
                // Beside the others: what Jenkins itself takes.
                "api/json?tree=mode",
                path,
                path + "boot-matrix/index.html",
                path + "boot-matrix/history.html",
                path + "boot-matrix/compare.html",
                path + "boot-matrix/badge.svg",
                path + "boot-matrix/api/json?tree=runs[id,verdict,cells[id,verdict]]%7B0,100%7D",
                newest,
                newest + "boot-matrix/runs/" + job.runId(job.builds()) + "/index.html",
                "kernel-farm/",
                "kernel-farm/api/json")) {
            measured.add(of(http, page, times));
        }
        return measured;
    }

    private static PageTime of(JenkinsHttp http, String page, int times) throws IOException, InterruptedException {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            http.get(page);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        double first = millis[0];
        Arrays.sort(millis);
        return new PageTime(page, first, millis[times / 2], millis[times - 1]);
    }
}
