package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What packaging costs: a build's debs and rpms beside those of the kernel's own {@code bindeb-pkg} and {@code binrpm-pkg}, made
 * from the same object tree; and the contents of a distribution's kernel package, repacked beside {@code dpkg-deb} and
 * {@code rpmbuild}. Both sides take turns, at the same compressor and level; of each the fastest turn counts.
 *
 * @param release the kernel of the first comparison
 * @param processors of this machine
 */
public record PackagingBench(String release, int processors, int turns, List<Comparison> comparisons) {

    private static final Pattern COMPILED = Pattern.compile("(?m)^  (?:CC|AS|LD)(?: \\[M\\])? .*");

    /** Only one side makes these, and so they do not count where sizes are compared. */
    private static final Pattern WITHOUT_COUNTERPART =
            Pattern.compile("linux-libc-dev_.*|kernel-headers-.*|kernel-devel-.*");

    /**
     * One thing made in two ways.
     *
     * @param compression program and level
     * @param wanted how many times less wall time the farm is to take
     */
    public record Comparison(String what, String compression, double wanted, Way ours, Way theirs) {
        public double wallRatio() {
            return theirs.cost().wallSeconds() / ours.cost().wallSeconds();
        }

        public double cpuRatio() {
            return theirs.cost().cpuSeconds() / ours.cost().cpuSeconds();
        }

        public double sizeRatio() {
            return (double) ours.comparedBytes() / theirs.comparedBytes();
        }

        /** One sentence. */
        public String verdict() {
            boolean reached = wallRatio() >= wanted && (wanted <= 1 || cpuRatio() >= wanted) && sizeRatio() <= 1;
            return String.format(
                    Locale.ROOT,
                    "%s at %s: %.1f times less wall time, %.1f times less CPU time, %.1f %% of the size; wanted was %s: %s.",
                    what,
                    compression,
                    wallRatio(),
                    cpuRatio(),
                    sizeRatio() * 100,
                    wanted > 1
                            ? "%.0f times less of both and no larger".formatted(wanted)
                            : "no more wall time and no larger",
                    reached ? "reached" : "missed");
        }
    }

    /**
     * One way to make it.
     *
     * @param comparedBytes of those packages that the other side makes too
     * @param steps what the time went to, in order
     * @param packages size in bytes by file name
     */
    public record Way(String name, Cost cost, long comparedBytes, List<Step> steps, SortedMap<String, Long> packages) {}

    /** A part of the work. */
    public record Step(String name, double wallSeconds) {}

    /**
     * Measures with the build of {@code run}, whose object tree is still in the cache.
     *
     * @param turns of each side
     * @param alsoXz whether to repack at xz 6 as well, which takes minutes
     * @throws FarmException wrong usage, if there is no such build or object tree
     */
    public static PackagingBench measure(
            RunLayout run, FarmRun.Places places, int turns, boolean alsoXz, Progress progress) {
        return places.guard(() -> {
            try (Scratch scratch = Scratch.in(places.cache())) {
                Bench bench = new Bench(run, places.cache(), scratch.folder(), turns, progress);
                List<Comparison> comparisons = new ArrayList<>(List.of(bench.kernel()));
                comparisons.addAll(bench.repacked("zstd", 3));
                if (alsoXz) {
                    comparisons.addAll(bench.repacked("xz", 6));
                }
                return new PackagingBench(
                        bench.build.release(), Runtime.getRuntime().availableProcessors(), turns, comparisons);
            }
        });
    }

    /** The measuring itself. */
    private static final class Bench {
        private final RunLayout run;
        private final CacheLayout cache;
        private final Path scratch;
        private final int turns;
        private final Progress progress;
        private final Spec spec;
        private final Build build;

        Bench(RunLayout run, CacheLayout cache, Path scratch, int turns, Progress progress) throws IOException {
            this.run = run;
            this.cache = cache;
            this.scratch = scratch;
            this.turns = turns;
            this.progress = progress;
            this.spec = Json.read(run.record(), RunRecord.class).spec();
            this.build = Build.read(run.build());
        }

        Comparison kernel() throws IOException {
            String compression = "zstd";
            int level = 3;
            KernelSource source = SourceStage.run(spec.source(), cache, progress);
            Path objects = cache.objects(source, spec.arch(), spec.profile());
            if (!source.version().equals(build.sourceVersion()) || !Files.isDirectory(objects)) {
                throw FarmException.usage("the object tree of run " + run.id()
                        + " is no longer in the cache; './farm build' makes a run with one");
            }
            return FolderLock.holding(objects, progress, () -> {
                // Compilers wrote the tree's own path into it, so that at another place half of it would be made again.
                Path kept = scratch.resolve("kept");
                progress.note("copying the object tree, and letting make look over it");
                Command.of("cp", "--archive", "--reflink=auto", objects.toString(), kept.toString())
                        .output();
                try {
                    return kernel(source, objects, compression, level);
                } finally {
                    FileTrees.delete(objects);
                    Scratch.deliver(kept, objects);
                }
            });
        }

