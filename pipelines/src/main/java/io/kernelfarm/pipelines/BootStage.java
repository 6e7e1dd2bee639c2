package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.bootmatrix.machine.fake.Rehearsal;
import io.kernelfarm.bootmatrix.report.CellJournal;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.xen.XenHost;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Boots the image that the published packages carry, in every cell of the spec's matrix. */
final class BootStage {

    private BootStage() {}

    /**
     * How hosts are used; the benchmark compares two ways.
     *
     * @param atOnce how many machines run side by side
     * @param sharing whether guests share a boot of Xen
     */
    record Hosts(int atOnce, boolean sharing) {

        /**
         * One emulated host, which has one virtual CPU, for each processor, but no more than there is memory for. More of them would
         * win little, and the toolstack's own time-outs in them come nearer.
         */
        static Hosts standard() throws IOException {
            int processors = Runtime.getRuntime().availableProcessors();
            long room = Memory.availableBytes() / XenHost.USUAL_BYTES;
            return new Hosts((int) Math.max(1, Math.min(processors, room)), true);
        }
    }

    /** Where the kernel in question comes from. */
    @FunctionalInterface
    interface Origin {
        /**
         * Puts {@code lib/modules/RELEASE} into {@code root}, which is not there yet, and has a lifetime of its own.
         *
         * @return the image
         */
        Path unpack(Path root) throws IOException;

        /** The Debian package {@code published} of {@code release}, as it lies in the repository. */
        static Origin packaged(Path published, String release) {
            return root -> {
                PackageReaders.of(published).extract(published, root);
                return root.resolve(KernelPackages.debImage(release).relative());
            };
        }
    }

    /** Hears of a matrix, and first of all which cells it has. */
    interface Listener extends MatrixListener {
        /**
         * The matrix begins.
         *
         * @param cells all there are
         * @param kept those of them that have their results already
         */
        void started(List<Cell> cells, List<CellResult> kept);
    }

    /**
     * Says whether a boot of {@code layout} that was ended can be gone on with.
     *
     * @throws FarmException wrong usage, in one sentence on why it cannot
     */
    static void checkResume(Spec.Boot spec, Build build, RunLayout layout, FarmRun.Places places) {
        try {
            MatrixSpec asked = asked(spec, build, places);
            CellJournal.check(layout.cells(), header(spec, asked, build, emulator(asked, target(build))));
        } catch (IOException e) {
            throw FarmException.usage(
                    "the boot of run " + layout.id() + " cannot be gone on with: " + e.getMessage() + "; './farm boot "
                            + layout.id() + "' boots all its cells anew",
                    e);
        }
    }

    private static Target target(Build build) {
        return Target.of(build.arch());
    }

    /** The matrix, without what makes no sense on the machines or for the kernel that there are. */
    private static MatrixSpec asked(Spec.Boot spec, Build build, FarmRun.Places places) {
        return spec.asMatrix().on(places.machines()).on(target(build));
    }

    /** What verdicts hang on, as far as it can change between two farms that work on one run. */
    private static CellJournal.Header header(
            Spec.Boot spec, MatrixSpec asked, Build build, Optional<QemuMachine> emulator) {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("image", build.imageSha256());
        conditions.put("command line", spec.cmdline());
        conditions.put("time-outs", timeouts(asked.timeouts()).toString());
        conditions.put("checks", asked.checks().toString());
        conditions.put("soak", asked.plan().soak().toString());
        conditions.put("ignored lines", asked.ignore().toString());
        conditions.put("emulator", emulator.map(QemuMachine::description).orElse("none"));
        conditions.put("Kernel Farm", FarmVersion.get());
        return new CellJournal.Header(conditions, asked.cells());
    }

    /**
     * Boots the kernel from {@code origin} and leaves {@code matrix.json} and the consoles in {@code layout}'s folder for them.
     *
     * @param resume whether cells that were finished by a farm that was ended are kept
     * @throws FarmException the farm's fault, where no cell could be booted at all
     */
    static MatrixResult run(
            Spec.Boot spec,
            Build build,
            Origin origin,
            RunLayout layout,
            boolean resume,
            Hosts hosts,
            FarmRun.Places places,
            Progress progress,
            Listener listener)
            throws IOException {
        return FolderLock.holding(
                layout.boot(),
                progress,
                () -> boot(spec, build, origin, layout, resume, hosts, places, progress, listener));
    }

