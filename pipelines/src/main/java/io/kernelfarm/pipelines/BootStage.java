package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.Matrix;
import io.kernelfarm.bootmatrix.MatrixListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.MatrixRunner;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Boots the image that the published packages carry, in every cell of the spec's matrix. */
final class BootStage {

    private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-x86_64");

    private BootStage() {}

    /**
     * How hosts are used; the benchmark compares two ways.
     *
     * @param atOnce how many machines run side by side
     * @param sharing whether guests share a boot of Xen
     */
    record Hosts(int atOnce, boolean sharing) {

        /** One emulated host, which has one virtual CPU, for each processor. */
        static Hosts standard() {
            return new Hosts(Math.max(1, Runtime.getRuntime().availableProcessors()), true);
        }
    }

    /**
     * Boots {@code published} and leaves {@code matrix.json} and the consoles in {@code layout}'s folder for them.
     *
     * @param published the Debian package as it lies in the repository
     * @throws FarmException the farm's fault, where no cell could be booted at all
     */
    static MatrixResult run(
            Spec.Boot spec,
            Build build,
            Path published,
            RunLayout layout,
            Hosts hosts,
            CacheLayout cache,
            Progress progress,
            MatrixListener listener)
            throws IOException {
        BootFiles files = new BootFiles(cache, progress);
        MatrixSpec asked = spec.asMatrix();
        List<Cell> cells = asked.cells();
        MatrixRunner.Hypervisors hypervisors = hypervisors(cells, files, progress);
        try (Scratch scratch = Scratch.in(cache)) {
            Path root = scratch.folder().resolve("package");
            PackageReaders.of(published).extract(published, root);
            Path image = root.resolve(KernelPackages.debImage(build.release()).relative());
            Kernel subject = new Kernel(
                    new KernelId(build.release(), Sha256.of(image), build.source()), image, root, spec.cmdline());
            FileTrees.delete(layout.boot());
            Files.createDirectories(layout.boot());
            MatrixResult result = MatrixRunner.run(
                    new Matrix(cells, asked.excluded(), asked.checks(), subject, () -> control(files)),
                    new MatrixRunner.Setup(
                            emulator(),
                            hypervisors,
                            files.busybox(),
                            timeouts(asked.timeouts()),
                            hosts.atOnce(),
                            hosts.sharing(),
                            CheckPlan.STANDARD,
                            layout.boot()),
                    listener);
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

    /** The emulator with what works of this machine's hardware virtualization. */
    static QemuMachine emulator() throws IOException {
        try {
            return QemuMachine.fastest(EMULATOR);
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
        return name -> {
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

    private static Timeouts timeouts(Spec.Timeouts spec) {
        return new Timeouts(
                Duration.ofSeconds(spec.hypervisor()),
                Duration.ofSeconds(spec.dom0()),
                Duration.ofSeconds(spec.cell()));
    }
}