        private Comparison kernel(KernelSource source, Path objects, String compression, int level) throws IOException {
            CompileStage stage = new CompileStage(
                    source, run.dotConfig(), spec, new HostBuilder(), cache, new Estimates(cache), progress);
            stage.putConfig(objects);
            String jobs = "-j" + Runtime.getRuntime().availableProcessors();
            HostBuilder.command(stage.make(objects, jobs, "all")).output();

            List<Way> ours = new ArrayList<>();
            List<Way> theirs = new ArrayList<>();
            for (int turn = 1; turn <= turns; turn++) {
                progress.note("packages of " + build.release() + ", turn " + turn + " of " + turns);
                ours.add(kernelByTheFarm(source, objects, compression, level));
                theirs.add(kernelByItself(HostBuilder.command(stage.make(objects, jobs)), objects, compression, level));
            }
            return new Comparison(
                    "debs and rpms of " + build.release(),
                    compression + " " + level,
                    5,
                    fastest(ours),
                    fastest(theirs));
        }

        private Way kernelByTheFarm(KernelSource source, Path objects, String compression, int level)
                throws IOException {
            Path into = fresh("kernel/ours");
            Cost.Measured measured = Cost.measure(
                    job(
                            "kernel",
                            run.root().toString(),
                            cache.root().toString(),
                            source.tree().toString(),
                            objects.toString(),
                            compression,
                            Integer.toString(level),
                            into.toString()),
                    scratch);
            List<Step> steps = measured.output()
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .map(words -> new Step(words[1], Double.parseDouble(words[0])))
                    .toList();
            return way("the farm", measured.cost(), steps, into.resolve("packages"));
        }

        /** With stripped modules, as the farm has them, and without a check for what it needs to build. */
        private Way kernelByItself(Command make, Path objects, String compression, int level) throws IOException {
            Path home = fresh("kernel/theirs");
            Command either = make.and(
                            "INSTALL_MOD_STRIP=1",
                            // Its revision becomes KBUILD_BUILD_VERSION, and another one a new image.
                            "KDEB_PKGVERSION=" + build.release() + "-1",
                            "DPKG_FLAGS=-d",
                            "RPMOPTS=--nodeps --define '_topdir " + home + "' --define '_binary_payload w" + level + "."
                                    + rpmIo(compression) + "'")
                    .with("HOME", home.toString())
                    .with("KDEB_COMPRESS", compression)
                    .with("DPKG_DEB_COMPRESSOR_LEVEL", Integer.toString(level));
            Cost.Measured debs = Cost.measure(either.and("bindeb-pkg"), scratch);
            Cost.Measured rpms = Cost.measure(either.and("binrpm-pkg"), scratch);
            for (Cost.Measured measured : List.of(debs, rpms)) {
                var compiled = COMPILED.matcher(measured.output());
                if (compiled.find()) {
                    throw FarmException.farm("make compiled again where it was to package only, first: "
                            + compiled.group().strip());
                }
            }
            // dpkg-buildpackage leaves them above the tree.
            try (Stream<Path> beside = Files.list(objects.getParent())) {
                for (Path file : beside.filter(Files::isRegularFile).toList()) {
                    if (file.getFileName().toString().startsWith("linux-")) {
                        Files.move(file, home.resolve(file.getFileName()));
                    }
                }
            }
            return way(
                    "make bindeb-pkg binrpm-pkg",
                    debs.cost().then(rpms.cost()),
                    List.of(
                            new Step("bindeb-pkg", debs.cost().wallSeconds()),
                            new Step("binrpm-pkg", rpms.cost().wallSeconds())),
                    home);
        }

        List<Comparison> repacked(String compression, int level) throws IOException {
            Path kernel = new BootFiles(cache, progress).control().root();
            Path tree = scratch.resolve("repacked/tree");
            if (!Files.exists(tree)) {
                Files.createDirectories(tree.getParent());
                Command.of("cp", "--archive", "--reflink=auto", kernel.toString(), tree.toString())
                        .output();
            }
            List<Comparison> comparisons = new ArrayList<>();
            // The farm makes both families' packages in one go; the others have to be called one after the other.
            for (String format : List.of("deb", "rpm", "deb,rpm")) {
                List<Way> ours = new ArrayList<>();
                List<Way> theirs = new ArrayList<>();
                for (int turn = 1; turn <= turns; turn++) {
                    progress.note("a " + format.replace(",", " and a ") + " of " + kernel.getFileName() + " at "
                            + compression + " " + level + ", turn " + turn + " of " + turns);
                    ours.add(repackedByTheFarm(format, tree, compression, level));
                    theirs.add(
                            switch (format) {
                                case "deb" -> repackedByDpkg(tree, compression, level);
                                case "rpm" -> repackedByRpmbuild(tree, compression, level);
                                default ->
                                    both(
                                            repackedByDpkg(tree, compression, level),
                                            repackedByRpmbuild(tree, compression, level));
                            });
                }
                comparisons.add(new Comparison(
                        format.replace(",", " and ") + " of " + kernel.getFileName(),
                        compression + " " + level,
                        1,
                        fastest(ours),
                        fastest(theirs)));
            }
            return comparisons;
        }

