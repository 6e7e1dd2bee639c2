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
import java.util.List;

/** Boots the image that the published packages carry, in every mode that the spec asks for. */
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
        List<Cell> cells = cells(spec);
        XenHost.Assets xen = files.noXen(spec.hypervisor());
        if (cells.stream().anyMatch(cell -> cell.mode() != Mode.METAL)) {
            try {
                xen = files.xen(spec.hypervisor());
            } catch (FarmException e) {
                // A bare machine needs no Xen: what can be proved is proved.
                progress.note(e.getMessage());
            }
        }
        try (Scratch scratch = Scratch.in(cache)) {
            Path root = scratch.folder().resolve("package");
            PackageReaders.of(published).extract(published, root);
            Path image = root.resolve(KernelPackages.debImage(build.release()).relative());
            Kernel subject = new Kernel(
                    new KernelId(build.release(), Sha256.of(image), build.source()), image, root, spec.cmdline());
            FileTrees.delete(layout.boot());
            Files.createDirectories(layout.boot());
            MatrixResult result = MatrixRunner.run(
                    new Matrix(cells, subject, () -> control(files)),
                    new MatrixRunner.Setup(
                            QemuMachine.at(EMULATOR),
                            xen,
                            timeouts(spec.timeouts()),
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

    private static Kernel control(BootFiles files) throws IOException {
        try {
            return files.control();
        } catch (FarmException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<Cell> cells(Spec.Boot spec) {
        return spec.modes().stream()
                .map(mode ->
                        new Cell(mode, mode == Mode.METAL ? "none" : spec.hypervisor(), "bios", spec.machine(), true))
                .toList();
    }

    private static Timeouts timeouts(Spec.Timeouts spec) {
        return new Timeouts(
                Duration.ofSeconds(spec.hypervisor()),
                Duration.ofSeconds(spec.dom0()),
                Duration.ofSeconds(spec.cell()));
    }
}
