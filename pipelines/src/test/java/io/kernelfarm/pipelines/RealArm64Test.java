package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.configs.ConfigResolver;
import io.kernelfarm.configs.KernelTree;
import io.kernelfarm.configs.ResolvedConfig;
import io.kernelfarm.pipelines.builder.HostBuilder;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stages for arm64: the compiler's with the smallest kernel that has a module, those behind it with Debian's own kernel. Compiling one that
 * boots under Xen costs a CI minutes, and shows no more.
 */
@Tag("real")
class RealArm64Test {

    @TempDir
    private Path folder;

    @Test
    void aKernelForArm64IsPackagedPublishedAndProved() throws IOException {
        FarmRun.Places places =
                new FarmRun.Places(new OutLayout(folder.resolve("out")), CacheLayout.standard(), TestKeyFile.place());
        RunLayout run = debiansKernel(places);
        String release = Build.read(run.build()).release();

        FarmRun.pack(run, places, event -> {});
        try (Stream<Path> packages = Files.list(run.packages())) {
            assertThat(packages.map(file -> file.getFileName().toString()))
                    .as("headers have programs in them, and those would not be arm64's")
                    .hasSize(4)
                    .anyMatch(name -> name.matches("linux-image-" + release + "_.*_arm64\\.deb"))
                    .filteredOn(name -> name.endsWith(".rpm"))
                    .allMatch(name -> name.matches("kernel(-core|-modules)?-6.*\\.aarch64\\.rpm"));
        }
        FarmRun.publish(run, places, event -> {});
        assertThat(Files.readString(places.out().aptRepository().resolve("dists/testing/main/binary-arm64/Packages")))
                .contains("Package: " + KernelPackages.debImagePackage(release), "Architecture: arm64");
        assertThat(ReportStage.channels(places.out()))
                .hasEntrySatisfying("testing", debs -> assertThat(debs).hasSize(1));

        FarmRun.boot(run, Optional.empty(), false, places, event -> {});
        MatrixResult matrix = MatrixJson.read(run.matrix());

        Map<Mode, CellResult> cells = matrix.cells().stream()
                .collect(Collectors.toMap(cell -> cell.cell().mode(), cell -> cell));
        assertThat(cells).hasSize(4);
        cells.forEach((mode, cell) -> assertThat(cell.verdict())
                .as(mode + ": " + cell.reason())
                .isEqualTo(mode == Mode.PV ? Verdict.SKIP : Verdict.PASS));
        assertThat(cells.get(Mode.PV).reason()).contains("Xen on arm64 has one kind of domain");
        assertThat(cells.get(Mode.METAL).checks())
                .filteredOn(check -> check.name().equals("mode-proof"))
                .singleElement()
                .satisfies(
                        proof -> assertThat(proof.evidence().get(0).text()).contains("Booting Linux on physical CPU"));
    }

    @Test
    void aKernelForArm64IsCrossCompiled() throws Exception {
        CacheLayout cache = CacheLayout.standard();
        Spec spec = SpecReader.read(Files.writeString(
                folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\narch: arm64\nprofile: tiny\n"));
        KernelSource source = SourceStage.run(spec.source(), cache, new SilentProgress());
        KernelTree tree =
                new KernelTree(source.tree(), folder.resolve("kconfig"), Target.ARM64.id(), Target.ARM64.toolPrefix());
        ResolvedConfig config = ConfigResolver.resolve(TinyKernel.profile(), tree);
        assertThat(config.dropped()).isEmpty();

        BuildLayout layout = new BuildLayout(folder.resolve("build"));
        Build build = new CompileStage(
                        source,
                        config.dotConfig(),
                        spec,
                        new HostBuilder(),
                        cache,
                        new Estimates(cache),
                        new SilentProgress())
                .run(layout)
                .build();

        assertThat(build.arch()).isEqualTo("arm64");
        assertThat(build.compiler()).startsWith("aarch64-linux-gnu-gcc ");
        try (InputStream image = new GZIPInputStream(Files.newInputStream(layout.image()))) {
            assertThat(new String(image.readNBytes(64), 56, 4, StandardCharsets.US_ASCII))
                    .as("the magic number of Documentation/arm64/booting.rst")
                    .isEqualTo("ARMd");
        }
        Path module = layout.modules(build.release()).resolve("kernel/lib/crc16.ko");
        assertThat(Command.of("readelf", "--file-header", module.toString()).output())
                .contains("AArch64");
        assertThat(layout.headers())
                .as("their programs would be this machine's")
                .doesNotExist();
    }

    private RunLayout debiansKernel(FarmRun.Places places) throws IOException {
        Path spec = Files.writeString(folder.resolve("kernel.yaml"), """
                source: {debian: linux-source-6.1}
                arch: arm64
                profile: quick
                boot: {modes: [metal, dom0-pvh, pv, pvh]}
                """);
        Kernel kernel = new BootFiles(Target.ARM64, places.cache(), new SilentProgress()).control();
        String release = kernel.id().release();
        RunLayout run = places.out().run("20260102T030405Z-000001");
        RunJournal.begin(run, RunRecord.begin(run.id(), Instant.parse("2026-01-02T03:04:05Z"), SpecReader.read(spec)));
        BuildLayout build = run.build();
        CompileStage.linkAll(
                kernel.root().resolve("lib/modules").resolve(release),
                Files.createDirectories(build.modules(release).getParent()).resolve(release));
        Path boot = kernel.root().resolve("boot");
        Files.copy(kernel.image(), build.image());
        Files.copy(boot.resolve("System.map-" + release), build.systemMap());
        Files.copy(boot.resolve("config-" + release), build.config());
        Json.write(
                build.record(),
                new Build(
                        "cd".repeat(32),
                        release,
                        "arm64",
                        kernel.id().source(),
                        "6.1-1",
                        "quick",
                        "",
                        "",
                        "Debian",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        1,
                        0,
                        0,
                        new TreeMap<>(),
                        kernel.id().imageSha256()));
        return run;
    }
}
