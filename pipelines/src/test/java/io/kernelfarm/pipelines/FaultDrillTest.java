package io.kernelfarm.pipelines;

import static io.kernelfarm.bootmatrix.Verdict.ERROR;
import static io.kernelfarm.bootmatrix.Verdict.FAIL;
import static io.kernelfarm.pipelines.Fault.afterDone;
import static io.kernelfarm.pipelines.Fault.cmdline;
import static io.kernelfarm.pipelines.Fault.early;
import static io.kernelfarm.pipelines.Fault.image;
import static io.kernelfarm.pipelines.Fault.late;
import static io.kernelfarm.pipelines.Fault.onMetal;
import static io.kernelfarm.pipelines.Fault.signal;
import static io.kernelfarm.pipelines.Fault.timeouts;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.drill.Tampered;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fault drill: real kernels on real emulators and real Xen, each with one thing that goes wrong, and the verdict that it must
 * give. No fault of the kernel may end PASS, no fault of the farm may end FAIL. The kernel under test and the control kernel are one
 * image, so that nothing but the fault tells them apart. What came of it stands in {@code target/fault-drill.txt}.
 */
@Tag("real")
class FaultDrillTest {

    private static final String XEN = "xen-4.17";
    /** Most faults wait for a time-out most of the time. */
    private static final int AT_ONCE = 3;

    private static final List<Fault> FAULTS = List.of(
            // ---- the kernel's, on a bare machine ----
            onMetal(
                    "panic before the first process",
                    cmdline("rdinit=/none root=/dev/none"),
                    FAIL,
                    "Kernel panic - not syncing: VFS: Unable to mount root fs"),
            onMetal("panic early", early("insmod /fault.ko what=panic"), FAIL, "Kernel panic - not syncing: drill"),
            onMetal("panic late", late("insmod /fault.ko what=panic"), FAIL, "Kernel panic - not syncing: drill"),
            onMetal(
                    "panic after 'boot ok'",
                    afterDone("insmod /fault.ko what=panic"),
                    FAIL,
                    "Kernel panic - not syncing: drill"),
            onMetal("oops", late("insmod /fault.ko what=oops"), FAIL, "kernel-log: the kernel complained"),
            onMetal("warning", late("insmod /fault.ko what=warning"), FAIL, "kernel-log: the kernel complained"),
            onMetal(
                    "oops after 'boot ok'",
                    afterDone("insmod /fault.ko what=oops"),
                    FAIL,
                    "kernel-log: the kernel complained"),
            onMetal(
                    "oops that does not stop",
                    late("insmod /fault.ko what=oopses").and(timeouts(15, 60, 20)),
                    FAIL,
                    "within 20 s"),
            onMetal(
                    "RCU stall",
                    cmdline("rcupdate.rcu_cpu_stall_timeout=3").and(late("insmod /fault.ko what=stall")),
                    FAIL,
                    "detected stall"),
            onMetal(
                    "hang with interrupts off",
                    early("insmod /fault.ko what=hang").and(timeouts(15, 60, 20)),
                    FAIL,
                    "the last state reached was KERNEL"),
            onMetal("triple fault", early("insmod /fault.ko what=triple-fault"), FAIL, "in state KERNEL"),
            onMetal("reboot instead of an answer", late("reboot -f"), FAIL, "in state USERSPACE"),
            // ---- the farm's, on a bare machine ----
            onMetal("emulator killed", signal("KILL", Mode.METAL, BootState.KERNEL), ERROR, "killed by signal 9"),
            onMetal(
                    "emulator frozen",
                    signal("STOP", Mode.METAL, BootState.KERNEL).and(timeouts(15, 60, 15)),
                    ERROR,
                    "is stopped by a signal"),
            onMetal("no kernel in the package", image("noise", noise()), ERROR, "emulator"));

    private static final Map<Fault, List<CellResult>> SEEN = new LinkedHashMap<>();

    @TempDir
    private static Path folder;

    private static Kernel kernel;
    private static byte[] module;
    private static BootFiles files;
    private static long began;

    @BeforeAll
    static void build() throws IOException {
        FarmRun.Places places =
                new FarmRun.Places(new OutLayout(folder.resolve("out")), CacheLayout.standard(), TestKeyFile.place());
        RunLayout run = places.out()
                .run(FarmRun.build(SpecReader.read(Project.file("kernel.yaml")), places, event -> {})
                        .id());
        Build build = Build.read(run.build());
        kernel = new Kernel(
                new KernelId(build.release(), build.imageSha256(), build.source()),
                run.build().image(),
                run.build().modulesRoot(),
                "");
        Path source = Files.createDirectory(folder.resolve("module"));
        try (InputStream in = FaultDrillTest.class.getResourceAsStream("drill/fault.c")) {
            Files.copy(in, source.resolve("fault.c"));
        }
        Files.writeString(source.resolve("Makefile"), "obj-m := fault.o\n");
        Command.of("make", "-C", run.build().headers().toString(), "M=" + source, "modules")
                .withOwnEnvironment()
                .output();
        module = Files.readAllBytes(source.resolve("fault.ko"));
        files = new BootFiles(CacheLayout.standard(), new SilentProgress());
        began = System.nanoTime();
    }

