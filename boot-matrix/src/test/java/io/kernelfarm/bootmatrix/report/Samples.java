package io.kernelfarm.bootmatrix.report;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Results as matrices bring them, for the tests of all reports. */
public final class Samples {

    public static final String IMAGE = Digest.sha256("the image of 6.1.192-farm1");
    public static final String XEN = "xen-4.17";
    public static final String CONTROL = "6.1.0-56-amd64";
    public static final Instant STARTED = Instant.parse("2026-11-22T18:04:05Z");

    /** What a console must not do to a reader: markup, colours, a window title, a carriage return, a turned direction. */
    public static final String HOSTILE =
            "</code><script>alert(1)</script>\u001B[31m red \u001B[0m\u001B]0;title\u0007 \u0000\u009B \u202Egnp.exe ]]> & \"'";

    private static final int CONSOLE_LINES = 260;

    private Samples() {}

    public static MatrixResult allPass() {
        return matrix(
                "6.1.192-farm1",
                "",
                List.of(
                        pass(Mode.METAL, 6.4),
                        pass(Mode.DOM0_PV, 14.2),
                        pass(Mode.PV, 9.8),
                        pass(Mode.PVH, 17.3),
                        pass(Mode.HVM, 40.1),
                        pass(Mode.PVHVM, 43.6)));
    }

    /** One kernel fault, confirmed by the control kernel. */
    public static MatrixResult oneFails() {
        return matrix(
                "6.1.191-farm4",
                CONTROL,
                List.of(
                        pass(Mode.METAL, 6.1),
                        pass(Mode.DOM0_PV, 14.0),
                        pass(Mode.PV, 9.9),
                        pass(Mode.PVH, 16.8),
                        pass(Mode.HVM, 41.0),
                        failedPvhvm()));
    }

    /** All that can happen to a cell at once. */
    public static MatrixResult troubled() {
        Cell uefi = new Cell(Mode.METAL, "none", "uefi", "qemu", false);
        return matrix(
                "6.1.190-farm2",
                CONTROL,
                List.of(
                        pass(Mode.METAL, 6.2),
                        skipped(uefi, "The emulator on this machine has no UEFI firmware."),
                        pass(Mode.DOM0_PV, 13.9),
                        flakyPv(),
                        missing(Mode.PVH, "The run was stopped before the cell's turn came."),
                        emulatorDied(),
                        failedPvhvm()));
    }

    /** A matrix whose every text wants to be markup. */
    public static MatrixResult hostile() {
        Cell cell = new Cell(Mode.HVM, XEN, "bios", "qemu", true);
        CheckResult check =
                new CheckResult("mode-proof", Verdict.FAIL, 0.1, "Found " + HOSTILE, List.of(new Evidence(3, HOSTILE)));
        Attempt attempt = new Attempt(
                Attempt.SUBJECT, HOSTILE, Verdict.FAIL, 12.0, HOSTILE, HOSTILE, console(cell, 1), List.of(check));
        return new MatrixResult(
                new KernelId(HOSTILE, IMAGE, HOSTILE),
                HOSTILE,
                HOSTILE,
                STARTED,
                12.0,
                List.of(new CellResult(
                        cell,
                        Verdict.FAIL,
                        false,
                        HOSTILE,
                        12.0,
                        IMAGE,
                        console(cell, 1),
                        List.of(check),
                        List.of(attempt))));
    }

    /** One cell whose kernel panics in a given line of its console. */
    public static MatrixResult panicAt(int line, String text) {
        Cell cell = cell(Mode.PV);
        String reason = "The kernel panicked before user space.";
        List<CheckResult> checks =
                List.of(new CheckResult("no-panic", Verdict.FAIL, 0.0, reason, List.of(new Evidence(line, text))));
        Attempt attempt =
                new Attempt(Attempt.SUBJECT, CONTROL, Verdict.FAIL, 9.0, reason, "KERNEL", console(cell, 1), checks);
        return matrix(
                "6.1.189-farm1",
                CONTROL,
                List.of(new CellResult(
                        cell, Verdict.FAIL, false, reason, 9.0, IMAGE, console(cell, 1), checks, List.of(attempt))));
    }

