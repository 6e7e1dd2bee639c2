package io.kernelfarm.pipelines;

import static io.kernelfarm.bootmatrix.Mode.DOM0_PV;
import static io.kernelfarm.bootmatrix.Mode.HVM;
import static io.kernelfarm.bootmatrix.Mode.METAL;
import static io.kernelfarm.bootmatrix.Mode.PV;
import static io.kernelfarm.bootmatrix.Mode.PVH;
import static io.kernelfarm.bootmatrix.Verdict.ERROR;
import static io.kernelfarm.bootmatrix.Verdict.FAIL;
import static io.kernelfarm.bootmatrix.Verdict.PASS;
import static io.kernelfarm.bootmatrix.boot.BootState.CREATED;
import static io.kernelfarm.bootmatrix.boot.BootState.DONE;
import static io.kernelfarm.bootmatrix.boot.BootState.HYPERVISOR;
import static io.kernelfarm.bootmatrix.boot.BootState.KERNEL;
import static io.kernelfarm.bootmatrix.boot.BootState.POWERED;
import static io.kernelfarm.bootmatrix.boot.BootState.USERSPACE;
import static io.kernelfarm.pipelines.Fault.afterDone;
import static io.kernelfarm.pipelines.Fault.cmdline;
import static io.kernelfarm.pipelines.Fault.disk;
import static io.kernelfarm.pipelines.Fault.dom0;
import static io.kernelfarm.pipelines.Fault.early;
import static io.kernelfarm.pipelines.Fault.emulator;
import static io.kernelfarm.pipelines.Fault.farmStopped;
import static io.kernelfarm.pipelines.Fault.forgery;
import static io.kernelfarm.pipelines.Fault.guests;
import static io.kernelfarm.pipelines.Fault.hypervisor;
import static io.kernelfarm.pipelines.Fault.image;
import static io.kernelfarm.pipelines.Fault.late;
import static io.kernelfarm.pipelines.Fault.liar;
import static io.kernelfarm.pipelines.Fault.memory;
import static io.kernelfarm.pipelines.Fault.missing;
import static io.kernelfarm.pipelines.Fault.noControl;
import static io.kernelfarm.pipelines.Fault.none;
import static io.kernelfarm.pipelines.Fault.onHost;
import static io.kernelfarm.pipelines.Fault.onMetal;
import static io.kernelfarm.pipelines.Fault.outcome;
import static io.kernelfarm.pipelines.Fault.patience;
import static io.kernelfarm.pipelines.Fault.room;
import static io.kernelfarm.pipelines.Fault.server;
import static io.kernelfarm.pipelines.Fault.signal;
import static io.kernelfarm.pipelines.Fault.timeouts;
import static io.kernelfarm.pipelines.Fault.toolstack;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.drill.Overlay;
import io.kernelfarm.bootmatrix.drill.Tampered;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.ipmi.IpmiMachine;
import io.kernelfarm.bootmatrix.machine.ipmi.SimulatedServer;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
    /** For trying some out: parts of the names of faults, separated by commas. */
    private static final String ONLY = System.getProperty("drill.only", "");

    /** Most faults wait for a time-out most of the time. */
    private static final int AT_ONCE = 3;

    private static final List<Fault> FAULTS = List.of(
            onMetal("no fault", none(), PASS, ""),
            // ---- faults of the kernel, on a bare machine ----
            onMetal(
                    "panic without a first process",
                    cmdline("rdinit=/none root=/dev/none"),
                    FAIL,
                    "VFS: Unable to mount"),
            onMetal("panic early", early("insmod /fault.ko what=panic"), FAIL, "Kernel panic - not syncing: drill"),
            onMetal("panic late", late("insmod /fault.ko what=panic"), FAIL, "Kernel panic - not syncing: drill"),
            onMetal(
                    "panic after 'boot ok'",
                    afterDone("insmod /fault.ko what=panic"),
                    FAIL,
                    "state DONE: Kernel panic"),
            onMetal("first process ends", late("exit 3"), FAIL, "Attempted to kill init!"),
            onMetal("oops", late("insmod /fault.ko what=oops"), FAIL, "kernel-log: the kernel complained"),
            onMetal("oops after 'boot ok'", afterDone("insmod /fault.ko what=oops"), FAIL, "kernel-log: the kernel"),
            onMetal(
                    "oops that does not stop",
                    late("insmod /fault.ko what=oopses").and(timeouts(30)),
                    FAIL,
                    "within 30 s"),
            onMetal("warning", late("insmod /fault.ko what=warning"), FAIL, "kernel-log: the kernel complained"),
            onMetal("memory runs out", late("tail /dev/zero"), FAIL, "Out of memory"),
            onMetal(
                    "RCU stall",
                    cmdline("rcupdate.rcu_cpu_stall_timeout=3").and(late("insmod /fault.ko what=stall")),
                    FAIL,
                    "detected stall"),
            onMetal(
                    "hang",
                    early("insmod /fault.ko what=hang").and(timeouts(30)),
                    FAIL,
                    "last state reached was KERNEL"),
            onMetal("triple fault", early("insmod /fault.ko what=triple-fault"), FAIL, "in state KERNEL"),
            onMetal("reboot loop", early("reboot -f"), FAIL, "turned itself off or reset in state KERNEL"),
            onMetal(
                    "half an image",
                    image("its first half", FaultDrillTest::halfAnImage),
                    ERROR,
                    "before anything was seen"),
            onMetal(
                    "noise for an image",
                    image("noise", FaultDrillTest::noise),
                    ERROR,
                    "the emulator ended with status 1"),
            onMetal(
                    "another kernel's image",
                    image("Debian's", FaultDrillTest::debiansImage).and(patience(150)),
                    ERROR,
                    " booted instead of "),
            // ---- consoles ----
            onMetal(
                    "console silent",
                    cmdline("quiet loglevel=0").and(late("sleep 10000")),
                    ERROR,
                    "nothing decisive came within 30 s"),
            onMetal(
                    "console stops in a line",
                    late("printf \"farm:$farm_nonce:done\" > /dev/console; sleep 10000")
                            .and(timeouts(30)),
                    FAIL,
                    "state reached was USERSPACE"),
            onMetal(
                    "console with junk",
                    late(
                            "head -c 100000 /dev/urandom > /dev/console; printf '\\033[2J\\033]0;title\\007\\n' > /dev/console"),
                    PASS,
                    ""),
            onMetal(
                    "console ends in junk",
                    late(
                            "head -c 20000 /dev/urandom > /dev/console; printf '\\n\\033[2J\\233m\\n' > /dev/console; reboot -f"),
                    FAIL,
                    "reset in state USERSPACE"),
            onMetal(
                    "console flooded",
                    late("yes 'a hundred megabytes of this' > /dev/console").and(timeouts(240)),
                    FAIL,
                    "flooded with more than"),
            onMetal(
                    "another boot's answers",
                    early(
                            "for text in \"state=userspace release=$(uname -r)\" done; do echo \"<2>farm:0123456789abcdef:$text\" > /dev/kmsg; done; reboot -f"),
                    FAIL,
                    "reset in state KERNEL"),
            onMetal("an earlier boot's console", replay(), FAIL, "reset in state KERNEL"),
            // ---- faults of the farm, on a bare machine ----
            onMetal("emulator killed: POWERED", signal("KILL", METAL, POWERED), ERROR, "killed by signal 9"),
            onMetal("emulator killed: KERNEL", signal("KILL", METAL, KERNEL), ERROR, "killed by signal 9"),
            onMetal("emulator killed: USERSPACE", signal("KILL", METAL, USERSPACE), ERROR, "killed by signal 9"),
            onMetal("emulator killed: DONE", signal("KILL", METAL, DONE), PASS, ""),
            onMetal("emulator told to end", signal("TERM", METAL, KERNEL), ERROR, "ended from outside"),
            onMetal("host frozen", signal("STOP", METAL, KERNEL).and(timeouts(30)), ERROR, "is stopped by a signal"),
            onMetal("farm frozen", farmStopped(25).and(timeouts(20)), PASS, ""),
            onMetal(
                    "emulator that does not start",
                    emulator("[ \"$1\" = --version ] || { echo no such CPU >&2; exit 1; }"),
                    ERROR,
                    "ended with status 1: no such CPU"),
            onMetal(
                    "emulator that does nothing",
                    emulator("[ \"$1\" = --version ] || exec sleep 1000"),
                    ERROR,
                    "reached was POWERED"),
            onMetal("disk full under the console", room("4k"), ERROR, "No space left on device"),
            onMetal("boot file gone", missing("the initramfs"), ERROR, "is missing or unreadable"),
            onMetal("too little memory", memory(24), ERROR, "before anything was seen"),
            onMetal(
                    "data disk spoilt",
                    disk("one bit is wrong", FaultDrillTest::flipped),
                    ERROR,
                    "but the control kernel failed here as well: block"),
            onMetal("no control kernel", early("reboot -f").and(noControl()), ERROR, "there is no control kernel"),
            onMetal(
                    "BMC gone in mid-run",
                    server("its BMC is killed", SimulatedServer::killBmc),
                    ERROR,
                    "does not answer"),
            onMetal(
                    "two farms on one machine",
                    server(
                            "another client takes the console",
                            server -> server.client("sol", "deactivate").start().waitFor()),
                    ERROR,
                    "took its console"),
            // ---- Xen hosts ----
            onHost(
                    "emulator killed: Xen",
                    signal("KILL", DOM0_PV, HYPERVISOR),
                    outcome(DOM0_PV, ERROR, "killed by signal 9")),
            onHost(
                    "emulator killed: dom0's kernel",
                    signal("KILL", DOM0_PV, KERNEL),
                    outcome(DOM0_PV, ERROR, "killed by signal 9")),
            onHost(
                    "emulator killed: dom0's user space",
                    signal("KILL", DOM0_PV, USERSPACE),
                    outcome(DOM0_PV, ERROR, "killed by signal 9")),
            onHost(
                    "emulator killed: before the toolstack",
                    signal("KILL", DOM0_PV, DONE),
                    outcome(DOM0_PV, ERROR, "before dom0's toolstack ran")),
            onHost(
                    "emulator killed: guest made",
                    signal("KILL", PV, CREATED),
                    outcome(DOM0_PV, PASS, ""),
                    outcome(PV, ERROR, "killed by signal 9")),
            onHost(
                    "emulator killed: guest's user space",
                    signal("KILL", PV, USERSPACE),
                    outcome(PV, ERROR, "killed by signal 9")),
            onHost(
                    "no kernel for dom0: Xen panics",
                    image("noise", FaultDrillTest::noise),
                    outcome(DOM0_PV, FAIL, "(XEN) Panic on CPU 0")),
            onHost(
                    "Xen panics under every kernel",
                    hypervisor("dom0=pvh"),
                    outcome(DOM0_PV, ERROR, "but the control kernel failed here as well")),
            onHost(
                    "dom0 crashes under its guest",
                    dom0("xl unpause", true, "echo c > /proc/sysrq-trigger"),
                    outcome(DOM0_PV, FAIL, "Kernel panic - not syncing: sysrq triggered crash"),
                    outcome(PV, FAIL, "the Xen host went down")),
            onHost(
                    "dom0 leaves its guest",
                    dom0("xl unpause", true, "reboot -f"),
                    outcome(DOM0_PV, FAIL, "Hardware Dom0 shutdown"),
                    outcome(PV, FAIL, "the Xen host went down")),
            onHost(
                    "guest panics; guest triple-faults",
                    guests("insmod /fault.ko what=panic", "insmod /fault.ko what=triple-fault"),
                    outcome(DOM0_PV, PASS, ""),
                    outcome(PV, FAIL, "Kernel panic - not syncing: drill"),
                    outcome(PVH, FAIL, "Triple fault")),
            onHost(
                    "guest reboots; guest panics after 'boot ok'",
                    guests("reboot -f", "say done; insmod /fault.ko what=panic"),
                    outcome(PV, FAIL, "went away in state USERSPACE"),
                    outcome(PVH, FAIL, "Kernel panic - not syncing: drill")),
            onHost(
                    "guests forge each other's answers",
                    forgery(),
                    outcome(PV, FAIL, "the domain went away in state"),
                    outcome(PVH, FAIL, "the domain went away in state")),
            onHost("guest is handed another image", liar(), outcome(PV, ERROR, "was handed an image with SHA-256")),
            onHost(
                    "no toolstack under every kernel",
                    toolstack("xenstored --pid-file", false, "xenstored() { false; }"),
                    outcome(PV, ERROR, "control kernel did not come up as dom0")),
            onHost(
                    "device model without a sign of life",
                    toolstack(
                                    "xenstored --pid-file",
                                    false,
                                    "printf '#!/bin/sh\\nsleep 1000\\n' > /run/dm; chmod 755 /run/dm; mount --bind /run/dm /usr/libexec/xen-qemu-system-i386")
                            .and(timeouts(200)),
                    outcome(HVM, ERROR, "timed out")),
            onHost(
                    "host frozen under its guest",
                    signal("STOP", PV, CREATED).and(timeouts(50)),
                    outcome(PV, ERROR, "is stopped by a signal")));

    private static final Map<Fault, List<CellResult>> SEEN = new LinkedHashMap<>();

    @TempDir
    private static Path folder;

    private static Kernel kernel;
    private static byte[] module;
    private static byte[] healthyConsole;
    private static BootFiles files;
    private static long began;

    @BeforeAll
    static void build() throws Exception {
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
        Path healthy = Files.createDirectory(folder.resolve("healthy"));
        CellResult passed = onEmulator(FAULTS.get(0), new Fault.Plan(), healthy).get(0);
        assertThat(passed.verdict()).as(passed.reason()).isEqualTo(PASS);
        healthyConsole = Files.readAllBytes(healthy.resolve("boot").resolve(passed.console()));
    }

    @TestFactory
    Stream<DynamicTest> everyFaultGetsItsVerdict() {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        List<DynamicTest> tests = new ArrayList<>();
        for (Fault fault : FAULTS) {
            if (Arrays.stream(ONLY.split(",", -1)).anyMatch(fault.name()::contains)) {
                Future<List<CellResult>> result = pool.submit(() -> drill(fault));
                tests.add(DynamicTest.dynamicTest(fault.name(), () -> check(fault, result.get())));
            }
        }
        pool.shutdown();
        return tests.stream().onClose(pool::shutdownNow);
    }

    /**
     * On a machine too busy to boot in time every verdict is ERROR, which says nothing of the fault: it is injected once more
     * then. A PASS or FAIL where another verdict is due stands.
     */
    private static List<CellResult> drill(Fault fault) throws Exception {
        List<CellResult> seen = inject(fault);
        boolean tooBusy = fault.outcomes().stream()
                .anyMatch(outcome ->
                        outcome.verdict() != ERROR && cell(seen, outcome.mode()).verdict() == ERROR);
        return tooBusy ? inject(fault) : seen;
    }

    private static List<CellResult> inject(Fault fault) throws Exception {
        Path place = Files.createTempDirectory(folder, fault.name().replaceAll("[^a-z]+", "-"));
        Fault.Plan plan = new Fault.Plan();
        fault.injection().what().accept(plan);
        Path consoles = Files.createDirectories(place.resolve("boot/consoles"));
        if (plan.room.isPresent()) {
            Command.of("mount", "-t", "tmpfs", "-o", "size=" + plan.room.get(), "tmpfs", consoles.toString())
                    .output();
        }
        try {
            List<CellResult> results = plan.server.isPresent() ? onServer(plan, place) : onEmulator(fault, plan, place);
            see(fault, results);
            assertThat(emulators(place)).as("emulators that were left").isEmpty();
            return results;
        } finally {
            if (plan.room.isPresent()) {
                Command.of("umount", consoles.toString()).output();
            }
        }
    }

    private static List<CellResult> onEmulator(Fault fault, Fault.Plan plan, Path place) throws Exception {
        Machine machine = new Tampered(QemuMachine.at(plan.emulator), media -> changed(media, plan, place));
        List<Cell> cells = fault.outcomes().stream()
                .map(outcome -> new Cell(outcome.mode(), outcome.mode() == METAL ? "none" : XEN, "bios", "qemu", true))
                .toList();
        return run(cells, machine, plan, place, (cell, attempt, state) -> emulators(place, state)
                .forEach(emulator -> plan.meddler.reached(cell, attempt, state, emulator)));
    }

    private static List<CellResult> onServer(Fault.Plan plan, Path place) throws Exception {
        InetSocketAddress boot = SimulatedServer.freePort();
        // The emulator's network shows the host's loopback as 10.0.2.2.
        try (SimulatedServer server = SimulatedServer.make(
                place.resolve("server"), 1024, "bootfile=http://10.0.2.2:" + boot.getPort() + "/boot.ipxe")) {
            IpmiMachine machine = new IpmiMachine(
                    server.bmc(),
                    new BootServer(boot),
                    new IpmiMachine.Settings(false, SerialLine.FIRST, Duration.ofSeconds(4), Duration.ofSeconds(1)),
                    false);
            Cell cell = new Cell(METAL, "none", "bios", "rack1-a", true);
            return run(List.of(cell), machine, plan, place, (same, attempt, state) -> {
                if (state == KERNEL) {
                    plan.server.orElseThrow().spoil(server);
                }
            });
        }
    }

    /** Hears of what cells come to. */
    private interface Spectator {
        void reached(Cell cell, int attempt, BootState state) throws Exception;
    }

    private static List<CellResult> run(
            List<Cell> cells, Machine machine, Fault.Plan plan, Path place, Spectator spectator) throws Exception {
        Path image = kernel.image();
        if (plan.image.isPresent()) {
            image = Files.write(place.resolve("vmlinuz"), plan.image.get().read());
        }
        KernelId id = plan.honest
                ? kernel.id()
                : new KernelId(
                        kernel.id().release(), "0".repeat(64), kernel.id().source());
        Kernel subject = new Kernel(id, image, kernel.root(), (Fault.MARK + " " + plan.cmdline).strip());
        Matrix matrix = new Matrix(cells, subject, () -> {
            if (!plan.control) {
                throw new IOException("there is none today");
            }
            return kernel;
        });
        MatrixRunner.Setup setup = new MatrixRunner.Setup(
                cell -> machine,
                cell -> xen(cell.hypervisor()),
                files.busybox(),
                plan.timeouts,
                1,
                true,
                CheckPlan.NONE,
                place.resolve("boot"));
        return MatrixRunner.run(matrix, setup, new MatrixListener() {
                    @Override
                    public void reached(Cell cell, int attempt, BootState state) {
                        try {
                            spectator.reached(cell, attempt, state);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .cells();
    }

    /** What a healthy boot has printed, printed again by another. */
    private static Fault.Injection replay() {
        return new Fault.Injection(
                "at the start: the whole console of an earlier boot that passed",
                plan -> plan.changes.add((media, same, place) -> {
                    if (!media.cmdline().contains(Fault.MARK)) {
                        return media;
                    }
                    return new Overlay()
                            .put("replay", healthyConsole)
                            .atTheStart("cat /replay > /dev/console; reboot -f")
                            .onMachine(media, place);
                }));
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

    /**
     * The emulators of a boot below {@code place} that has come to {@code state}. A process that was begun just now has no
     * arguments yet for a moment: exec closes the pipe that Java waits for before it writes them down.
     */
    private static List<ProcessHandle> emulators(Path place, BootState state) throws InterruptedException {
        List<ProcessHandle> found = emulators(place);
        for (int tries = 0; found.isEmpty() && state == POWERED && tries < 100; tries++) {
            Thread.sleep(10);
            found = emulators(place);
        }
        return found;
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
            String what = fault.name() + ": " + outcome.mode() + ": " + cell.reason();
            assertThat(cell.verdict()).as(what).isEqualTo(outcome.verdict());
            assertThat(cell.reason()).as(what).contains(outcome.word());
        }
    }

    private static CellResult cell(List<CellResult> cells, Mode mode) {
        return cells.stream()
                .filter(cell -> cell.cell().mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    /** Tells of what was seen up to now, so that it is known even of a drill that does not come to its end. */
    private static synchronized void see(Fault seen, List<CellResult> results) throws IOException {
        SEEN.put(seen, results);
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

    private static byte[] halfAnImage() throws IOException {
        byte[] whole = Files.readAllBytes(kernel.image());
        return Arrays.copyOf(whole, whole.length / 2);
    }

    private static byte[] debiansImage() throws IOException {
        return Files.readAllBytes(files.control().image());
    }

    private static byte[] flipped(byte[] content) {
        content[600] ^= 1;
        return content;
    }

    private static byte[] noise() {
        byte[] noise = new byte[65536];
        new Random(1).nextBytes(noise);
        return noise;
    }
}
