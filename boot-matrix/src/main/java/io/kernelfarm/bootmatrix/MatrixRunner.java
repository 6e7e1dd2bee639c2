package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.Ending;
import io.kernelfarm.bootmatrix.boot.MetalBoot;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.verdict.Judge;
import io.kernelfarm.bootmatrix.xen.DataDisk;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Boots a matrix and gives each cell its verdict. Nobody calls a kernel bad on one look: what failed is booted again, alone;
 * what failed twice is booted with the control kernel; and only if that passes is it the kernel's fault.
 */
public final class MatrixRunner {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BARE_MACHINE_MIB = 512;

    private final Matrix matrix;
    private final Setup setup;
    private final MatrixListener listener;
    private final Map<Cell, List<Attempt>> attempts = new LinkedHashMap<>();
    private final AtomicInteger hosts = new AtomicInteger();
    private Optional<Kernel> control = Optional.empty();
    private String noControl = "";

    /**
     * What there is to boot with.
     *
     * @param assets of the Xen hosts; a file that is missing makes the cells that need it {@code ERROR}
     * @param hostsAtOnce how many machines may run at the same time
     * @param sharing whether several guests may share one boot of Xen
     * @param folder where console logs go, below {@code consoles/}
     */
    public record Setup(
            Machine machine, XenHost.Assets assets, Timeouts timeouts, int hostsAtOnce, boolean sharing, Path folder) {}

    private MatrixRunner(Matrix matrix, Setup setup, MatrixListener listener) {
        this.matrix = matrix;
        this.setup = setup;
        this.listener = listener;
        matrix.cells().forEach(cell -> attempts.put(cell, new ArrayList<>()));
    }

    /**
     * Boots every cell of {@code matrix}.
     *
     * @throws IOException if console logs cannot be written; what a cell lacks makes only that cell {@code ERROR}
     * @throws InterruptedException when asked to stop; every machine is off by then
     */
    public static MatrixResult run(Matrix matrix, Setup setup, MatrixListener listener)
            throws IOException, InterruptedException {
        Files.createDirectories(setup.folder().resolve("consoles"));
        MatrixRunner runner = new MatrixRunner(matrix, setup, listener);
        Instant started = Instant.now();
        long begin = System.nanoTime();
        try {
            runner.bootAll();
        } finally {
            FileTrees.delete(setup.folder().resolve("work"));
        }
        List<CellResult> results = matrix.cells().stream().map(runner::result).toList();
        return new MatrixResult(
                matrix.subject().id(),
                runner.control.map(kernel -> kernel.id().release()).orElse(""),
                setup.machine().description(),
                started,
                (System.nanoTime() - begin) / 1e9,
                results);
    }

    private void bootAll() throws IOException, InterruptedException {
        Kernel subject = matrix.subject();
        List<Cell> homeless = execute(plan(matrix.cells(), subject, subject, Attempt.SUBJECT, setup.sharing(), false));
        boolean subjectIsDom0 = homeless.isEmpty();
        if (!homeless.isEmpty()) {
            // The kernel under test cannot be dom0. What it can be as a guest is another question.
            needControl();
            if (control.isPresent()) {
                Kernel dom0 = control.get();
                homeless = execute(plan(homeless, subject, dom0, Attempt.SUBJECT, setup.sharing(), false));
            }
            for (Cell cell : homeless) {
                String why = control.isPresent() ? "the control kernel did not come up as dom0" : noControl;
                record(cell, new Attempt(Attempt.SUBJECT, "", Verdict.ERROR, 0, why, "OFF", "", List.of()));
            }
        }

        List<Cell> failed = cellsWithFailures(1);
        if (!failed.isEmpty()) {
            needControl();
            Kernel dom0 = subjectIsDom0 ? subject : control.orElse(subject);
            homeless = execute(plan(failed, subject, dom0, Attempt.SUBJECT, false, true));
            for (Cell cell : homeless) {
                String why = "the Xen host did not come up for the second look";
                record(cell, new Attempt(Attempt.SUBJECT, "", Verdict.ERROR, 0, why, "OFF", "", List.of()));
            }
        }
        List<Cell> suspects = cellsWithFailures(2);
        if (control.isEmpty()) {
            suspects.forEach(cell -> listener.finished(result(cell)));
        } else if (!suspects.isEmpty()) {
            homeless = execute(plan(suspects, control.get(), control.get(), Attempt.CONTROL, setup.sharing(), false));
            for (Cell cell : homeless) {
                String why = "the control kernel did not come up as dom0";
                record(cell, new Attempt(Attempt.CONTROL, "", Verdict.ERROR, 0, why, "OFF", "", List.of()));
            }
        }
    }

    private void needControl() {
        if (control.isEmpty() && noControl.isEmpty()) {
            try {
                control = Optional.of(matrix.control().get());
            } catch (IOException e) {
                noControl = "there is no control kernel: " + e.getMessage();
            }
        }
    }