    public static MatrixResult empty() {
        return matrix("6.1.192-farm1", "", List.of());
    }

    public static MatrixResult matrix(String release, String control, List<CellResult> cells) {
        return new MatrixResult(
                new KernelId(release, IMAGE, "debian:linux-source-6.1=6.1.192-2"),
                control,
                "QEMU emulator version 7.2.22",
                STARTED,
                92.4,
                cells);
    }

    public static DashboardRun run(String id, Path root, MatrixResult result) throws IOException {
        Path folder = root.resolve("runs").resolve(id);
        Path boot = folder.resolve("boot");
        writeConsoles(boot, result);
        MatrixJson.write(result, boot.resolve(MatrixJson.FILE_NAME));
        JunitXml.write(result, boot.resolve(JunitXml.FILE_NAME));
        String release = result.kernel().release();
        return new DashboardRun(
                id,
                boot,
                result.started().minusSeconds(900),
                Optional.of(result),
                "",
                List.of(
                        new DashboardRun.PackageFile(
                                folder.resolve("packages/linux-image-" + id + "_6.1.192-1_amd64.deb"),
                                12_345_678,
                                Digest.sha256("deb"),
                                Optional.empty()),
                        new DashboardRun.PackageFile(
                                folder.resolve("packages/kernel-core-" + id + ".x86_64.rpm"),
                                11_987_654,
                                Digest.sha256("rpm"),
                                Optional.empty())),
                List.of(
                        new DashboardRun.Snippet(
                                "Debian, Ubuntu (apt)",
                                "curl -fsS http://127.0.0.1:8600/kernel-farm-testing.sources |\n"
                                        + "  sudo tee /etc/apt/sources.list.d/kernel-farm-testing.sources\n"
                                        + "sudo apt update && sudo apt install linux-image-" + release),
                        new DashboardRun.Snippet(
                                "Fedora, RHEL (dnf)",
                                "curl -fsS http://127.0.0.1:8600/kernel-farm-testing.repo |\n"
                                        + "  sudo tee /etc/yum.repos.d/kernel-farm-testing.repo\n"
                                        + "sudo dnf install kernel-core-" + release)),
                List.of(
                        new DashboardRun.StageTime("source", 3.2),
                        new DashboardRun.StageTime("configure", 4.9),
                        new DashboardRun.StageTime("compile", 612.3),
                        new DashboardRun.StageTime("package", 21.8),
                        new DashboardRun.StageTime("publish", 1.4),
                        new DashboardRun.StageTime("boot", result.seconds()),
                        new DashboardRun.StageTime("report", 0.6)),
                Optional.of(provenance(root.resolve("repository/provenance").resolve(id), result)),
                result.verdict() == Verdict.PASS ? List.of("testing", "stable") : List.of("testing"),
                List.of(
                        new DashboardRun.Promotion(
                                STARTED.plusSeconds(60),
                                "promoted to stable",
                                "ada@" + release,
                                "6 passed cells",
                                Digest.sha256("matrix")),
                        new DashboardRun.Promotion(
                                STARTED.plusSeconds(90),
                                "taken out of stable",
                                "ada@build-7",
                                "undoes the promotion",
                                Digest.sha256("matrix"))),
                Optional.of(build(folder.resolve("config"), result)));
    }

    private static DashboardRun.Build build(Path folder, MatrixResult result) throws IOException {
        Files.createDirectories(folder);
        return new DashboardRun.Build(
                result.kernel().release(),
                result.kernel().source(),
                "quick",
                "gcc (Debian 12.2.0-14+deb12u1) 12.2.0",
                "GNU ld (GNU Binutils for Debian) 2.40",
                598.7,
                2980,
                120,
                Files.writeString(folder.resolve("config"), "CONFIG_XEN=y\n"),
                () -> List.of(
                        new DashboardRun.Option("64BIT", "y", "core.config:3 asks for it"),
                        new DashboardRun.Option("HZ", "250", ""),
                        new DashboardRun.Option("LOCALVERSION", "\"-farm1\"", "the spec asks for it"),
                        new DashboardRun.Option("MODULE_SIG", "n", "core.config:77 asks for n"),
                        new DashboardRun.Option("XEN", "y", "xen-guest.config:4 asks for it")));
    }

