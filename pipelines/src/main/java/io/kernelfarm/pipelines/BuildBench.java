package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a build by the farm costs beside plain make with the same words, and what it saves when it was built before. Both build at the same
 * time: the same work takes several hundredths more or less CPU time from one minute to the next, which then falls on both. Each begins with
 * an empty cache, but for the source; the same compiler cache, empty as well, stands before the compiler on either side.
 *
 * @param release of the kernel
 * @param processors of this machine
 * @param make plain make, of image and modules
 * @param clean the farm, from the source to the finished build: it configures, and collects modules and headers as well
 * @param stages CPU seconds of {@code clean}, by what they went into
 * @param again the farm, the same once more
 * @param changed the farm, with one option changed each time, and the object tree of the build before
 */
public record BuildBench(
        String release,
        int processors,
        Cost make,
        Cost clean,
        SortedMap<String, Double> stages,
        Cost again,
        SortedMap<String, Cost> changed) {

    /** The farm's CPU time in that of plain make. */
    public double overhead() {
        return clean.cpuSeconds() / make.cpuSeconds();
    }

    /** The CPU time of {@code cost} in that of a clean build. */
    public double share(Cost cost) {
        return cost.cpuSeconds() / clean.cpuSeconds();
    }

    /**
     * Measures on this host.
     *
     * @param options each {@code NAME=VALUE}, changed one after another
     * @throws FarmException wrong usage, if one of them does not stick; the farm's fault, if something else fails
     */
    public static BuildBench measure(Spec spec, List<String> options, FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            KernelSource source = SourceStage.run(spec.source(), places.cache(), progress);
            try (Scratch scratch = Scratch.in(places.cache())) {
                return new Bench(spec, source, scratch.folder(), progress).measure(options);
            }
        });
    }

    /** The measuring itself. */
    private static final class Bench {
        private final Spec spec;
        private final KernelSource source;
        private final Path scratch;
        private final CacheLayout cache;
        private final Progress progress;

        Bench(Spec spec, KernelSource source, Path scratch, Progress progress) {
            this.spec = spec;
            this.source = source;
            this.scratch = scratch;
            this.cache = new CacheLayout(scratch.resolve("cache"));
            this.progress = progress;
        }

        BuildBench measure(List<String> options) throws IOException {
            for (String option : options) { // Said now, not after many minutes.
                configure(with(option));
            }
            Path dotConfig = configure(spec);
            CacheLayout makes = new CacheLayout(scratch.resolve("make"));
            source.linkedAt(shelved(cache));
            KernelSource same = source.linkedAt(shelved(makes));
            read(same.tree());
            progress.note("the farm and plain make, at the same time");
            List<Cost> both =
                    SideBySide.map(List.of(true, false), farm -> farm ? farm(spec) : make(same, dotConfig, makes));
            FileTrees.delete(makes.root());
            RunLayout first = newest();
            SortedMap<String, Double> stages = new TreeMap<>(BuildJob.stages(first));
            progress.note("the same again");
            Cost again = farm(spec);
            SortedMap<String, Cost> changed = new TreeMap<>();
            for (String option : options) {
                if (!changed.isEmpty()) { // Each one starts from the same tree.
                    FileTrees.delete(
                            cache.build(Build.read(first.build()).inputs()).root());
                    farm(spec);
                }
                progress.note("with " + option);
                changed.put(option, farm(with(option)));
            }
            return new BuildBench(
                    Build.read(first.build()).release(),
                    Runtime.getRuntime().availableProcessors(),
                    both.get(1),
                    both.get(0),
                    stages,
                    again,
                    changed);
        }

        private Path configure(Spec wanted) throws IOException {
            RunLayout run = new RunLayout(scratch.resolve("asked/run"));
            ConfigureStage.run(
                    source,
                    wanted.arch(),
                    FarmRun.check(wanted),
                    wanted.options(),
                    new HostBuilder(),
                    new CacheLayout(scratch.resolve("asked")),
                    run,
                    progress);
            return run.dotConfig();
        }

        private Path shelved(CacheLayout empty) {
            return empty.sources().resolve(source.tree().getFileName());
        }

        /** Has the source in memory, so that whoever comes first need not fetch it. */
        private static void read(Path tree) throws IOException {
            Command.of("sh", "-c", "find \"$1\" -type f -exec cat {} + > /dev/null", "sh", tree.toString())
                    .output();
        }

        private Cost farm(Spec wanted) throws IOException {
            Path file = scratch.resolve("spec.json");
            Json.write(file, wanted);
            return Cost.measure(
                            OwnJava.program(BuildJob.class)
                                    .and(
                                            file.toString(),
                                            cache.root().toString(),
                                            out().root().toString()),
                            scratch)
                    .cost();
        }

        private Spec with(String option) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw FarmException.usage("option '" + option + "' is not of the form NAME=VALUE");
            }
            SortedMap<String, String> options = new TreeMap<>(spec.options());
            options.put(option.substring(0, equals), option.substring(equals + 1));
            return spec.with(options);
        }

        private OutLayout out() {
            return new OutLayout(scratch.resolve("out"));
        }

        private RunLayout newest() throws IOException {
            return new RunLayout(out().latest().toRealPath());
        }

        /** The same words, in another object tree. */
        private Cost make(KernelSource same, Path dotConfig, CacheLayout own) throws IOException {
            Path objects = Files.createDirectories(own.objects(same, spec.arch(), spec.profile()));
            CompileStage stage =
                    new CompileStage(same, dotConfig, spec, new HostBuilder(), own, new Estimates(own), progress);
            stage.putConfig(objects);
            Files.createDirectories(own.ccache());
            return Cost.measure(
                            HostBuilder.command(stage.make(
                                    objects,
                                    "-j" + Runtime.getRuntime().availableProcessors(),
                                    spec.arch().image(),
                                    "modules")),
                            scratch)
                    .cost();
        }
    }

    /** What to do better, in words; empty if all is as it is wanted. */
    public List<String> missed() {
        List<String> missed = new ArrayList<>();
        if (overhead() > 1.02) {
            missed.add("a clean build is to take at most 1.02 of plain make's CPU time");
        }
        if (again.wallSeconds() > 2) {
            missed.add("the same again is to be ready in 2 s");
        }
        if (changed.values().stream().anyMatch(cost -> share(cost) > 0.25)) {
            missed.add("a changed option is to take at most 0.25 of a clean build's CPU time");
        }
        return missed;
    }
}
