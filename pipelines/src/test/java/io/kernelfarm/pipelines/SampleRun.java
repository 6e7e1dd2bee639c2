package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.kernel.KernelFiles;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs whose build is a sample, and whose packages and repositories are real. */
public final class SampleRun {

    private static final String SPEC = "source: {debian: linux-source-6.1}\nprofile: quick\n";

    private SampleRun() {}

    /** Places below {@code folder}, with the tests' key. */
    public static FarmRun.Places places(Path folder) {
        return new FarmRun.Places(
                new OutLayout(folder.resolve("out")), new CacheLayout(folder.resolve("cache")), TestKeyFile.place());
    }

    /** A run that is built, packaged and published in {@code testing}. */
    public static RunLayout published(FarmRun.Places places, String id, String release, int seed, String more)
            throws IOException {
        RunLayout run = built(places, id, release, "1", seed, more);
        FarmRun.pack(run, places, event -> {});
        FarmRun.publish(run, places, event -> {});
        return run;
    }

    /**
     * A run that is built.
     *
     * @param revision of the source package
     * @param more lines of the spec
     */
    public static RunLayout built(
            FarmRun.Places places, String id, String release, String revision, int seed, String more)
            throws IOException {
        RunLayout run = places.out().run(id);
        Path work = Files.createDirectories(places.cache().root().resolve("sample-" + id));
        Path spec = Files.writeString(work.resolve("kernel.yaml"), SPEC + more);
        RunJournal.begin(run, RunRecord.begin(id, Instant.parse("2026-01-02T03:04:05Z"), SpecReader.read(spec)));
        RunProvenance.writeOrigin(Provenance.Source.debian("linux-source-6.1", "6.1.192-2", "ab".repeat(32)), run);
        KernelFiles kernel = SampleKernel.make(work, release, revision, seed);
        BuildLayout build = run.build();
        Files.createDirectories(build.modules(release).getParent());
        Files.copy(kernel.image(), build.image());
        Files.copy(kernel.systemMap(), build.systemMap());
        Files.copy(kernel.config(), build.config());
        Command.of(
                        "cp",
                        "--archive",
                        kernel.modulesDir().toString(),
                        build.modules(release).toString())
                .output();
        Json.write(
                build.record(),
                new Build(
                        "cd".repeat(32),
                        release,
                        "x86_64",
                        "debian:linux-source-6.1=6.1.192-2",
                        kernel.version() + "-" + revision,
                        "quick",
                        "gcc (Debian 12.2.0-14) 12.2.0",
                        "GNU ld (GNU Binutils for Debian) 2.40",
                        "this host",
                        kernel.timestamp(),
                        1,
                        3,
                        1,
                        new TreeMap<>(),
                        Sha256.of(build.image())));
        return run;
    }

    /** Writes the matrix that the boot stage would have left, with a verdict for each mode. */
    public static void boot(RunLayout run, Map<Mode, Verdict> verdicts) throws IOException {
        Build build = Build.read(run.build());
        boot(run, verdicts, build.imageSha256());
    }

    /** The same with the digest of an image, whichever it is. */
    public static void boot(RunLayout run, Map<Mode, Verdict> verdicts, String imageSha256) throws IOException {
        boot(run, verdicts, imageSha256, "qemu");
    }

    /** The same with the name of a machine. */
    public static void boot(RunLayout run, Map<Mode, Verdict> verdicts, String imageSha256, String machine)
            throws IOException {
        Build build = Build.read(run.build());
        List<CellResult> cells = verdicts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> new CellResult(
                        new Cell(one.getKey(), one.getKey() == Mode.METAL ? "none" : "xen-4.17", "bios", machine, true),
                        one.getValue(),
                        false,
                        one.getValue() == Verdict.PASS ? "" : "it did not do",
                        1,
                        one.getValue() == Verdict.MISS ? "" : imageSha256,
                        "",
                        List.of(),
                        List.<Attempt>of()))
                .toList();
        Files.createDirectories(run.boot());
        MatrixJson.write(
                new MatrixResult(
                        new KernelId(build.release(), imageSha256, build.source()),
                        "",
                        Cell.isFake(machine) ? FakeMachine.DESCRIPTION : "QEMU",
                        Instant.parse("2026-01-02T04:00:00Z"),
                        10,
                        cells),
                run.matrix());
    }

    /** All modes passed. */
    public static Map<Mode, Verdict> allPass() {
        return MatrixSpec.USUAL_MODES.stream().collect(Collectors.toMap(mode -> mode, mode -> Verdict.PASS));
    }
}