    private static DashboardRun.Provenance provenance(Path folder, MatrixResult result) throws IOException {
        Files.createDirectories(folder);
        return new DashboardRun.Provenance(
                result.kernel().source(),
                Digest.sha256("source"),
                Digest.sha256("configuration"),
                "kernel-farm 0.1.0",
                "0123456789ABCDEF0123456789ABCDEF01234567",
                List.of(
                        Files.writeString(folder.resolve("provenance.intoto.jsonl"), "{}"),
                        Files.writeString(folder.resolve("sbom.cdx.json"), "{}"),
                        Files.writeString(folder.resolve("sbom.cdx.json.asc"), "signature")));
    }

    private static CellResult pass(Mode mode, double seconds) {
        Cell cell = cell(mode);
        List<CheckResult> checks = passing(mode);
        Attempt attempt =
                new Attempt(Attempt.SUBJECT, dom0(cell), Verdict.PASS, seconds, "", "READY", console(cell, 1), checks);
        return new CellResult(
                cell, Verdict.PASS, false, "", seconds, IMAGE, console(cell, 1), checks, List.of(attempt));
    }

    private static CellResult flakyPv() {
        Cell cell = cell(Mode.PV);
        String reason = "No line came from the console for 30 s; the last state reached was KERNEL.";
        return new CellResult(
                cell,
                Verdict.PASS,
                true,
                "",
                10.1,
                IMAGE,
                console(cell, 2),
                passing(Mode.PV),
                List.of(
                        new Attempt(
                                Attempt.SUBJECT,
                                "6.1.190-farm2",
                                Verdict.FAIL,
                                38.0,
                                reason,
                                "KERNEL",
                                console(cell, 1),
                                List.of()),
                        new Attempt(
                                Attempt.SUBJECT,
                                "6.1.190-farm2",
                                Verdict.PASS,
                                10.1,
                                "",
                                "READY",
                                console(cell, 2),
                                passing(Mode.PV))));
    }

    private static CellResult failedPvhvm() {
        Cell cell = cell(Mode.PVHVM);
        String reason = "The kernel came up as plain HVM: it found no Xen platform to take PV drivers from.";
        List<CheckResult> wrong = List.of(
                new CheckResult(
                        "mode-proof",
                        Verdict.FAIL,
                        0.1,
                        reason,
                        List.of(
                                new Evidence(118, "[    0.000000] Booting paravirtualized kernel on bare hardware"),
                                new Evidence(0, "/sys/hypervisor/guest_type is absent"))),
                new CheckResult(
                        "block", Verdict.MISS, 0.0, "The mode was not proved, so its disk was not tried.", List.of()));
        return new CellResult(
                cell,
                Verdict.FAIL,
                false,
                reason,
                44.2,
                IMAGE,
                console(cell, 2),
                wrong,
                List.of(
                        new Attempt(
                                Attempt.SUBJECT,
                                CONTROL,
                                Verdict.FAIL,
                                45.0,
                                reason,
                                "USERSPACE",
                                console(cell, 1),
                                wrong),
                        new Attempt(
                                Attempt.SUBJECT,
                                CONTROL,
                                Verdict.FAIL,
                                44.2,
                                reason,
                                "USERSPACE",
                                console(cell, 2),
                                wrong),
                        new Attempt(
                                Attempt.CONTROL,
                                CONTROL,
                                Verdict.PASS,
                                47.9,
                                "",
                                "READY",
                                console(cell, 3),
                                passing(Mode.PVHVM))));
    }

