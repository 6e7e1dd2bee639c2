package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.ReportStage;
import io.kernelfarm.pipelines.Spec;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm serve}. */
@Command(
        name = "serve",
        description = "Serves the dashboard and the repositories over HTTP until it is stopped.",
        mixinStandardHelpOptions = true)
final class ServeVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + Spec.Repository.PORT,
            description = "where to listen; 0 takes a free port (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--address",
            paramLabel = "A",
            defaultValue = "127.0.0.1",
            description = "for whom: 127.0.0.1 for this machine alone (the default), 0.0.0.0 for all that reach it")
    private String address;

    @Override
    public Integer call() throws IOException, InterruptedException {
        FarmRun.Places places = options.places();
        ReportStage.dashboard(places);
        try (FileServer server = FileServer.start(places.out(), address, port)) {
            String url = server.url().toString();
            List<ReportStage.Channel> channels = ReportStage.channels(places);
            channels.stream()
                    .map(ReportStage.Channel::url)
                    .distinct()
                    .filter(told -> !told.equals(url))
                    .forEach(told -> options.notes()
                            .note("clients are told to come to " + told
                                    + "; for this server, publish with 'repository: {url: " + url + "}' in the spec"));
            if (options.json()) {
                System.out.println(Json.text(new Served(url, channels)));
            } else {
                System.out.println("Dashboard: " + url + "/");
                channels.forEach(channel -> show(channel, url));
            }
            System.out.flush();
            new CountDownLatch(1).await(); // Until Ctrl-C or TERM ends the process.
        }
        return 0;
    }

    private record Served(String url, List<ReportStage.Channel> channels) {}

    private static void show(ReportStage.Channel channel, String url) {
        String file = "kernel-farm-" + channel.name();
        System.out.println();
        System.out.println("Channel " + channel.name() + " (debs: " + channel.packages() + "):");
        System.out.println("    curl -fsS " + url + "/" + file + ".sources | sudo tee /etc/apt/sources.list.d/" + file
                + ".sources");
        System.out.println("    curl -fsS " + url + "/" + file + ".repo | sudo tee /etc/yum.repos.d/" + file + ".repo");
    }
}
