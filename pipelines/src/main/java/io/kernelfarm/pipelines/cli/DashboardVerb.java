package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.ReportStage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm dashboard}. */
@Command(
        name = "dashboard",
        description = "Writes the dashboard over all runs, and says where it is.",
        mixinStandardHelpOptions = true)
final class DashboardVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Override
    public Integer call() {
        Path page = ReportStage.dashboard(options.places());
        System.out.println(options.json() ? Json.text(Map.of("page", page.toString())) : page);
        return 0;
    }
}
