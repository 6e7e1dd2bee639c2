package io.jenkins.plugins.kernelfarm.collect;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.kernelfarm.repository.ControllerRepository;
import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Has the farm publish a run on the controller: brings what that needs from the agent, for as long as it takes. */
final class RunPublication {
    private static final long GIB = 1L << 30;

    /** What the farm compares and describes when it publishes, beside the packages, and how large that may be. */
    private static final Map<String, Long> NEEDED = Map.of("build/config", GIB / 64);

    private static final long PACKAGE = 4 * GIB;

    private final KeptLayout layout;
    private final RunCollector collector;
    private final String folder;

    RunPublication(KeptLayout layout, RunCollector collector, String folder) {
        this.layout = layout;
        this.collector = collector;
        this.folder = folder;
    }

    void publish(RunCollector.Collected collected, Run<?, ?> build, TaskListener log)
            throws IOException, InterruptedException {
        String id = collected.id();
        ControllerRepository repository = ControllerRepository.get();
        Path desk = Files.createTempDirectory(repository.work(), "run").resolve(id);
        try {
            copy(layout.run(id), desk);
            for (Map.Entry<String, Long> file : NEEDED.entrySet()) {
                collector.copy(folder + "/" + file.getKey(), file.getValue(), desk.resolve(file.getKey()));
            }
            for (KeptPackage one : collected.packages()) {
                if (one.size() > PACKAGE) {
                    throw new IOException(
                            one.name() + " has " + one.size() + " bytes, and at most " + PACKAGE + " are published");
                }
                collector.copy(
                        folder + "/packages/" + one.name(),
                        one.size(),
                        desk.resolve("packages").resolve(one.name()));
            }
            repository.publish(desk, build, log);
            for (String made : List.of("publish", "provenance", "run.json")) {
                Path from = desk.resolve(made);
                if (Files.exists(from)) {
                    copy(from, layout.run(id).resolve(made));
                }
            }
        } finally {
            FileTrees.delete(desk.getParent());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path place = to.resolve(from.relativize(file).toString());
                Files.createDirectories(place.getParent());
                Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
