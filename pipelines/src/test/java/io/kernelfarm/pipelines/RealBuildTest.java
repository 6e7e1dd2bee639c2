package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stages with a real kernel: the project's own spec, built once in the user's own cache and shared by all tests that
 * need a kernel.
 */
@Tag("real")
class RealBuildTest {

    private static final CacheLayout CACHE = CacheLayout.standard();

    private static final Progress SILENT = new SilentProgress();

    @TempDir
    private Path folder;

    @Test
    void whatIsPublishedIsWhatWasBuiltAndTheSecondTimeNothingIsCompiled() throws IOException {
        List<RunEvent> events = new ArrayList<>();
        RunRecord first = FarmRun.build(spec(), places(), events::add);
        RunLayout built = places().out().run(first.id());
        Build build = Build.read(built.build());

        RunRecord run = FarmRun.publish(
                places().out().find(FarmRun.pack(built, places(), events::add).id()), places(), events::add);

        assertThat(run.verdict()).isEqualTo(Verdict.PASS);
        assertThat(run.stages())
                .extracting(RunRecord.StageRecord::stage)
                .containsExactly(Stage.SOURCE, Stage.CONFIGURE, Stage.COMPILE, Stage.PACKAGE, Stage.PUBLISH);
        assertThat(build.release()).isEqualTo(version(build) + "-farm1");
        assertThat(build.source()).isEqualTo("debian:linux-source-6.1=" + build.sourceVersion());
        assertThat(Files.readString(built.build().config())).contains("CONFIG_XEN_PVHVM_GUEST=y\n");
        assertThat(Sha256.of(built.build().image())).isEqualTo(build.imageSha256());
        assertThat(imageIn(
                        find(places().out().aptRepository(), "/linux-image-" + build.release() + "_"),
                        KernelPackages.debImage(build.release())))
                .isEqualTo(build.imageSha256());
        assertThat(imageIn(
                        find(places().out().dnfRepository(), "/kernel-core-"),
                        KernelPackages.rpmImage(build.release())))
                .isEqualTo(build.imageSha256());

        events.clear();
        RunRecord second = FarmRun.build(spec(), places(), events::add);
        assertThat(second.stages().get(2).summary()).contains("reused");
        assertThat(Build.read(places().out().run(second.id()).build())).isEqualTo(build);
        assertThat(places().out().run(second.id()).build().log()).isNotEmptyFile();
        assertThat(events)
                .noneMatch(
                        event -> event instanceof RunEvent.StageProgress progress && progress.stage() == Stage.COMPILE);
    }

    @Test
    void modulesFromElsewhereAreBuiltWithTheHeadersOfEitherFamily() throws IOException {
        RunLayout run =
                places().out().run(FarmRun.build(spec(), places(), event -> {}).id());
        Build build = Build.read(run.build());
        Path packages = folder.resolve("packages");
        List<String> names = PackageStage.run(run.build(), new Spec.Packages("gzip", 1, null, null), packages, SILENT);
        assertThat(names)
                .extracting(name -> name.replaceFirst("[-_]6\\.1.*", ""))
                .containsExactly(
                        "linux-image", "linux-headers", "kernel", "kernel-core", "kernel-modules", "kernel-devel");
        Path debRoot = folder.resolve("deb");
        Command.of("dpkg-deb", "-x", find(packages, "linux-headers-" + build.release() + "_", ".deb"))
                .and(debRoot.toString())
                .output();
        Path rpmRoot = folder.resolve("rpm");
        Command.of("rpm", "--root", rpmRoot.toString(), "--dbpath", "/var/lib/rpm", "--nodeps", "--force-debian")
                .and("-i", find(packages, "kernel-devel-", ".rpm"))
                .output();

        for (Path root : List.of(debRoot, rpmRoot)) {
            Path link = root.resolve("lib/modules/" + build.release() + "/build");
            Path headers = root.resolve(Path.of("/").relativize(Files.readSymbolicLink(link)));
            assertThat(Command.of("grep", "--recursive", "--fixed-strings", "--files-with-matches")
                            .and(CACHE.root().toString(), headers.toString())
                            .run()
                            .output())
                    .as("files that lead back to the trees they were taken from")
                    .isEmpty();

            // A symbol that the image exports and a header that another subsystem has.
            Path module = externalModule("good", "return xenbus_read_unsigned(\"a\", \"b\", 0);");
            make(headers, module).output();
            assertThat(Command.of("modinfo", "--field", "vermagic")
                            .and(module.resolve("good.ko").toString())
                            .output())
                    .startsWith(build.release() + " SMP ");
            FileTrees.delete(module);
            // Only Module.symvers can tell that the kernel has no such symbol.
            Path bad = externalModule("bad", "extern int no_such_symbol(void); return no_such_symbol();");
            assertThat(make(headers, bad).run().errors()).contains("modpost: \"no_such_symbol\"", "undefined!");
            FileTrees.delete(bad);
        }

        Command lintian = Command.of("lintian", "--allow-root", "--fail-on", "error,warning");
        Command rpmlint = Command.of("rpmlint", "--config")
                .and(Project.file("artifacts/src/test/resources/io/kernelfarm/artifacts/kernel/rpmlint.toml")
                        .toString());
        for (String name : names) {
            String file = packages.resolve(name).toString();
            lintian = name.endsWith(".deb") ? lintian.and(file) : lintian;
            rpmlint = name.endsWith(".rpm") ? rpmlint.and(file) : rpmlint;
        }
        assertThat(lintian.output()).doesNotContain("E: ", "W: ");
        assertThat(rpmlint.output()).contains(" 0 errors");
    }