    private static MatrixResult boot(
            Spec.Boot spec,
            Build build,
            Origin origin,
            RunLayout layout,
            boolean resume,
            Hosts hosts,
            FarmRun.Places places,
            Progress progress,
            Listener listener)
            throws IOException {
        CacheLayout cache = places.cache();
        BootFiles files = new BootFiles(target(build), cache, progress);
        MatrixSpec asked = asked(spec, build, places);
        List<Cell> cells = asked.cells();
        List<String> standing = places.machines().standing(asked.axes().machines());
        MatrixRunner.Hypervisors hypervisors = hypervisors(
                cells.stream()
                        .filter(cell -> !standing.contains(cell.machine()) && !cell.isFake())
                        .toList(),
                files,
                progress);
        List<String> names = cells.stream().map(Cell::machine).distinct().toList();
        Optional<QemuMachine> emulator = emulator(asked, target(build));
        if (!resume) {
            FileTrees.delete(layout.boot());
        }
        Files.createDirectories(layout.boot());
        try (Scratch scratch = Scratch.in(cache);
                BootMachines machines = BootMachines.take(
                        names,
                        emulator,
                        places.machines(),
                        new ControlBoot(files, asked.timeouts(), layout),
                        progress)) {
            Path root = scratch.folder().resolve("package");
            Path image = origin.unpack(root);
            Kernel subject = new Kernel(
                    new KernelId(build.release(), Sha256.of(image), build.source()), image, root, spec.cmdline());
            CellJournal.Header header = header(spec, asked, build, emulator);
            MatrixResult result;
            try (CellJournal journal =
                    resume ? CellJournal.open(layout.cells(), header) : CellJournal.begin(layout.cells(), header)) {
                List<Cell> unfinished = journal.unfinished(cells);
                removeTraces(unfinished, layout);
                List<Cell> all = new ArrayList<>(cells);
                all.addAll(asked.excluded().keySet());
                listener.started(
                        all,
                        journal.kept().stream()
                                .filter(kept -> cells.contains(kept.cell()))
                                .toList());
                MatrixResult part = MatrixRunner.run(
                        new Matrix(unfinished, asked.excluded(), subject, () -> {
                            Kernel control = control(files);
                            journal.control(control.id().release());
                            return control;
                        }),
                        new MatrixRunner.Setup(
                                machines::of,
                                cell -> cell.isFake()
                                        ? Rehearsal.standIn(scratch.folder().resolve("fake"), cell.hypervisor())
                                        : hypervisors.of(cell),
                                files.busybox(),
                                timeouts(asked.timeouts()),
                                hosts.atOnce(),
                                hosts.sharing(),
                                asked.plan(),
                                layout.boot()),
                        new Journaling(listener, journal));
                machines.ran(unfinished);
                result = journal.whole(part, all);
            }
            boolean died = result.cells().stream().anyMatch(cell -> cell.verdict() == Verdict.ERROR);
            if (died ? ChildProcesses.stoppingWithin(ChildProcesses.SIGNALS_APART) : ChildProcesses.stopping()) {
                throw new ChildProcesses.StoppedException(); // What a signal did to machines is no result.
            }
            MatrixJson.write(result, layout.matrix());
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildProcesses.StoppedException();
        }
    }

    /** Removes what a farm that was ended left of cells which are booted anew. */
    private static void removeTraces(List<Cell> cells, RunLayout layout) throws IOException {
        FileTrees.delete(layout.boot().resolve("work"));
        Files.deleteIfExists(layout.matrix());
        if (!Files.isDirectory(layout.consoles())) {
            return;
        }
        List<Path> consoles;
        try (Stream<Path> files = Files.list(layout.consoles())) {
            consoles = files.toList();
        }
        for (Path console : consoles) {
            String name = console.getFileName().toString();
            if (cells.stream().anyMatch(cell -> name.startsWith(cell.id() + "."))) {
                Files.deleteIfExists(console);
            }
        }
    }

    /** Writes down each cell that has its verdict before anyone hears of it. */
    private record Journaling(MatrixListener listener, CellJournal journal) implements MatrixListener {
        @Override
        public void reached(Cell cell, int attempt, BootState state) {
            listener.reached(cell, attempt, state);
        }

        @Override
        public void attempted(Cell cell, Attempt attempt) {
            listener.attempted(cell, attempt);
        }

