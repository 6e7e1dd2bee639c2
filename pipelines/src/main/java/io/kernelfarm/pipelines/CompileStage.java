package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.builder.Builder;
import io.kernelfarm.pipelines.builder.Task;
import io.kernelfarm.pipelines.builder.Toolchain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compiles out of tree, wherever its builder does that. A build is addressed by the hash of all its inputs and kept in the cache; the
 * object tree is kept as well, so that a changed option compiles only what hangs on it.
 */
final class CompileStage {

    /** What {@code date} prints: the kernel's scripts hand the time stamp back to {@code date -d}. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM d HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Said when make is at its end. */
    static final String COLLECTING = "installing modules, collecting headers";

    /** What ccache calls a result that it had, by either of its two ways of looking (ccache(1), "Statistics"). */
    private static final Set<String> CACHE_HITS = Set.of("direct_cache_hit", "preprocessed_cache_hit");

    private static final String CACHE_MISS = "cache_miss";

    /** The kernel's build has nothing to do with this: the machine ran out of memory. */
    private static final Pattern KILLED = Pattern.compile("Killed signal terminated program|virtual memory exhausted");

    private final KernelSource source;
    private final Path dotConfig;
    private final Spec spec;
    private final Builder builder;
    private final CacheLayout cache;
    private final CacheLayout workplace;
    private final Estimates estimates;
    private final Progress progress;
    private final String filesEstimate;

    /**
     * @param reused whether the build was in the cache
     */
    record Result(Build build, boolean reused) {}

    CompileStage(
            KernelSource source,
            Path dotConfig,
            Spec spec,
            Builder builder,
            CacheLayout cache,
            Estimates estimates,
            Progress progress) {
        this.source = source;
        this.dotConfig = dotConfig;
        this.spec = spec;
        this.builder = builder;
        this.cache = cache;
        this.workplace = builder.workplace(cache);
        this.estimates = estimates;
        this.progress = progress;
        this.filesEstimate = estimate(source, spec, workplace) + ".files";
    }

    /**
     * Puts the finished build into {@code into}.
     *
     * @throws FarmException the kernel's fault, naming file and line, if it does not compile
     */
    Result run(BuildLayout into) throws IOException {
        Toolchain toolchain = builder.toolchain(spec.arch());
        String inputs = Sha256.of(String.join(
                "\n",
                CacheLayout.BUILDS,
                source.identity(),
                spec.arch().id(),
                toolchain.compiler(),
                toolchain.linker(),
                String.join(" ", makeVariables()),
                Files.readString(dotConfig)));
        BuildLayout cached = cache.build(inputs);
        return FolderLock.holding(cached.root(), progress, () -> {
            boolean reused = isWhole(cached);
            if (!reused) {
                FileTrees.delete(cached.root());
                compile(inputs, toolchain, cached, into);
            }
            linkAll(cached.root(), into.root());
            return new Result(Build.read(into), reused);
        });
    }

    private boolean isWhole(BuildLayout build) throws IOException {
        if (!Files.isRegularFile(build.record())) {
            return false;
        }
        boolean whole = Files.isRegularFile(build.image())
                && Sha256.of(build.image()).equals(Build.read(build).imageSha256());
        if (!whole) {
            progress.note("the build in " + build.root() + " is damaged: compiling again");
        }
        return whole;
    }

    private void compile(String inputs, Toolchain toolchain, BuildLayout place, BuildLayout into) throws IOException {
        Path objects = workplace.objects(source, spec.arch(), spec.profile());
        FolderLock.holding(objects, progress, () -> {
            compile(inputs, toolchain, objects, place, into);
            return null;
        });
    }

    private void compile(String inputs, Toolchain toolchain, Path objects, BuildLayout place, BuildLayout into)
            throws IOException {
        long start = System.nanoTime();
        try (Scratch scratch = Scratch.in(cache)) {
            BuildLayout made =
                    new BuildLayout(Files.createDirectory(scratch.folder().resolve("build")));
            Path unfinished = CacheLayout.unfinished(objects);
            if (Files.exists(unfinished)) {
                progress.note("the last build here was broken off: starting with an empty object tree");
                FileTrees.delete(objects);
            }
            Files.createDirectories(objects);
            Files.createDirectories(workplace.ccache());
            Files.createDirectories(into.root());
            Files.writeString(unfinished, "A farm is compiling, or was stopped in the middle of it.\n");
            putConfig(objects);
            Path cached = scratch.folder().resolve("ccache.log");
            SortedMap<String, Integer> warnings;
            try {
                warnings = make(objects, into, cached, List.of(spec.arch().image(), "modules"));
            } catch (FarmException e) {
                if (e.blame() == FarmException.Blame.KERNEL) {
                    Files.delete(unfinished); // make ended by itself and left the tree in order.
                }
                throw e;
            }
            Files.delete(unfinished);

            String release = collect(objects, made);
            Files.move(into.log(), made.log());
            List<String> results = Files.exists(cached) ? Files.readAllLines(cached) : List.of();
            Build build = new Build(
                    inputs,
                    release,
                    spec.arch().id(),
                    source.identity(),
                    source.version(),
                    spec.profile(),
                    toolchain.compiler(),
                    toolchain.linker(),
                    builder.description(),
                    source.timestamp(),
                    Math.round((System.nanoTime() - start) / 1e8) / 10.0,
                    (int) results.stream().filter(CACHE_HITS::contains).count(),
                    Collections.frequency(results, CACHE_MISS),
                    warnings,
                    Sha256.of(made.image()));
            Json.write(made.record(), build);
            Scratch.deliver(made.root(), place.root());
        }
    }