    private Path externalModule(String name, String statement) throws IOException {
        Path module = Files.createDirectory(folder.resolve(name));
        Files.writeString(module.resolve("Makefile"), "obj-m := " + name + ".o\n");
        Files.writeString(module.resolve(name + ".c"), """
                #include <linux/module.h>
                #include <xen/xenbus.h>
                static int __init start(void) { %s }
                module_init(start);
                MODULE_LICENSE("GPL");
                """.formatted(statement));
        return module;
    }

    private static Command make(Path headers, Path module) {
        return Command.of("make", "-C", headers.toString(), "M=" + module, "modules")
                .withOwnEnvironment();
    }

    @Test
    void withoutANetworkTheCachedSourceAndBuildStillServe() throws IOException, InterruptedException {
        FarmRun.build(spec(), places(), event -> {});
        Files.copy(Project.file("kernel.yaml"), folder.resolve("kernel.yaml"));

        FarmProcess.Result result = FarmProcess.run(
                folder,
                AptWithoutNetwork.in(folder.resolve("apt")),
                "build",
                "--builder",
                "host",
                "--cache",
                CACHE.root().toString());

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("the archive cannot be reached: going on with linux-source-6.1", "reused");
    }

    @Test
    void aWantedOptionThatDoesNotStickIsNamedWithItsReason() {
        Spec impossible = with(Map.of("XEN_PVHVM_GUEST", "y", "XEN", "n"));

        FarmException refused =
                catchThrowableOfType(FarmException.class, () -> FarmRun.build(impossible, places(), event -> {}));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused.getMessage()).contains("did not stick: ", "CONFIG_XEN_PVHVM_GUEST was wanted as y and is n");
        assertThat(places().out().find("latest").build().root()).doesNotExist();
    }

    @Test
    void theSameWishesAreNotResolvedTwice() throws IOException {
        KernelSource source = source();
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        Path kconfig = cache.kconfig(source, spec().arch());
        RunLayout first = places().out().run("first");
        configure(source, Map.of(), cache, first);
        FileTrees.delete(kconfig);

        RunLayout second = places().out().run("second");
        configure(source, Map.of(), cache, second);

        assertThat(kconfig).doesNotExist();
        assertThat(second.dotConfig()).hasSameTextualContentAs(first.dotConfig());
        assertThat(ConfigureStage.origins(second)).isEqualTo(ConfigureStage.origins(first));

        RunLayout other = places().out().run("other");
        configure(source, Map.of("XEN_PVH", "n"), cache, other);
        assertThat(other.dotConfig()).content().isNotEqualTo(Files.readString(first.dotConfig()));
    }

    private static void configure(KernelSource source, Map<String, String> options, CacheLayout cache, RunLayout run)
            throws IOException {
        ConfigureStage.run(
                source, spec().arch(), FarmRun.check(spec()), options, new HostBuilder(), cache, run, SILENT);
    }

    @Test
    void aKernelThatDoesNotCompileIsTheKernelsFaultWithFileAndLine() throws IOException {
        KernelSource source = source();
        // Links to the real tree: the broken file is the only new one.
        Path broken = folder.resolve("cache/sources/broken");
        Files.createDirectories(broken.getParent());
        Command.of("cp", "--archive", "--symbolic-link", source.tree().toString(), broken.toString())
                .output();
        Path file = broken.resolve("scripts/kallsyms.c");
        Files.delete(file);
        Files.writeString(file, "int no_semicolon\n#error \"broken on purpose\"\n");
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        SharedCache.link(CACHE.ccache(), cache.ccache());
        RunLayout run = places().out().run("broken");
        KernelSource brokenSource =
                new KernelSource("test:broken", "6.1-1", source.origin(), broken, source.timestamp());
        configure(brokenSource, Map.of(), cache, run);

        FarmException failed = catchThrowableOfType(FarmException.class, () -> new CompileStage(
                        brokenSource, run.dotConfig(), spec(), new HostBuilder(), cache, new Estimates(cache), SILENT)
                .run(run.build()));

        FileTrees.delete(broken); // JUnit would warn of each link.
        assertThat(failed.blame()).isEqualTo(FarmException.Blame.KERNEL);
        assertThat(failed.getMessage())
                .contains("scripts/kallsyms.c:2: #error \"broken on purpose\"")
                .endsWith("; all that was said is in " + run.build().log());
        assertThat(failed.lines()).hasSizeLessThanOrEqualTo(10).anyMatch(line -> line.contains("2 | #error"));
        assertThat(run.build().log()).isNotEmptyFile();
        assertThat(run.build().record()).doesNotExist();
    }

    @Test
    void termInTheMiddleOfCompilingLeavesNoProcessAndNoHalfBuild() throws IOException, InterruptedException {
        source();
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        SharedCache.link(CACHE.sources(), cache.sources());
        Files.copy(Project.file("kernel.yaml"), folder.resolve("kernel.yaml"));
        FarmProcess farm = FarmProcess.start(
                folder,
                new HashMap<>(),
                io.kernelfarm.pipelines.cli.Farm.class,
                "build",
                "--builder",
                "host",
                "--cache",
                "cache");
        while (farm.offspring().stream().noneMatch(process -> process.contains("cc1"))) {
            assertThat(farm.handle().isAlive()).isTrue();
            Thread.sleep(100);
        }

        farm.handle().destroy();

        assertThat(farm.endsWithin(10)).isTrue();
        assertThat(farm.offspring()).isEmpty();
        RunRecord record = Json.read(places().out().find("latest").record(), RunRecord.class);
        assertThat(record.state()).isEqualTo(RunRecord.State.INTERRUPTED);
        assertThat(cache.temporary()).isEmptyDirectory();
        assertThat(farm.result().err()).isEmpty();
    }

    private KernelSource source() throws IOException {
        return SourceStage.run(spec().source(), CACHE, SILENT);
    }

    private static Spec spec() {
        return SpecReader.read(Project.file("kernel.yaml"));
    }

    private static Spec with(Map<String, String> options) {
        return spec().with(new java.util.TreeMap<>(options));
    }

    private FarmRun.Places places() {
        return new FarmRun.Places(new OutLayout(folder.resolve("out")), CACHE, TestKeyFile.place());
    }

    private static String version(Build build) {
        return build.sourceVersion().substring(0, build.sourceVersion().indexOf('-'));
    }

    private static Path find(Path root, String part) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(path -> path.toString().contains(part))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String find(Path root, String prefix, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix)
                            && path.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private String imageIn(Path file, InstallPath image) throws IOException {
        Path unpacked = folder.resolve("unpacked-" + file.getFileName());
        PackageReaders.of(file).extract(file, unpacked);
        return Sha256.of(unpacked.resolve(image.relative()));
    }
}
