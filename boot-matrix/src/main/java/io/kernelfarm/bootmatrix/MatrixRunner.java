package io.kernelfarm.bootmatrix;

import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.Ending;
import io.kernelfarm.bootmatrix.boot.MetalBoot;
import io.kernelfarm.bootmatrix.boot.Timeouts;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.Processor;
import io.kernelfarm.bootmatrix.verdict.Judge;
import io.kernelfarm.bootmatrix.xen.DataDisk;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    private final AtomicInteger guestsServed = new AtomicInteger();
    private Optional<Kernel> control = Optional.empty();
    private String noControl = "";

    /** Gives machines. */
    @FunctionalInterface
    public interface Machines {
        /** The machine that {@code cell} boots on; the same for each cell that names the same one. */
        Machine of(Cell cell);
    }

    /** Gives the files of Xen hosts. */
    @FunctionalInterface
    public interface Hypervisors {
        /**
         * The files of the host that {@code cell} boots on.
         *
         * @throws IOException with one sentence on why there are none
         */
        XenHost.Assets of(Cell cell) throws IOException;
    }

    /**
     * What there is to boot with.
     *
     * @param machines what cells boot on
     * @param hypervisors a hypervisor that cannot be had makes the cells that need it {@code ERROR}, and no others
     * @param busybox a statically linked busybox
     * @param hostsAtOnce how many emulated machines may run at the same time; of others each boots one thing after another
     * @param sharing whether several guests may share one boot of Xen
     * @param checks what is asked inside cells
     * @param folder where console logs go, below {@code consoles/}
     */
    public record Setup(
            Machines machines,
            Hypervisors hypervisors,
            Path busybox,
            Timeouts timeouts,
            int hostsAtOnce,
            boolean sharing,
            CheckPlan checks,
            Path folder) {}

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
        List<CellResult> results = new ArrayList<>();
        matrix.cells().forEach(cell -> results.add(runner.result(cell)));
        matrix.excluded().forEach((cell, reason) -> results.add(runner.skipped(cell, reason)));
        return new MatrixResult(
                matrix.subject().id(),
                runner.control.map(kernel -> kernel.id().release()).orElse(""),
                matrix.cells().stream()
                        .map(cell -> setup.machines().of(cell).description())
                        .distinct()
                        .collect(Collectors.joining("; ")),
                started,
                (System.nanoTime() - begin) / 1e9,
                results);
    }

    private void bootAll() throws IOException, InterruptedException {
        Kernel subject = matrix.subject();
        matrix.excluded().forEach((cell, reason) -> listener.finished(skipped(cell, reason)));
        List<Cell> homeless =
                execute(plan(possible(), subject, place -> subject, Attempt.SUBJECT, setup.sharing(), false));
        Set<Place> foreign = homeless.stream().map(Place::of).collect(Collectors.toSet());
        if (!homeless.isEmpty()) {
            // The kernel under test cannot be dom0. What it can be as a guest is another question.
            needControl();
            if (control.isPresent()) {
                Kernel dom0 = control.get();
                homeless = execute(plan(homeless, subject, place -> dom0, Attempt.SUBJECT, setup.sharing(), false));
            }
            for (Cell cell : homeless) {
                error(
                        cell,
                        Attempt.SUBJECT,
                        control.isPresent() ? "the control kernel did not come up as dom0" : noControl);
            }
        }

        List<Cell> failed = cellsWithFailures(1);
        if (!failed.isEmpty()) {
            needControl();
            Function<Place, Kernel> dom0 = place -> foreign.contains(place) ? control.orElse(subject) : subject;
            for (Cell cell : execute(plan(failed, subject, dom0, Attempt.SUBJECT, false, true))) {
                error(cell, Attempt.SUBJECT, "the Xen host did not come up for the second look");
            }
        }
        List<Cell> suspects = cellsWithFailures(2);
        if (control.isEmpty()) {
            suspects.forEach(cell -> listener.finished(result(cell)));
        } else if (!suspects.isEmpty()) {
            Kernel reference = control.get();
            for (Cell cell :
                    execute(plan(suspects, reference, place -> reference, Attempt.CONTROL, setup.sharing(), false))) {
                error(cell, Attempt.CONTROL, "the control kernel did not come up as dom0");
            }
        }
    }

    /** The cells that there is a machine and a hypervisor for; the others get their verdict. */
    private List<Cell> possible() {
        List<Cell> cells = new ArrayList<>();
        for (Cell cell : matrix.cells()) {
            Machine machine = setup.machines().of(cell);
            Optional<String> obstacle = machine.obstacle(cell);
            if (obstacle.isEmpty()
                    && cell.mode() != Mode.METAL
                    && machine.standing().isEmpty()) {
                try {
                    setup.hypervisors().of(cell);
                } catch (IOException e) {
                    obstacle = Optional.of(e.getMessage());
                }
            }
            if (obstacle.isPresent()) {
                error(cell, Attempt.SUBJECT, obstacle.get());
            } else {
                cells.add(cell);
            }
        }
        return cells;
    }

    private void error(Cell cell, String who, String why) {
        record(cell, new Attempt(who, "", Verdict.ERROR, 0, why, "OFF", "", List.of()));
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

    /** What cells have to have in common to share a boot of Xen. */
    private record Place(String machine, String hypervisor, String firmware) {
        static Place of(Cell cell) {
            return new Place(cell.machine(), cell.hypervisor(), cell.firmware());
        }
    }

    /** One machine to turn on, and the cells it serves. */
    private sealed interface Job {

        /** One of its cells; all are of the same machine. */
        Cell anyCell();

        record Metal(Cell cell, Kernel kernel, String who) implements Job {
            @Override
            public Cell anyCell() {
                return cell;
            }
        }

        record Host(Optional<Cell> dom0Cell, List<Cell> guests, Kernel kernel, Kernel dom0, String who, boolean verbose)
                implements Job {

            static Host of(List<Cell> cells, Kernel kernel, Kernel dom0, String who, boolean verbose) {
                return new Host(
                        cells.stream().filter(cell -> cell.mode().isDom0()).findFirst(),
                        cells.stream().filter(cell -> cell.mode().isGuest()).toList(),
                        kernel,
                        dom0,
                        who,
                        verbose);
            }

            @Override
            public Cell anyCell() {
                return dom0Cell.orElseGet(() -> guests.get(0));
            }
        }
    }

    private List<Job> plan(
            List<Cell> cells,
            Kernel kernel,
            Function<Place, Kernel> dom0,
            String who,
            boolean sharing,
            boolean verbose) {
        // A cell that is a dom0 itself needs no other.
        Function<Cell, Kernel> dom0Of = cell -> cell.mode().isDom0() ? kernel : dom0.apply(Place.of(cell));
        List<Cell> onXen =
                cells.stream().filter(cell -> cell.mode() != Mode.METAL).toList();
        List<List<Cell>> hosts = sharing
                ? HostPlanner.hosts(
                        onXen,
                        // A dom0 of another kind than guests have is another boot of Xen.
                        cell -> dom0Of.apply(cell).id().release()
                                + (cell.mode().isDom0() && !bearsGuests(cell) ? " as " + cell.mode() : ""),
                        this::atOnce)
                : apart(onXen, cell -> dom0Of.apply(cell).equals(kernel), this::bearsGuests);
        List<Job> jobs = new ArrayList<>();
        for (List<Cell> host : hosts) {
            for (List<Cell> part : withinMemory(host)) {
                jobs.add(Job.Host.of(part, kernel, dom0Of.apply(part.get(0)), who, verbose));
            }
        }
        cells.stream()
                .filter(cell -> cell.mode() == Mode.METAL)
                .forEach(cell -> jobs.add(new Job.Metal(cell, kernel, who)));
        return jobs;
    }

    /** Whether {@code cell} is a dom0 of the kind that guests have. */
    private boolean bearsGuests(Cell cell) {
        return cell.mode() == setup.machines().of(cell).processor().dom0();
    }

    /**
     * A host for each guest of {@code cells}. A dom0 that may bear guests is looked at again with the lightest guest that failed on it: without one, a
     * dom0 that cannot bear guests would pass.
     *
     * @param own whether the dom0 of a cell runs the kernel of the cell
     * @param bearing whether a cell is a dom0 that may bear guests
     */
    private static List<List<Cell>> apart(List<Cell> cells, Predicate<Cell> own, Predicate<Cell> bearing) {
        List<List<Cell>> hosts = new ArrayList<>();
        cells.stream()
                .filter(cell -> cell.mode().isGuest())
                .sorted(Comparator.comparingInt(cell -> -HostPlanner.weight(cell.mode())))
                .forEach(guest -> hosts.add(new ArrayList<>(List.of(guest))));
        for (Cell cell : cells) {
            if (cell.mode().isDom0()) {
                hosts.stream()
                        .filter(host -> bearing.test(cell)
                                && host.get(0).mode().isGuest()
                                && Place.of(host.get(0)).equals(Place.of(cell))
                                && own.test(host.get(0)))
                        .reduce((first, last) -> last)
                        .ifPresentOrElse(host -> host.add(cell), () -> hosts.add(List.of(cell)));
            }
        }
        return hosts;
    }

    /** How many boots of {@code machine}, as cells name it, may run at the same time. */
    private int atOnce(String machine) {
        boolean remote = matrix.cells().stream()
                .filter(cell -> cell.machine().equals(machine))
                .anyMatch(cell -> setup.machines().of(cell).isRemote());
        return remote ? 1 : setup.hostsAtOnce();
    }

    /** Parts {@code host}'s cells so that each part has its guests' memory, on a machine where guests may not have all there is. */
    private List<List<Cell>> withinMemory(List<Cell> host) {
        int most = setup.machines().of(host.get(0)).guestsMib();
        List<List<Cell>> parts = new ArrayList<>();
        int taken = most;
        for (Cell cell : host) {
            // A guest that moves to its own host is there twice.
            int needed = XenHost.guestMib() * (setup.checks().asks(cell.mode(), "migrate") ? 2 : 1);
            if (taken > most - needed) {
                parts.add(new ArrayList<>());
                taken = 0;
            }
            parts.get(parts.size() - 1).add(cell);
            taken += needed;
        }
        return parts;
    }

    // ---- booting ----

    /**
     * Runs all jobs and records an attempt for each of their cells, except for guests that were never made because their
     * host's dom0 did not come up: those are given back.
     */
    private List<Cell> execute(List<Job> jobs) throws IOException, InterruptedException {
        Map<String, ExecutorService> lanes = new LinkedHashMap<>();
        try {
            List<Future<List<Cell>>> running = new ArrayList<>();
            for (Job job : jobs) {
                String machine = job.anyCell().machine();
                int atOnce = atOnce(machine);
                // A bare boot is short and light: beside emulated hosts it fills the gaps in which they wait.
                boolean beside = job instanceof Job.Metal && atOnce > 1;
                running.add(lanes.computeIfAbsent(
                                beside ? machine + " bare" : machine,
                                lane -> Executors.newFixedThreadPool(beside ? 1 : atOnce))
                        .submit(() -> job instanceof Job.Host host ? boot(host) : boot((Job.Metal) job)));
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
            lanes.values().forEach(ExecutorService::shutdownNow);
            lanes.values().forEach(MatrixRunner::awaitEnd);
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
        Initramfs.write(initrd, job.kernel(), Initramfs.Role.PROVE, setup.busybox());
        DataDisk data = DataDisk.make(work.resolve("data"), watch.nonce());
        String cmdline = String.join(
                        " ",
                        setup.machines().of(cell).console().linux(),
                        "printk.devkmsg=on farm.role=prove farm.end=off farm.nonce=" + watch.nonce(),
                        setup.checks().cmdline(cell.mode()),
                        job.kernel().cmdline())
                .strip();
        BootMedia media = new BootMedia(
                job.kernel().image(),
                cmdline,
                initrd,
                Optional.empty(),
                List.of(new BootMedia.Disk(data.image(), false)),
                BARE_MACHINE_MIB,
                new BootMedia.Platform(cell.isUefi(), false));
        Timeouts timeouts =
                timeouts(job.who()).plus(Duration.ZERO, setup.checks().patience(cell.mode()));
        try (watch) {
            MetalBoot.run(setup.machines().of(cell), media, watch, timeouts);
        }
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
        Machine machine = setup.machines().of(hostWatch.cell());
        boolean judged = job.dom0Cell().isPresent();
        List<BootWatch> all = new ArrayList<>(guests);
        if (judged && wantsGuest(job)) {
            all.add(servedGuest(hostWatch.cell(), machine.processor()));
        }
        XenHost host = new XenHost(
                machine.standing().isPresent()
                        ? Optional.empty()
                        : Optional.of(setup.hypervisors().of(hostWatch.cell())),
                setup.busybox(),
                job.dom0(),
                // Whom dom0 serves when nobody else is there is known to be good, where that is to be had.
                guests.isEmpty() ? control.orElse(job.kernel()) : job.kernel(),
                hostWatch,
                all,
                job.verbose(),
                timeouts(hostWatch.cell(), job),
                // What nobody judges is not asked.
                judged
                        ? setup.checks()
                        : setup.checks().with(Map.of(hostWatch.cell().mode(), List.of())));
        try {
            host.run(machine, work);
        } finally {
            for (BootWatch guest : all) {
                guest.close();
            }
            hostWatch.close();
        }

        List<Cell> homeless = new ArrayList<>();
        String dom0 = host.dom0Release();
        if (judged) {
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

    /** Whether dom0 is asked what it does for guests, and has none that would show it. */
    private boolean wantsGuest(Job.Host job) {
        return setup.checks().wantsGuest(job.dom0Cell().orElseThrow().mode())
                && job.guests().stream().noneMatch(cell -> setup.checks().showsBackends(cell.mode()));
    }

    private BootWatch servedGuest(Cell dom0, Processor processor) throws IOException {
        Path log = freshLog("guest-", guestsServed);
        return BootWatch.ofGuest(XenHost.servedBy(dom0, processor), nonce(), log, (ignored, state) -> {});
    }

    /** A console's name that no other boot has. */
    private Path freshLog(String name, AtomicInteger number) {
        Path log;
        do {
            log = setup.folder().resolve("consoles/" + name + number.incrementAndGet() + ".log");
        } while (Files.exists(log)); // Of a boot of the matrix's part that is kept.
        return log;
    }

    private Timeouts timeouts(String who) {
        return who.equals(Attempt.CONTROL) ? setup.timeouts().forControl() : setup.timeouts();
    }

    private Timeouts timeouts(Cell host, Job.Host job) {
        Duration longest = job.guests().stream()
                .map(cell -> setup.checks().patience(cell.mode()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return timeouts(job.who())
                .forGuests(job.guests().size())
                .plus(setup.checks().patience(host.mode()), longest);
    }

    /** A host that only carries guests: watched all the same, and its console kept under a name of its own. */
    private BootWatch unjudgedHost(Job.Host job) {
        Cell first = job.guests().get(0);
        Mode mode = setup.machines().of(first).processor().dom0();
        Cell cell = new Cell(mode, first.hypervisor(), first.firmware(), first.machine(), false);
        return BootWatch.ofMachine(cell, nonce(), freshLog("host-", hosts), (ignored, state) -> {});
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
        Judge.Judgement judgement = Judge.judge(
                watch,
                setup.machines().of(watch.cell()).processor(),
                kernel.id().release(),
                sha256,
                setup.checks());
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

    private CellResult skipped(Cell cell, String reason) {
        return new CellResult(
                cell, Verdict.SKIP, false, reason, 0, matrix.subject().id().imageSha256(), "", List.of(), List.of());
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
