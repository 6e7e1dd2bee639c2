package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A build of the farm as a program of its own, for {@link BuildBench}: Java's start belongs to what a build costs. */
final class BuildJob {

    /** Java's start, and what comes before the first stage and after the last. */
    private static final String FARM = "the farm itself";

    /** Clock ticks in a second, of times in /proc (USER_HZ, proc(5)). */
    private static final double TICKS = 100;

    private BuildJob() {}

    /** Builds: {@code SPEC CACHE OUT}, the first a spec as JSON. */
    public static void main(String... words) throws IOException {
        FarmRun.Places places = new FarmRun.Places(
                new OutLayout(Path.of(words[2])), new CacheLayout(Path.of(words[1])), KeyPlace.standard());
        Meter meter = new Meter();
        try {
            RunRecord run = FarmRun.build(Json.read(Path.of(words[0]), Spec.class), places, meter);
            meter.spent(FARM);
            Json.write(stagesFile(places.out().run(run.id())), meter.stages);
        } catch (FarmException e) {
            System.err.println(e.getMessage());
            System.exit(e.blame().exitCode());
        }
    }

    /** The CPU seconds of {@code run}, by what they went into. */
    static Map<String, Double> stages(RunLayout run) throws IOException {
        return Json.read(stagesFile(run), Stages.class);
    }

    private static Path stagesFile(RunLayout run) {
        return run.root().resolve("cpu.json");
    }

    /** {@code cpu.json}. */
    private static final class Stages extends LinkedHashMap<String, Double> {
        private static final long serialVersionUID = 1L;
    }

    /** Reads off at the end of each stage what this process and its children have spent. */
    private static final class Meter implements RunListener {
        private final Stages stages = new Stages();
        private double read;

        @Override
        public void on(RunEvent event) {
            try {
                if (event instanceof RunEvent.StageStarted) {
                    spent(FARM);
                } else if (event instanceof RunEvent.StageFinished finished) {
                    Stage stage = finished.result().stage();
                    spent(stage == Stage.COMPILE ? CompileStage.COLLECTING : stage.id());
                } else if (event instanceof RunEvent.StageProgress progress
                        && progress.detail().equals(CompileStage.COLLECTING)) {
                    spent("make");
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void spent(String what) throws IOException {
            double now = cpuSeconds();
            stages.merge(what, now - read, Double::sum);
            read = now;
        }

        /** Of this process and all its children that have ended: user and system time of either (proc(5), fields 14 to 17). */
        private static double cpuSeconds() throws IOException {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            List<String> afterName =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return afterName.subList(11, 15).stream().mapToLong(Long::parseLong).sum() / TICKS;
        }
    }
}