    private List<Cell> cellsWithFailures(int count) {
        return matrix.cells().stream()
                .filter(cell -> attempts.get(cell).size() == count
                        && attempts.get(cell).stream().allMatch(attempt -> attempt.verdict() == Verdict.FAIL))
                .toList();
    }

    // ---- planning ----

    /** One machine to turn on, and the cells it serves. */
    private sealed interface Job {
        int weight();

        record Metal(Cell cell, Kernel kernel, String who) implements Job {
            @Override
            public int weight() {
                return HostPlanner.weight(cell.mode());
            }
        }

        record Host(Optional<Cell> dom0Cell, List<Cell> guests, Kernel kernel, Kernel dom0, String who, boolean verbose)
                implements Job {
            @Override
            public int weight() {
                return HostPlanner.weight(Mode.DOM0_PV)
                        + guests.stream()
                                .mapToInt(cell -> HostPlanner.weight(cell.mode()))
                                .sum();
            }
        }
    }

    private List<Job> plan(List<Cell> cells, Kernel kernel, Kernel dom0, String who, boolean sharing, boolean verbose) {
        List<Job> jobs = new ArrayList<>();
        List<Cell> guests = cells.stream().filter(cell -> cell.mode().isGuest()).toList();
        List<List<Cell>> shared =
                HostPlanner.spread(guests, sharing ? setup.hostsAtOnce() : Math.max(1, guests.size()));
        List<Cell> dom0Cells =
                cells.stream().filter(cell -> cell.mode() == Mode.DOM0_PV).toList();
        // The lightest host judges dom0 as well, unless its dom0 is to be another kernel.
        boolean together = sharing && dom0Cells.size() == 1 && !shared.isEmpty() && kernel.equals(dom0);
        for (int i = 0; i < shared.size(); i++) {
            boolean judgesDom0 = together && i == shared.size() - 1;
            jobs.add(new Job.Host(
                    judgesDom0 ? Optional.of(dom0Cells.get(0)) : Optional.empty(),
                    shared.get(i),
                    kernel,
                    dom0,
                    who,
                    verbose));
        }
        for (Cell cell : cells) {
            if (cell.mode() == Mode.METAL) {
                jobs.add(new Job.Metal(cell, kernel, who));
            } else if (cell.mode() == Mode.DOM0_PV && !together) {
                jobs.add(new Job.Host(Optional.of(cell), List.of(), kernel, kernel, who, verbose));
            }
        }
        jobs.sort(Comparator.comparingInt(job -> -job.weight()));
        return jobs;
    }

    // ---- booting ----