    @TestFactory
    Stream<DynamicTest> everyFaultGetsItsVerdict() {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        List<DynamicTest> tests = new ArrayList<>();
        String only = System.getProperty("drill.only", "");
        for (Fault fault : FAULTS) {
            if (fault.name().contains(only)) {
                Future<List<CellResult>> result = pool.submit(() -> inject(fault));
                tests.add(DynamicTest.dynamicTest(fault.name(), () -> check(fault, result.get())));
            }
        }
        pool.shutdown();
        return tests.stream().onClose(pool::shutdownNow);
    }

    private static List<CellResult> inject(Fault fault) throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(folder, fault.name().replaceAll("[^a-z]+", "-"));
        Fault.Plan plan = new Fault.Plan();
        fault.injection().what().accept(plan);
        Path image = kernel.image();
        if (plan.image.isPresent()) {
            image = Files.write(place.resolve("vmlinuz"), plan.image.get());
        }
        Kernel subject = new Kernel(kernel.id(), image, kernel.root(), (Fault.MARK + " " + plan.cmdline).strip());
        Machine machine = new Tampered(QemuMachine.at(plan.emulator), media -> changed(media, plan, place));
        List<Cell> cells = fault.outcomes().stream()
                .map(outcome ->
                        new Cell(outcome.mode(), outcome.mode() == Mode.METAL ? "none" : XEN, "bios", "qemu", true))
                .toList();
        Path boot = place.resolve("boot");
        MatrixResult result = MatrixRunner.run(
                new Matrix(cells, subject, () -> kernel),
                new MatrixRunner.Setup(
                        cell -> machine,
                        FaultDrillTest::xen,
                        files.busybox(),
                        plan.timeouts,
                        1,
                        true,
                        CheckPlan.NONE,
                        boot),
                new MatrixListener() {
                    @Override
                    public void reached(Cell cell, int attempt, BootState state) {
                        emulators(place).forEach(emulator -> plan.meddler.reached(cell, attempt, state, emulator));
                    }
                });
        synchronized (SEEN) {
            SEEN.put(fault, result.cells());
        }
        assertThat(emulators(place)).as("emulators that were left").isEmpty();
        return result.cells();
    }

    private static BootMedia changed(BootMedia media, Fault.Plan plan, Path place) throws IOException {
        BootMedia changed = media;
        for (Fault.Change change : plan.changes) {
            changed = change.of(changed, module, place);
        }
        return changed;
    }

    private static synchronized XenHost.Assets xen(String hypervisor) throws IOException {
        return files.xen(hypervisor, false);
    }

    /** The emulators that boot from a file below {@code place}. */
    private static List<ProcessHandle> emulators(Path place) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(place + "/"))
                .toList();
    }

    private static void check(Fault fault, List<CellResult> cells) {
        for (Fault.Outcome outcome : fault.outcomes()) {
            CellResult cell = cell(cells, outcome.mode());
            assertThat(cell.verdict()).as(cell.reason()).isEqualTo(outcome.verdict());
            assertThat(cell.reason()).contains(outcome.word());
        }
    }

    private static CellResult cell(List<CellResult> cells, Mode mode) {
        return cells.stream()
                .filter(cell -> cell.cell().mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void tell() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Fault fault : FAULTS) {
            for (Fault.Outcome outcome : SEEN.containsKey(fault) ? fault.outcomes() : List.<Fault.Outcome>of()) {
                CellResult cell = cell(SEEN.get(fault), outcome.mode());
                boolean asExpected =
                        cell.verdict() == outcome.verdict() && cell.reason().contains(outcome.word());
                lines.add("%-4s %-5s %-7s %-40s %s%n     %s%n     attempts: %s"
                        .formatted(
                                asExpected ? "ok" : "BAD",
                                cell.verdict(),
                                outcome.mode(),
                                fault.name(),
                                fault.injection().how(),
                                cell.reason(),
                                cell.attempts().stream()
                                        .map(attempt -> "%s %s %.1f s"
                                                .formatted(attempt.kernel(), attempt.verdict(), attempt.seconds()))
                                        .toList()));
            }
        }
        lines.add("%d faults in %.0f s".formatted(SEEN.size(), (System.nanoTime() - began) / 1e9));
        Files.write(Path.of("target", "fault-drill.txt"), lines, StandardCharsets.UTF_8);
    }

    private static byte[] noise() {
        byte[] noise = new byte[65536];
        new java.util.Random(1).nextBytes(noise);
        return noise;
    }
}
