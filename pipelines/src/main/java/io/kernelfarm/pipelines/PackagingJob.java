package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.Relations;
import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The farm's side of {@link PackagingBench}, as a program of its own: Java's start belongs to what packaging costs. */
final class PackagingJob {
    private PackagingJob() {}

    /**
     * Packs a kernel, {@code kernel RUN CACHE SOURCE OBJECTS COMPRESSION LEVEL INTO}, or what is below a directory,
     * {@code tree deb|rpm|deb,rpm DIRECTORY COMPRESSION LEVEL INTO}.
     */
    public static void main(String... words) throws IOException {
        if (words[0].equals("kernel")) {
            kernel(
                    new RunLayout(Path.of(words[1])),
                    new CacheLayout(Path.of(words[2])),
                    Path.of(words[3]),
                    Path.of(words[4]),
                    new Spec.Packages(words[5], Integer.valueOf(words[6]), null, null),
                    Path.of(words[7]));
        } else {
            Compression compression = new Spec.Packages(words[3], Integer.valueOf(words[4]), null, null).settings();
            PackageSpec spec = tree(Path.of(words[2]));
            SideBySide.map(List.of(words[1].split(",", -1)), format -> {
                PackageWriter writer = format.equals("deb") ? new DebWriter(compression) : new RpmWriter(compression);
                return writer.writeInto(spec, Path.of(words[5]));
            });
        }
    }

    private static void kernel(
            RunLayout run, CacheLayout cache, Path sourceTree, Path objects, Spec.Packages packages, Path into)
            throws IOException {
        Build build = Build.read(run.build());
        Spec spec = Json.read(run.record(), RunRecord.class).spec();
        KernelSource source = new KernelSource(
                build.source(), build.sourceVersion(), RunProvenance.origin(build), sourceTree, build.timestamp());
        BuildLayout made = new BuildLayout(Files.createDirectories(into.resolve("build")));
        Steps steps = new Steps();
        new CompileStage(source, run.dotConfig(), spec, new HostBuilder(), cache, new Estimates(cache), steps)
                .collect(objects, made);
        Json.write(made.record(), build);
        PackageStage.run(made, packages, into.resolve("packages"), steps);
        steps.at(1, "");
    }

    /** Prints how long each step took, in seconds, and what it was. */
    private static final class Steps implements Progress {
        private String step = "";
        private long began;

        @Override
        public void note(String sentence) {
            System.err.println(sentence);
        }

        @Override
        public void at(double fraction, String detail) {
            if (detail.equals(step)) {
                return;
            }
            long now = System.nanoTime();
            if (!step.isEmpty()) {
                System.out.println((now - began) / 1e9 + " " + step);
            }
            step = detail;
            began = now;
        }
    }

    private static PackageSpec tree(Path directory) throws IOException {
        List<PackageEntry> entries = PackageEntry.below(directory, "", path -> true);
        return new PackageSpec(
                "repacked",
                "1",
                "1",
                Architecture.AMD64,
                new PackageInfo("Repacked", "Repacked.", "Nobody <nobody@localhost>", "GPL-2.0-only", "kernel", ""),
                Relations.NONE,
                Map.of(),
                Instant.EPOCH,
                entries);
    }
}