    /**
     * Puts what packages are made of from the object tree of a finished build into {@code made}.
     *
     * @return the release
     */
    String collect(Path objects, BuildLayout made) throws IOException {
        progress.at(-1, COLLECTING);
        String release = Files.readString(objects.resolve("include/config/kernel.release"))
                .strip();
        SideBySide.map(List.of(true, false), isModules -> {
            if (isModules) {
                installModules(objects, made, release);
            } else if (spec.arch().toolPrefix().isEmpty()) {
                // Of a kernel for other machines, they would have programs for this one.
                collectHeaders(objects, made);
            }
            return isModules;
        });
        if (hasDebugInformation(objects.resolve(".config"))) {
            progress.at(-1, "collecting debug information");
            collectDebugInformation(objects, made.debug());
        }
        Files.copy(objects.resolve(spec.arch().imagePath()), made.image());
        Files.copy(objects.resolve("System.map"), made.systemMap());
        Files.copy(objects.resolve(".config"), made.config());
        return release;
    }

    private void collectHeaders(Path objects, BuildLayout made) throws IOException {
        List<Path> programs =
                ExternalModules.collect(source.tree(), objects, spec.arch().folder(), made.headers());
        // They run where modules are built, which is where this build runs: the toolchain's own strip, not the
        // target's.
        output(Task.of("strip", "--strip-unneeded")
                .and(programs.stream().map(Path::toString).toArray(String[]::new))
                .writing(made.headers()));
    }

    private void installModules(Path objects, BuildLayout made, String release) throws IOException {
        output(make(
                        objects,
                        "INSTALL_MOD_PATH=" + made.modulesRoot(),
                        "INSTALL_MOD_STRIP=1",
                        // The package's own scripts run depmod, where the module tree will live.
                        "DEPMOD=true",
                        "modules_install")
                .writing(made.root()));
        Files.createDirectories(made.modules(release));
        for (String link : List.of("build", "source")) {
            Files.deleteIfExists(made.modules(release).resolve(link)); // They point into this cache.
        }
    }

    private static boolean hasDebugInformation(Path config) throws IOException {
        try (Stream<String> lines = Files.lines(config)) {
            return lines.anyMatch("CONFIG_DEBUG_INFO=y"::equals);
        }
    }

    /**
     * The image and the modules as they were before stripping. Debian has them whole in its packages too: without their code
     * they would be little smaller, and taking it away is a process for each of them.
     */
    private static void collectDebugInformation(Path objects, Path into) throws IOException {
        Files.createDirectories(into);
        Files.copy(objects.resolve("vmlinux"), into.resolve("vmlinux"));
        for (String built : Files.readAllLines(objects.resolve("modules.order"))) {
            // Before 6.4 the list has the modules, since then the objects that they are linked from.
            String module = built.replaceFirst("\\.k?o$", ".ko");
            Path target = into.resolve("kernel").resolve(module);
            Files.createDirectories(target.getParent());
            Files.copy(objects.resolve(module), target);
        }
    }