    private static CellResult emulatorDied() {
        Cell cell = cell(Mode.HVM);
        String reason = "The emulator ended by signal 9 in state HYPERVISOR, before the kernel's first line.";
        Attempt attempt =
                new Attempt(Attempt.SUBJECT, "", Verdict.ERROR, 7.3, reason, "HYPERVISOR", console(cell, 1), List.of());
        return new CellResult(
                cell, Verdict.ERROR, false, reason, 7.3, IMAGE, console(cell, 1), List.of(), List.of(attempt));
    }

    private static CellResult missing(Mode mode, String reason) {
        return new CellResult(cell(mode), Verdict.MISS, false, reason, 0, "", "", List.of(), List.of());
    }

    private static CellResult skipped(Cell cell, String reason) {
        return new CellResult(cell, Verdict.SKIP, false, reason, 0, "", "", List.of(), List.of());
    }

    private static List<CheckResult> passing(Mode mode) {
        String banner =
                switch (mode) {
                    case METAL, HVM -> "Booting paravirtualized kernel on bare hardware";
                    case DOM0_PV, PV -> "Booting kernel on Xen";
                    case DOM0_PVH, PVH -> "Booting kernel on Xen PVH";
                    case PVHVM -> "Booting paravirtualized kernel on Xen HVM";
                };
        String type =
                switch (mode) {
                    case METAL, HVM -> "/sys/hypervisor/guest_type is absent";
                    case DOM0_PV, PV -> "/sys/hypervisor/guest_type: PV";
                    case DOM0_PVH, PVH -> "/sys/hypervisor/guest_type: PVH";
                    case PVHVM -> "/sys/hypervisor/guest_type: HVM";
                };
        String disk = mode.isGuest() && mode != Mode.HVM ? "xvda" : "sda";
        return List.of(
                new CheckResult(
                        "mode-proof",
                        Verdict.PASS,
                        0.1,
                        "",
                        List.of(new Evidence(118, "[    0.000000] " + banner), new Evidence(0, type))),
                new CheckResult(
                        "block",
                        Verdict.PASS,
                        0.4,
                        "",
                        List.of(new Evidence(231, "farm: " + disk + " holds what was written to it"))));
    }

    private static Cell cell(Mode mode) {
        return new Cell(mode, mode == Mode.METAL ? "none" : XEN, "bios", "qemu", true);
    }

    private static String dom0(Cell cell) {
        return cell.mode().isGuest() ? "6.1.192-farm1" : "";
    }

    private static String console(Cell cell, int attempt) {
        return "consoles/" + cell.id() + (attempt == 1 ? "" : "-" + attempt) + ".log";
    }

    /** Consoles in which the evidence stands in the lines that it names. */
    private static void writeConsoles(Path boot, MatrixResult result) throws IOException {
        for (CellResult cell : result.cells()) {
            for (Attempt attempt : cell.attempts()) {
                if (attempt.console().isEmpty()) {
                    continue;
                }
                List<Evidence> evidence = attempt.checks().stream()
                        .flatMap(check -> check.evidence().stream())
                        .filter(line -> line.line() > 0)
                        .toList();
                int last = evidence.stream().mapToInt(Evidence::line).max().orElse(0);
                List<String> lines = new ArrayList<>();
                for (int i = 1; i <= CONSOLE_LINES * (1 + last / CONSOLE_LINES); i++) {
                    lines.add(String.format(
                            "[%5d.%06d] pci 0000:00:%02x.0: reg 0x10: [mem 0xfe000000-0xfe000fff]",
                            i / 60, i * 7919 % 1_000_000, i % 32));
                }
                lines.set(0, "\u001B[2J\u001B[1;1HSeaBIOS (version 1.16.2)");
                lines.set(40, HOSTILE);
                evidence.forEach(line -> lines.set(line.line() - 1, line.text()));
                Path log = boot.resolve(attempt.console());
                Files.createDirectories(log.getParent());
                Files.writeString(log, String.join("\r\n", lines) + "\r\n");
            }
        }
    }
}