        private static Way both(Way first, Way second) {
            SortedMap<String, Long> packages = new TreeMap<>(first.packages());
            packages.putAll(second.packages());
            return new Way(
                    first.name() + ", " + second.name(),
                    first.cost().then(second.cost()),
                    first.comparedBytes() + second.comparedBytes(),
                    List.of(
                            new Step(first.name(), first.cost().wallSeconds()),
                            new Step(second.name(), second.cost().wallSeconds())),
                    packages);
        }

        private Way repackedByTheFarm(String format, Path tree, String compression, int level) throws IOException {
            Path into = fresh("repacked/ours");
            Cost cost = Cost.measure(
                            job("tree", format, tree.toString(), compression, Integer.toString(level), into.toString()),
                            scratch)
                    .cost();
            return way("the farm", cost, List.of(), into);
        }

        /** The list of digests is what each deb has, and what dpkg-deb does not make. */
        private Way repackedByDpkg(Path tree, String compression, int level) throws IOException {
            Path into = fresh("repacked/theirs");
            Path debian = Files.createDirectory(tree.resolve("DEBIAN"));
            try {
                Files.writeString(debian.resolve("control"), """
                        Package: repacked
                        Version: 1-1
                        Architecture: amd64
                        Maintainer: Nobody <nobody@localhost>
                        Description: Repacked
                        """);
                Cost digests = Cost.measure(
                                Command.of(
                                                "sh",
                                                "-c",
                                                "find . -path ./DEBIAN -prune -o -type f -printf '%P\\0'"
                                                        + " | xargs -r0 md5sum > DEBIAN/md5sums")
                                        .in(tree),
                                scratch)
                        .cost();
                Cost deb = Cost.measure(
                                Command.of(
                                        "dpkg-deb",
                                        "--root-owner-group",
                                        "-Z" + compression,
                                        "-z" + level,
                                        "--build",
                                        tree.toString(),
                                        into.toString()),
                                scratch)
                        .cost();
                return way(
                        "md5sum and dpkg-deb",
                        digests.then(deb),
                        List.of(new Step("md5sum", digests.wallSeconds()), new Step("dpkg-deb", deb.wallSeconds())),
                        into);
            } finally {
                FileTrees.delete(debian);
            }
        }

        private Way repackedByRpmbuild(Path tree, String compression, int level) throws IOException {
            Path into = fresh("repacked/theirs");
            Path specFile = Files.writeString(into.resolve("repacked.spec"), """
                    Name: repacked
                    Version: 1
                    Release: 1
                    Summary: Repacked
                    License: GPL-2.0-only
                    AutoReqProv: no
                    %description
                    Repacked.
                    %files
                    %defattr(-,root,root)
                    /*
                    """);
            // Only packing: no stripping, no compressing of manuals, no look for debug information, no removal.
            Cost cost = Cost.measure(
                            Command.of(
                                    "rpmbuild",
                                    "-bb",
                                    "--noclean",
                                    "--nodeps",
                                    "--define=_topdir " + into,
                                    "--define=_binary_payload w" + level + "." + rpmIo(compression),
                                    "--define=__os_install_post %{nil}",
                                    "--define=debug_package %{nil}",
                                    "--define=_build_id_links none",
                                    "--buildroot=" + tree,
                                    specFile.toString()),
                            scratch)
                    .cost();
            return way("rpmbuild", cost, List.of(), into);
        }

        private static String rpmIo(String compression) {
            return compression.equals("zstd") ? "zstdio" : "xzdio";
        }

        private static Command job(String... words) {
            return OwnJava.program(PackagingJob.class).and(words);
        }

        private Path fresh(String name) throws IOException {
            Path folder = scratch.resolve(name);
            FileTrees.delete(folder);
            return Files.createDirectories(folder);
        }

        private static Way way(String name, Cost cost, List<Step> steps, Path packages) throws IOException {
            SortedMap<String, Long> sizes = new TreeMap<>();
            try (Stream<Path> all = Files.walk(packages)) {
                for (Path file : (Iterable<Path>) all::iterator) {
                    String fileName = file.getFileName().toString();
                    if (fileName.endsWith(".deb") || fileName.endsWith(".rpm")) {
                        sizes.put(fileName, Files.size(file));
                    }
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            long compared = sizes.entrySet().stream()
                    .filter(each -> !WITHOUT_COUNTERPART.matcher(each.getKey()).matches())
                    .mapToLong(each -> each.getValue())
                    .sum();
            return new Way(name, cost, compared, steps, sizes);
        }

        private static Way fastest(List<Way> ways) {
            return ways.stream()
                    .min(Comparator.comparing(Way::cost, Cost.FASTEST))
                    .orElseThrow();
        }
    }
}