    /** Replaces {@code .config} only if it is another one: its time stamp makes kbuild look at every option. */
    void putConfig(Path objects) throws IOException {
        Path current = objects.resolve(".config");
        if (!Files.exists(current) || Files.mismatch(current, dotConfig) >= 0) {
            Files.copy(dotConfig, current, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<String> makeVariables() {
        List<String> variables = new ArrayList<>(List.of(
                "ARCH=" + spec.arch().id(),
                "CC=ccache " + spec.arch().tool("gcc"),
                "LOCALVERSION=" + spec.localversion(),
                // The same inputs have to give the same image: no "now", no "here", no counter.
                "KBUILD_BUILD_TIMESTAMP=" + DATE.format(source.timestamp()),
                "KBUILD_BUILD_USER=farm",
                "KBUILD_BUILD_HOST=kernel-farm",
                "KBUILD_BUILD_VERSION=1",
                // Some of the programs beside the headers have debug information, which names folders; it is taken
                // away, but an
                // id made of it would stay. strip(1) cannot remove that without the read-only relocations.
                "HOSTLDFLAGS=-Wl,--build-id=none"));
        if (!spec.arch().toolPrefix().isEmpty()) {
            variables.add("CROSS_COMPILE=" + spec.arch().toolPrefix());
        }
        return variables;
    }

    /**
     * Messages name files from the root of the source, wherever that is: the kernel's own flag for it does not know the relative paths
     * that ccache makes. Debug information names the folders of both trees; where there is none, flags with their paths would be in the
     * way of a moved cache.
     */
    private List<String> placeVariables(Path objects) throws IOException {
        String flags = "-fmacro-prefix-map=" + objects.relativize(source.tree()) + "/=";
        if (hasDebugInformation(dotConfig)) {
            flags += " -fdebug-prefix-map=" + objects + "=/usr/src/objects -fdebug-prefix-map=" + source.tree()
                    + "=/usr/src/linux";
        }
        return List.of("KCFLAGS=" + flags, "KAFLAGS=" + flags);
    }

    /** A call of make for that object tree, with all that decides what comes out. */
    Task make(Path objects, String... words) throws IOException {
        return Task.of("make", "-C", source.tree().toString(), "O=" + objects)
                .and(makeVariables().toArray(String[]::new))
                .and(placeVariables(objects).toArray(String[]::new))
                .and(words)
                .with(Map.of(
                        "CCACHE_DIR",
                        workplace.ccache().toString(),
                        // Paths below this folder are made relative, so that a moved cache still hits.
                        "CCACHE_BASEDIR",
                        cache.root().toString()))
                .reading(source.tree())
                .writing(objects, workplace.ccache());
    }

    private void output(Task task) throws IOException {
        builder.run(task, line -> {}).orFail(task.words(), source.tree());
    }

    /**
     * @param cached where ccache puts down what became of each file
     * @return warnings by file
     */
    private SortedMap<String, Integer> make(Path objects, BuildLayout into, Path cached, List<String> targets)
            throws IOException {
        OptionalDouble expected = estimates.get(filesEstimate);
        AtomicInteger done = new AtomicInteger();
        Task task = make(objects, "-j" + Runtime.getRuntime().availableProcessors())
                .and(targets.toArray(String[]::new))
                .within(spec.compile().limit())
                .with(Map.of("CCACHE_STATSLOG", cached.toString()))
                .writing(cached.getParent());
        Command.Result result;
        SortedMap<String, Integer> warnings;
        try (BuildLog log = new BuildLog(into.liveLog(), source.tree())) {
            result = builder.run(task, line -> {
                log.add(line);
                if (line.startsWith("  ")) { // "  CC      init/main.o": one for each file made.
                    report(done.incrementAndGet(), expected);
                }
            });
            log.compressTo(into.log());
            warnings = log.warnings();
        }
        if (result.exit() != 0) {
            throw failure(result, objects, into.log());
        }
        estimates.put(filesEstimate, done.get());
        return warnings;
    }

    /**
     * The name under which it is remembered how long a build of that configuration took: one that begins with an empty object tree is
     * another than one that compiles what has changed.
     */
    static String estimate(KernelSource source, Spec spec, CacheLayout workplace) {
        boolean clean = !Files.isDirectory(workplace.objects(source, spec.arch(), spec.profile()));
        return "compile." + spec.arch().id() + "." + spec.profile()
                + (spec.options().isEmpty()
                        ? ""
                        : "-" + Sha256.of(spec.options().toString()).substring(0, 8))
                + (clean ? ".clean" : "");
    }

    private void report(int done, OptionalDouble expected) {
        if (expected.isPresent()) {
            double fraction = Math.min(done / expected.getAsDouble(), 0.99);
            progress.at(fraction, done + " of about " + (int) Math.max(expected.getAsDouble(), done) + " files");
        } else {
            progress.at(-1, done + " files");
        }
    }

    private FarmException failure(Command.Result result, Path objects, Path log) {
        String said = result.errors() + result.output();
        if (said.contains(Disk.FULL)) {
            return Disk.full(objects);
        }
        if (KILLED.matcher(said).find()) {
            return FarmException.farm("the machine ran out of memory while compiling; see " + log);
        }
        CompilerFault fault = CompilerFault.in(result.errors());
        return FarmException.kernel(
                "the kernel does not compile: " + named(fault.sentence()) + "; all that was said is in " + log,
                fault.lines().stream().map(this::named).toList());
    }

    /** With files named from the root of the source. */
    private String named(String line) {
        return line.replace(source.tree() + "/", "");
    }

    /** Fills {@code to} with {@code from}'s files: as hard links, or as copies if that is another file system. */
    static void linkAll(Path from, Path to) throws IOException {
        FileTrees.delete(to);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    link(path, target);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