        @Override
        public void finished(CellResult result) {
            // What a signal did to machines is no result.
            boolean stopping = result.verdict() == Verdict.ERROR
                    ? ChildProcesses.stoppingWithin(ChildProcesses.SIGNALS_APART)
                    : ChildProcesses.stopping();
            if (!stopping) {
                journal.finished(result);
            }
            listener.finished(result);
        }
    }

    /** The emulator, if a cell of {@code asked} wants it. */
    static Optional<QemuMachine> emulator(MatrixSpec asked, Target target) throws IOException {
        return asked.axes().machines().contains(MachinesPlace.EMULATOR)
                ? Optional.of(emulator(target))
                : Optional.empty();
    }

    /** The emulator of what kernels for {@code target} boot on, with what works of this machine's hardware virtualization. */
    static QemuMachine emulator(Target target) throws IOException {
        try {
            return QemuMachine.fastest(target.processor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildProcesses.StoppedException();
        }
    }

    /** Fetches what the cells need, one after another; what cannot be had is told again when somebody asks for it. */
    private static MatrixRunner.Hypervisors hypervisors(List<Cell> cells, BootFiles files, Progress progress)
            throws IOException {
        Map<String, XenHost.Assets> had = new HashMap<>();
        Map<String, String> lacking = new HashMap<>();
        Map<String, List<Cell>> wanted = cells.stream()
                .filter(cell -> cell.mode() != Mode.METAL)
                .collect(Collectors.groupingBy(Cell::hypervisor, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Cell>> hypervisor : wanted.entrySet()) {
            String name = hypervisor.getKey();
            try {
                had.put(name, files.xen(name, hypervisor.getValue().stream().anyMatch(Cell::isUefi)));
            } catch (FarmException e) {
                // What can be proved without it is proved.
                progress.note(e.getMessage());
                lacking.put(name, e.getMessage());
            }
        }
        return cell -> {
            String name = cell.hypervisor();
            if (!had.containsKey(name)) {
                throw new IOException(lacking.get(name));
            }
            return had.get(name);
        };
    }

    private static Kernel control(BootFiles files) throws IOException {
        try {
            return files.control();
        } catch (FarmException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Sees whether a machine is well: it has to boot the control kernel. */
    private record ControlBoot(BootFiles files, Spec.Timeouts timeouts, RunLayout layout)
            implements BootMachines.HealthCheck {
        @Override
        public Optional<String> ailment(String name, String firmware, Machine machine)
                throws IOException, InterruptedException {
            Kernel known = control(files);
            Cell cell = machine.standing()
                    .map(xen -> guest(xen, name, machine))
                    .orElseGet(() -> new Cell(Mode.METAL, "none", firmware, name, true));
            MatrixResult result = MatrixRunner.run(
                    new Matrix(List.of(cell), known, () -> known),
                    new MatrixRunner.Setup(
                            same -> machine,
                            hypervisor -> {
                                throw new IOException("no hypervisor is booted to see whether a machine is well");
                            },
                            files.busybox(),
                            BootStage.timeouts(timeouts),
                            1,
                            true,
                            CheckPlan.NONE,
                            layout.health(name)),
                    new MatrixListener() {});
            CellResult booted = result.cells().get(0);
            if (booted.verdict() == Verdict.PASS) {
                return Optional.empty();
            }
            boolean reached = booted.attempts().stream().anyMatch(attempt -> attempt.verdict() == Verdict.FAIL);
            if (!reached) {
                throw new IOException(booted.reason()); // The way to the machine is at fault, or whoever uses it.
            }
            return Optional.of("it does not boot the control kernel: " + booted.reason());
        }
    }

    /** What a standing Xen host has to boot: a PV guest, or a PVH guest where its hypervisor makes no others. */
    private static Cell guest(String xen, String name, Machine machine) {
        Cell pv = new Cell(Mode.PV, xen, "bios", name, true);
        return machine.obstacle(pv).isEmpty() ? pv : new Cell(Mode.PVH, xen, "bios", name, true);
    }

    private static Timeouts timeouts(Spec.Timeouts spec) {
        return new Timeouts(
                Duration.ofSeconds(spec.hypervisor()),
                Duration.ofSeconds(spec.dom0()),
                Duration.ofSeconds(spec.cell()));
    }
}
