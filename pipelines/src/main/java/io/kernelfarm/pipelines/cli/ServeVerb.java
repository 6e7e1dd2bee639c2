package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.ReportStage;
import io.kernelfarm.pipelines.Spec;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.util.Map;
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
            System.out.println(options.json() ? Json.text(Map.of("url", url)) : "Dashboard: " + url + "/");
            System.out.flush();
            new CountDownLatch(1).await(); // Until Ctrl-C or TERM ends the process.
        }
        return 0;
    }
}