    /**
     * Runs all jobs and records an attempt for each of their cells, except for guests that were never made because their
     * host's dom0 did not come up: those are given back.
     */
    private List<Cell> execute(List<Job> jobs) throws IOException, InterruptedException {
        // A bare machine is short and light: beside hosts it fills the gaps in which they wait.
        long bare = jobs.stream().filter(Job.Metal.class::isInstance).count();
        int atOnce = setup.hostsAtOnce() == 1 ? 1 : setup.hostsAtOnce() + (int) bare;
        ExecutorService pool = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<List<Cell>>> running = new ArrayList<>();
            for (Job job : jobs) {
                running.add(pool.submit(() -> job instanceof Job.Host host ? boot(host) : boot((Job.Metal) job)));
            }
            List<Cell> homeless = new ArrayList<>();
            for (Future<List<Cell>> future : running) {
                homeless.addAll(future.get());
            }
            return homeless;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
            awaitEnd(pool);
        }
    }

    /** Waits until every machine of {@code pool} is off, however often this thread is interrupted meanwhile. */
    private static void awaitEnd(ExecutorService pool) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = pool.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Cell> boot(Job.Metal job) throws IOException, InterruptedException {
        Cell cell = job.cell();
        Path work = workFolder();
        BootWatch watch = BootWatch.ofMachine(cell, nonce(), consoleOf(cell, job.who()), this::observe);
        Path initrd = work.resolve("initrd.gz");
        Initramfs.write(
                initrd, job.kernel(), Initramfs.Role.PROVE, setup.assets().busybox());
        DataDisk data = DataDisk.make(work.resolve("data"), watch.nonce());
        String cmdline = ("console=ttyS0,115200 printk.devkmsg=on farm.role=prove farm.end=off farm.nonce="
                        + watch.nonce() + " " + job.kernel().cmdline())
                .strip();
        BootMedia media = new BootMedia(
                job.kernel().image(),
                cmdline,
                initrd,
                Optional.empty(),
                List.of(new BootMedia.Disk(data.image(), false)),
                BARE_MACHINE_MIB);
        MetalBoot.run(setup.machine(), media, watch, setup.timeouts());
        record(watch, job.kernel(), job.who(), "", Optional.of(data.sha256()));
        return List.of();
    }

    private List<Cell> boot(Job.Host job) throws IOException, InterruptedException {
        Path work = workFolder();
        List<BootWatch> guests = new ArrayList<>();
        for (Cell cell : job.guests()) {
            guests.add(BootWatch.ofGuest(cell, nonce(), consoleOf(cell, job.who()), this::observe));
        }
        BootWatch hostWatch = job.dom0Cell()
                .map(cell -> BootWatch.ofMachine(cell, nonce(), consoleOf(cell, job.who()), this::observe))
                .orElseGet(() -> unjudgedHost(job));
        XenHost host = new XenHost(
                setup.assets(), job.dom0(), job.kernel(), hostWatch, guests, job.verbose(), setup.timeouts());
        try {
            host.run(setup.machine(), work);
        } finally {
            for (BootWatch guest : guests) {
                guest.close();
            }
        }

        List<Cell> homeless = new ArrayList<>();
        String dom0 = job.dom0().id().release();
        if (job.dom0Cell().isPresent()) {
            record(hostWatch, job.kernel(), job.who(), "", host.dataDigest(hostWatch.cell()));
        }
        for (BootWatch guest : guests) {
            if (guest.ending().orElseThrow() == Ending.NEVER_MADE) {
                homeless.add(guest.cell());
            } else {
                record(guest, job.kernel(), job.who(), dom0, host.dataDigest(guest.cell()));
            }
        }
        return homeless;
    }

    /** A host that only carries guests: watched all the same, and its console kept under a name of its own. */
    private BootWatch unjudgedHost(Job.Host job) {
        Cell first = job.guests().get(0);
        Cell cell = new Cell(Mode.DOM0_PV, first.hypervisor(), first.firmware(), first.machine(), false);
        Path log;
        do {
            log = setup.folder().resolve("consoles/host-" + hosts.incrementAndGet() + ".log");
        } while (Files.exists(log)); // Of a host of the matrix's part that is kept.
        return BootWatch.ofMachine(cell, nonce(), log, (ignored, state) -> {});
    }

    private void observe(Cell cell, BootState state) {
        listener.reached(cell, attempts.get(cell).size() + 1, state);
    }

    private Path workFolder() throws IOException {
        Path work = setup.folder().resolve("work");
        Files.createDirectories(work);
        return Files.createTempDirectory(work, "host");
    }

    private Path consoleOf(Cell cell, String who) {
        int attempt = attempts.get(cell).size() + 1;
        String suffix = who.equals(Attempt.CONTROL) ? ".control" : attempt == 1 ? "" : "." + attempt;
        return setup.folder().resolve("consoles/" + cell.id() + suffix + ".log");
    }

    private static String nonce() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    // ---- verdicts ----

    private void record(BootWatch watch, Kernel kernel, String who, String dom0, Optional<String> sha256) {
        Judge.Judgement judgement = Judge.judge(watch, kernel.id().release(), sha256);
        record(
                watch.cell(),
                new Attempt(
                        who,
                        dom0,
                        judgement.verdict(),
                        watch.seconds(),
                        judgement.reason(),
                        watch.state().name(),
                        "consoles/" + watch.log().getFileName(),
                        judgement.checks()));
    }

    private void record(Cell cell, Attempt attempt) {
        synchronized (attempts) {
            attempts.get(cell).add(attempt);
        }
        listener.attempted(cell, attempt);
        if (attempt.verdict() != Verdict.FAIL || attempt.kernel().equals(Attempt.CONTROL)) {
            listener.finished(result(cell));
        }
    }

    private CellResult result(Cell cell) {
        List<Attempt> all;
        synchronized (attempts) {
            all = List.copyOf(attempts.get(cell));
        }
        String sha256 = matrix.subject().id().imageSha256();
        if (all.isEmpty()) {
            return new CellResult(cell, Verdict.MISS, false, "it never ran", 0, sha256, "", List.of(), all);
        }
        List<Attempt> own = all.stream()
                .filter(attempt -> attempt.kernel().equals(Attempt.SUBJECT))
                .toList();
        Attempt last = own.get(own.size() - 1);
        Verdict verdict = last.verdict();
        String reason = last.reason();
        if (verdict == Verdict.FAIL) {
            Optional<Attempt> reference = all.stream()
                    .filter(attempt -> attempt.kernel().equals(Attempt.CONTROL))
                    .findFirst();
            if (reference.isEmpty()) {
                verdict = Verdict.ERROR;
                reason = reason + "; nobody can say whose fault it is, for "
                        + (noControl.isEmpty() ? "the control kernel was not booted" : noControl);
            } else if (reference.get().verdict() != Verdict.PASS) {
                verdict = Verdict.ERROR;
                reason = reason + "; but the control kernel failed here as well: "
                        + reference.get().reason();
            }
        }
        boolean flaky = verdict == Verdict.PASS && own.size() > 1;
        return new CellResult(cell, verdict, flaky, reason, last.seconds(), sha256, last.console(), last.checks(), all);
    }
}
